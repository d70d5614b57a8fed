import { h, text } from './dom.js';
import { dayAndMonth, elapsed, hourAndMinute } from './format.js';
import { colour } from './theme.js';

const SYNC = 'ride';
/** Steps of the time axis, s. */
const SECONDS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** A line chart over the seconds of a ride; its cursor is synchronised with the other charts of the page. */
export class RideChart {
  #plot = null;
  #spec;
  #readout = h('span', { class: 'readout' });
  #holder = h('div', { class: 'plot' });
  #data = [[], []];
  limits = { min: null, max: null };
  /** Called with the second that the user clicks. */
  picked = () => {};
  node;

  /** @param spec {title, unit, colour, range: (min, max) => [low, high], height} */
  constructor(spec) {
    this.#spec = spec;
    this.#holder.setAttribute('role', 'img');
    this.node = h(
      'figure',
      { class: 'chart' },
      h('figcaption', {}, h('span', {}, spec.unit ? `${spec.title}, ${spec.unit}` : spec.title), this.#readout),
      this.#holder,
    );
    this.#holder.addEventListener('click', () => {
      const i = this.#plot?.cursor.idx;
      if (i != null) this.picked(this.#data[0][i]);
    });
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(this.#holder);
  }

  draw(data, [from, to]) {
    this.#data = data;
    if (!this.#plot) this.#make();
    if (!this.#plot) return;
    this.#plot.batch(() => {
      this.#plot.setData(data, false);
      this.#plot.setScale('x', { min: from, max: Math.max(to, from + 10) });
    });
    this.#label();
  }

  recolour() {
    this.#plot?.destroy();
    this.#plot = null;
  }

  close() {
    this.observer.disconnect();
    this.#plot?.destroy();
  }

  #label() {
    const last = this.#data[1].at(-1);
    this.#holder.setAttribute(
      'aria-label',
      `${this.#spec.title}: ${last == null ? 'no value' : `${Math.round(last)} ${this.#spec.unit}`} at ${elapsed(this.#data[0].at(-1) ?? 0)}`,
    );
  }

  #resize() {
    const width = this.#holder.clientWidth;
    if (this.#plot && width && width !== this.#plot.width) this.#plot.setSize({ width, height: this.#spec.height });
  }

  #make() {
    const width = this.#holder.clientWidth;
    if (!width) return;
    const spec = this.#spec;
    const axis = {
      stroke: colour('--quiet'),
      font: '11px Inter, system-ui, sans-serif',
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        width,
        height: spec.height,
        padding: [8, 20, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: SYNC }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: { x: { time: false }, y: { range: (u, low, high) => spec.range(low ?? 0, high ?? 1, this.limits) } },
        axes: [
          {
            ...axis,
            incrs: SECONDS,
            size: spec.last ? 24 : 8,
            values: (u, ticks) => (spec.last ? ticks.map((t) => elapsed(t)) : ticks.map(() => '')),
          },
          { ...axis, size: 40, space: 26 },
        ],
        series: [{}, { stroke: colour(spec.colour), width: 1.75, spanGaps: false, points: { show: false } }],
        hooks: {
          drawClear: [(u) => this.#bands(u)],
          drawAxes: [(u) => this.#limitLabels(u)],
          setCursor: [(u) => this.#showCursor(u)],
        },
      },
      this.#data,
      this.#holder,
    );
  }

  #showCursor(u) {
    const i = u.cursor.idx;
    const value = i == null ? null : this.#data[1][i];
    text(
      this.#readout,
      i == null ? '' : `${elapsed(this.#data[0][i])} · ${value == null ? 'not measured' : `${Math.round(value)} ${this.#spec.unit}`}`,
    );
  }

  /** Shades the area outside the rider's range and draws its limits as dashed lines. */
  #bands(u) {
    const { min, max } = this.limits;
    if (min == null || max == null) return;
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    const y = (bpm) => Math.min(top + height, Math.max(top, u.valToPos(bpm, 'y', true)));
    ctx.save();
    ctx.fillStyle = colour('--outside');
    ctx.fillRect(left, top, width, y(max) - top);
    ctx.fillRect(left, y(min), width, top + height - y(min));
    ctx.strokeStyle = colour('--bound');
    ctx.setLineDash([5, 4]);
    ctx.lineWidth = devicePixelRatio;
    for (const bpm of [max, min]) {
      ctx.beginPath();
      ctx.moveTo(left, y(bpm));
      ctx.lineTo(left + width, y(bpm));
      ctx.stroke();
    }
    ctx.restore();
  }

  /** Labels the limits, on a ground that hides the grid behind the text. */
  #limitLabels(u) {
    const { min, max } = this.limits;
    if (min == null || max == null) return;
    const { ctx } = u;
    const { left, top, height } = u.bbox;
    const scale = devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * scale}px Inter, system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    for (const label of [`max ${max}`, `min ${min}`]) {
      const bpm = label.startsWith('max') ? max : min;
      const y = Math.min(top + height, Math.max(top, u.valToPos(bpm, 'y', true))) - 4 * scale;
      const x = left + 6 * scale;
      ctx.fillStyle = colour('--panel');
      ctx.fillRect(x - 3 * scale, y - 10 * scale, ctx.measureText(label).width + 6 * scale, 13 * scale);
      ctx.fillStyle = colour('--quiet');
      ctx.fillText(label, x, y);
    }
    ctx.restore();
  }
}

/** A bar or step chart over the time of day.  */
export class TimeChart {
  #plot = null;
  #holder = h('div', { class: 'plot', role: 'img' });
  #spec;
  #data = [[], []];
  #readout = h('span', { class: 'readout' });
  #word;
  node;

  /** @param spec {title, colour, fill, bars, days, height, format}; with `days` the axis shows dates */
  constructor(spec) {
    this.#spec = spec;
    this.#word = (epochS) => (spec.days ? dayAndMonth : hourAndMinute)(epochS * 1000);
    this.node = h('figure', { class: 'chart' }, h('figcaption', {}, h('span', {}, spec.title), this.#readout), this.#holder);
    this.observer = new ResizeObserver(() => {
      const width = this.#holder.clientWidth;
      if (this.#plot && width && width !== this.#plot.width) this.#plot.setSize({ width, height: spec.height });
    });
    this.observer.observe(this.#holder);
  }

  draw(data, label) {
    this.#data = data;
    this.#holder.setAttribute('aria-label', label);
    this.recolour();
    const width = this.#holder.clientWidth;
    if (!width) return;
    const spec = this.#spec;
    const axis = {
      stroke: colour('--quiet'),
      font: '11px Inter, system-ui, sans-serif',
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { show: false },
    };
    const step = data[0].length > 1 ? data[0][1] - data[0][0] : 1;
    // A step needs a second value to be visible.
    const asBars = spec.bars || data[1].filter((value) => value != null).length < 3;
    const paths = asBars ? uPlot.paths.bars({ size: [0.8, 40], align: 1, radius: 0.15 }) : uPlot.paths.stepped({ align: 1 });
    this.#plot = new uPlot(
      {
        width,
        height: spec.height,
        padding: [8, 16, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: spec.days ? 'days' : 'hours' }, y: false, drag: { x: false, y: false }, points: { show: false } },
        // The last bar or step needs the same width as the others.
        scales: { x: { range: () => [data[0][0], data[0].at(-1) + step] }, y: { range: (u, low, high) => [0, (high || 1) * 1.1] } },
        axes: [
          { ...axis, size: 24, values: (u, ticks) => ticks.map(this.#word) },
          { ...axis, size: 46, space: 26 },
        ],
        series: [{}, { stroke: colour(spec.colour), fill: colour(spec.fill), width: 1.5, paths, points: { show: false } }],
        hooks: {
          setCursor: [
            (u) => {
              const i = u.cursor.idx == null ? null : Math.min(u.cursor.idx, this.#data[0].length - 1);
              text(
                this.#readout,
                i == null ? '' : `${this.#word(this.#data[0][i])} · ${this.#data[1][i] == null ? 'none' : spec.format(this.#data[1][i])}`,
              );
            },
          ],
        },
      },
      asBars
        ? [data[0], data[1].map((value) => value || null)]
        : [
            [...data[0], data[0].at(-1) + step],
            [...data[1], data[1].at(-1)],
          ],
      this.#holder,
    );
  }

  recolour() {
    this.#plot?.destroy();
    this.#plot = null;
  }

  close() {
    this.observer.disconnect();
    this.recolour();
  }
}

/** Labelled horizontal bars, exposed as a list. */
export function bars(rows, format) {
  const most = Math.max(1e-9, ...rows.map((row) => row.value));
  return h(
    'ul',
    { class: 'bars' },
    rows.map(({ label, value, detail }) => {
      const fill = h('i', {});
      fill.style.transform = `scaleX(${(value / most).toFixed(4)})`;
      return h(
        'li',
        {},
        h('span', { class: 'bar-label' }, label),
        h('span', { class: 'meter', 'aria-hidden': 'true' }, fill),
        h('b', {}, format(value)),
        detail && h('span', { class: 'bar-detail' }, detail),
      );
    }),
  );
}
