import { h, text } from '../dom.js';

const WELCOME = {
  local: 'Development gateway: no account is required.',
  oidc: 'Sign in with your staff account.',
  none: 'Sign-in is not configured. Set live.sign-in.client-id, live.sign-in.authorization-url and live.sign-in.token-url.',
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
  root.append(
    h(
      'div',
      { class: 'sign-in' },
      h('h1', {}, 'Every ride, live'),
      h('p', {}, WELCOME[kind]),
      kind !== 'none' &&
        h(
          'button',
          { type: 'button', class: 'primary', id: 'enter', onclick: enter(null) },
          local ? 'Sign in with a development token' : 'Sign in',
        ),
      local &&
        h(
          'button',
          { type: 'button', class: 'link', id: 'enter-nameless', onclick: enter(['rides:read']) },
          'Sign in without access to names',
        ),
      fault,
    ),
  );
  return {};
}
