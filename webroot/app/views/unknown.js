import { empty, h } from '../dom.js';

/** The view of an address that no other view has. */
export function unknownView(root, app, { path, rest }) {
  const isRide = path.startsWith('ride/');
  root.append(
    h('h1', {}, 'Page not found'),
    isRide
      ? empty(`'${rest[0]}' is not a ride number`, 'A ride has an address such as #/ride/4194305.')
      : empty(`'#/${path}' is not an address of this dashboard`, 'The link may be incomplete.'),
    h('p', { class: 'empty' }, h('a', { href: '#/fleet' }, 'Go to the fleet')),
  );
  return {};
}
