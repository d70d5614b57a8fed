import { h, text } from './dom.js';

/** Readings by second; null where not measured. */
export class Series {
  seconds = [];
  hr = [];
  rpm = [];
  res = [];
  w = [];
  /** Seconds with a removed value or a replaced time. */
  cleaned = new Set();

  get last() {
    return this.seconds.length;
  }

  put(s, hr, rpm, res, w, older = false) {
    if (!(s >= 1 && s < 200_000)) return;
    while (this.seconds.length < s) {
      this.seconds.push(this.seconds.length + 1);
      for (const column of [this.hr, this.rpm, this.res, this.w]) column.push(null);
    }
    const i = s - 1;
    if (older && this.w[i] !== null) return;
    this.hr[i] = hr;
    this.rpm[i] = rpm;
    this.res[i] = res;
    this.w[i] = w;
  }

  /** Seconds with any value. */
  get readings() {
    return this.seconds.filter((ignored, i) => [this.hr, this.rpm, this.res, this.w].some((column) => column[i] !== null)).length;
  }

  /** The energy of all seconds with a power, kJ. */
  get energyKj() {
    return this.w.reduce((sum, watts) => sum + (watts ?? 0), 0) / 1000;
  }

  /** The highest mean power over `length` consecutive seconds, W; null if the ride is shorter. */
  best(length) {
    if (this.w.length < length) return null;
    let sum = 0;
    let best = 0;
    for (let i = 0; i < this.w.length; i++) {
      sum += this.w[i] ?? 0;
      if (i >= length) sum -= this.w[i - length] ?? 0;
      if (i >= length - 1) best = Math.max(best, sum);
    }
    return best / length;
  }
}

const measuredOf = (column) => column.filter((value) => value !== null);
export const mean = (column) => {
  const values = measuredOf(column);
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : null;
};
export const max = (column) => measuredOf(column).reduce((a, b) => (a === null || b > a ? b : a), null);

/** A large number with its label and details. */
export class Big {
  #value = h('b', {});
  #detail = h('p', { class: 'big-detail' });
  node;

  constructor(label, unit, tint) {
    this.node = h(
      'div',
      { class: 'big' },
      h('p', { class: 'big-label' }, label),
      h('p', { class: 'big-value' }, this.#value, unit && h('span', { class: 'unit' }, ` ${unit}`)),
      this.#detail,
    );
    this.node.style.setProperty('--tint', `var(${tint})`);
  }

  draw(value, detail, rank = 'ok') {
    text(this.#value, value);
    text(this.#detail, detail);
    this.node.dataset.rank = rank;
  }
}
