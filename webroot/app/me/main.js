import { empty, h, text } from '../dom.js';
import { ZONE } from '../filters.js';
import { Session } from '../session.js';
import { setUpTheme } from '../theme.js';
import { OwnPage } from './page.js';

const RETRY_MS = 3_000;
const WELCOME = {
  local: 'Development gateway: enter the number of any rider, no account is required.',
  oidc: 'Sign in with your rider’s account.',
  none: 'Sign-in is not configured. Set live.sign-in.client-id.',
};

const byId = (id) => document.getElementById(id);
const session = new Session({ kept: 'deloton.rider-session', forRiders: true });
let page = null;
let reason = '';

function signIn(root) {
  const kind = session.config.signIn.kind;
  const fault = h('p', { class: 'fault', role: 'alert' }, reason);
  reason = '';
  const asked = new URLSearchParams(location.search).get('rider') ?? '';
  const rider = h('input', { type: 'number', id: 'rider', min: '1', step: '1', required: true, class: 'short', value: asked });
  const button = h('button', { class: 'primary', id: 'enter' }, 'Sign in');
  root.append(
    h(
      'form',
      {
        class: 'sign-in',
        onsubmit: async (e) => {
          e.preventDefault();
          button.disabled = true;
          try {
            await session.signIn(['self'], kind === 'local' ? Number(rider.value) : null);
          } catch (refused) {
            text(fault, refused.message);
          }
          button.disabled = false;
        },
      },
      h('h1', {}, 'Your rides'),
      h('p', {}, WELCOME[kind]),
      kind === 'local' && h('label', { class: 'field', for: 'rider' }, 'Rider number', rider),
      kind !== 'none' && button,
      fault,
    ),
  );
}

function show() {
  page?.close();
  page = null;
  const root = byId('main');
  root.replaceChildren();
  byId('sign-out').hidden = !session.signedIn;
  if (session.signedIn) page = new OwnPage(root, session);
  else signIn(root);
}

byId('sign-out').addEventListener('click', () => session.signOut());
setUpTheme(byId('theme'), () => page?.recolour());
window.addEventListener('hashchange', () => page?.route());
session.addEventListener('signed-in', () => page ?? show());
session.addEventListener('signed-out', (e) => {
  reason = e.detail;
  show();
});

async function start() {
  try {
    await session.open();
  } catch (e) {
    if (!session.config) {
      byId('main').replaceChildren(empty('The gateway does not respond', `${e.message} Retrying automatically.`));
      setTimeout(start, RETRY_MS);
      return;
    }
    reason = e.message;
  }
  text(byId('version'), `Times in ${ZONE}`);
  if (!page) show();
}

start();
