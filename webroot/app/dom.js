const SVG = 'http://www.w3.org/2000/svg';

/**
 * Creates an element. Strings become text nodes, never markup. Properties are set as attributes; `on…` add listeners,
 * `true` sets an empty attribute; false, null and undefined are omitted.
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  set(node, props);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  set(node, props);
  node.append(...children);
  return node;
}

function set(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
}

/** Sets the text only if it differs, to avoid needless layout. */
export function text(node, value) {
  const next = value ?? '';
  if (node.textContent !== next) node.textContent = next;
}

export function toggle(node, name, on) {
  if (node.classList.contains(name) !== on) node.classList.toggle(name, on);
}

export const ABSENT = '– –';

/** Alarm marks differ in shape and colour (IEC 60601-1-8). */
const SHAPES = {
  high: 'M8 1 15.5 14.5H.5Z',
  medium: 'M8 .8 15.2 8 8 15.2.8 8Z',
  low: 'M8 1.5A6.5 6.5 0 1 0 8 14.5 6.5 6.5 0 1 0 8 1.5Z',
  idle: 'M2 6.5h12v3H2Z',
  ok: 'M8 5a3 3 0 1 0 0 6 3 3 0 1 0 0-6Z',
};

export function mark(kind) {
  const node = svg('svg', { class: `mark mark-${kind}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' });
  node.append(svg('path', { d: SHAPES[kind] }));
  return node;
}

export function empty(title, detail) {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), detail && h('p', {}, detail));
}

export function panel(title, props = {}, ...children) {
  const id = `t-${Math.random().toString(36).slice(2, 9)}`;
  return h(
    'section',
    { class: `panel ${props.class ?? ''}`, 'aria-labelledby': id },
    h('header', { class: 'panel-head' }, h('h2', { id }, title), props.aside),
    ...children,
  );
}
