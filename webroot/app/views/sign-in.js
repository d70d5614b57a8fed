import { h, text } from '../dom.js';

export function signInView(root, app) {
  const { session } = app;
  const local = session.config?.signIn.kind === 'local';
  const fault = h('p', { class: 'fault', role: 'alert' }, app.reason ?? '');
  app.reason = '';
  const enter = (scopes) => async (e) => {
    e.currentTarget.disabled = true;
    try {
      await session.signIn(scopes);
    } catch (refused) {
      text(fault, refused.message);
    }
    e.target.disabled = false;
  };
  root.append(h('div', { class: 'sign-in' },
    h('h1', {}, 'Every ride, as it happens'),
    h('p', {}, local ? 'This gateway runs on a development machine: no account is needed.' : 'Sign in with your staff account to see the rides.'),
    h('button', { type: 'button', class: 'primary', id: 'enter', onclick: enter(null) }, local ? 'Enter with a development token' : 'Sign in'),
    local && h('button', { type: 'button', class: 'link', id: 'enter-nameless', onclick: enter(['rides:read']) }, 'Enter without the right to see names'),
    fault));
  return {};
}
