import { h } from './dom.js';

const REVOKE_DELAY_MS = 10_000;

/** Offers a blob as a file. */
export function offer(blob, name) {
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_DELAY_MS);
}

/** Requests a document of the API and offers it as a file. Throws Refused. */
export async function save(session, path, name, accept = '*/*') {
  offer(await (await session.request(path, { accept })).blob(), name);
}

/** A button that saves a document; errors are passed to `failed`. */
export function saveButton(session, label, path, name, accept, failed) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'small',
      onclick: async () => {
        button.disabled = true;
        failed('');
        try {
          await save(session, path, name, accept);
        } catch (e) {
          failed(`${name}: ${e.message}`);
        }
        button.disabled = false;
      },
    },
    label,
  );
  return button;
}
