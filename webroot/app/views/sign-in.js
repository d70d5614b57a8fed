import { h, text } from '../dom.js';

const WELCOME = {
  local: 'This gateway runs on a development machine: no account is needed.',
  oidc: 'Sign in with your staff account to see the rides.',
  none: 'Nobody can sign in here yet: this gateway knows no identity provider. Its operator names one with the settings live.sign-in.*.',
};

export function signInView(root, app) {
  const { session } = app;
  const kind = session.config?.signIn.kind;
  const local = kind === 'local';
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
    h('p', {}, WELCOME[kind]),
    kind !== 'none' && h('button', { type: 'button', class: 'primary', id: 'enter', onclick: enter(null) }, local ? 'Enter with a development token' : 'Sign in'),
    local && h('button', { type: 'button', class: 'link', id: 'enter-nameless', onclick: enter(['rides:read']) }, 'Enter without the right to see names'),
    fault));
  return {};
}
