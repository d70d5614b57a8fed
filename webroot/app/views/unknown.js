import { empty, h } from '../dom.js';

/** The view of an address that no other view has. */
export function unknownView(root, app, { path, rest }) {
  const [kind] = path.split('/');
  root.append(
    h('h1', {}, 'Page not found'),
    kind === 'ride' || kind === 'rider' || kind === 'alert'
      ? empty(
          `'${rest[0] ?? ''}' is not a ${kind} number`,
          `${kind === 'alert' ? 'An' : 'A'} ${kind} has an address such as #/${kind}/4194305${kind === 'alert' ? '-120' : ''}.`,
        )
      : empty(`'#/${path}' is not an address of this dashboard`, 'The link may be incomplete.'),
    h('p', { class: 'empty' }, h('a', { href: '#/fleet' }, 'Go to the fleet')),
  );
  return {};
}
