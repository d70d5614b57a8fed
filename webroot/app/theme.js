import { h } from './dom.js';

const KEY = 'deloton.theme';
const NEXT = { system: 'light', light: 'dark', dark: 'system' };
const resolved = new Map();

/** The computed value of a custom property, for use on a canvas. */
export function colour(name) {
  let value = resolved.get(name);
  if (!value) {
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    value = getComputedStyle(probe).color;
    probe.remove();
    resolved.set(name, value);
  }
  return value;
}

export function setUpTheme(button, changed) {
  const apply = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.replaceChildren(h('span', { class: 'wordy' }, 'Theme: '), theme);
    resolved.clear();
    changed();
  };
  const stored = localStorage.getItem(KEY);
  apply(stored in NEXT ? stored : 'system');
  button.addEventListener('click', () => {
    const next = NEXT[document.documentElement.dataset.theme];
    localStorage.setItem(KEY, next);
    apply(next);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    resolved.clear();
    changed();
  });
}
