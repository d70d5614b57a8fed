import { RideChart } from './charts.js';
import { h, panel } from './dom.js';
import { elapsed } from './format.js';

const WINDOWS = [
  [120, '2 min'],
  [600, '10 min'],
  [0, 'Whole ride'],
];
const TABLE_ROWS = 60;

const upwards = (low, high) => [0, Math.max(10, high * 1.1)];
const withLimits = (low, high, { min, max }) => [Math.min(low, min ?? low) - 8, Math.max(high, max ?? high) + 8];

const dataOf = (series, i) =>
  [series.hr, series.w, series.rpm, series.res].every((column) => column[i] == null)
    ? 'missing'
    : series.cleaned.has(i + 1)
      ? 'cleaned'
      : '';

/** The readings of a ride as four charts, and as a table. */
export class RideCharts {
  #span = 600;
  #changed;
  #charts = {
    hr: new RideChart({ title: 'Heart rate', unit: 'bpm', colour: '--line-hr', height: 190, range: withLimits }),
    w: new RideChart({ title: 'Power', unit: 'W', colour: '--line-power', height: 130, range: upwards }),
    rpm: new RideChart({ title: 'Cadence', unit: 'rpm', colour: '--line-cadence', height: 110, range: upwards }),
    res: new RideChart({ title: 'Resistance', unit: '', colour: '--line-resistance', height: 126, range: upwards, last: true }),
  };
  #buttons = WINDOWS.map(([seconds, word]) =>
    h(
      'button',
      { type: 'button', class: 'small', 'aria-pressed': String(seconds === this.#span), onclick: () => this.choose(seconds) },
      word,
    ),
  );
  #rows = h('tbody', {});
  #table = h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Last readings', hidden: true },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Time', 'Heart rate, bpm', 'Power, W', 'Cadence, rpm', 'Resistance', 'Data'].map((word) => h('th', { scope: 'col' }, word)),
        ),
      ),
      this.#rows,
    ),
  );
  #asTable = h('button', { type: 'button', class: 'small', 'aria-pressed': 'false', onclick: () => this.#toggleTable() }, 'Table');
  node = panel(
    'Second by second',
    {
      class: 'chart-panel',
      aside: h('div', { class: 'choices', role: 'group', 'aria-label': 'Time shown' }, this.#buttons, this.#asTable),
    },
    Object.values(this.#charts).map((chart) => chart.node),
    this.#table,
  );

  /**
   * @param changed called when the user has chosen another time span or the table
   * @param picked called with the second that the user has clicked
   */
  constructor(changed, picked) {
    this.#changed = changed;
    for (const chart of Object.values(this.#charts)) chart.picked = picked;
  }

  /** Shows the last `seconds`; 0 for the whole ride. */
  choose(seconds) {
    this.#span = seconds;
    WINDOWS.forEach(([value], i) => this.#buttons[i].setAttribute('aria-pressed', String(value === seconds)));
    this.#changed();
  }

  #toggleTable() {
    this.#table.hidden = !this.#table.hidden;
    this.#asTable.setAttribute('aria-pressed', String(!this.#table.hidden));
    this.#changed();
  }

  /** @param limits {min, max} heart rates in bpm, or null */
  draw(series, limits) {
    const to = Math.max(series.last, 1);
    const from = this.#span === 0 ? 1 : Math.max(1, to - this.#span);
    this.#charts.hr.limits = limits;
    for (const [key, chart] of Object.entries(this.#charts)) {
      chart.draw([series.seconds.slice(0, to), series[key].slice(0, to)], [from, to]);
    }
    if (!this.#table.hidden) this.#drawRows(series, to);
  }

  #drawRows(series, to) {
    const cell = (value) => h('td', {}, value == null ? '–' : String(Math.round(value)));
    this.#rows.replaceChildren(
      ...Array.from({ length: Math.min(TABLE_ROWS, to) }, (ignored, i) => to - i - 1).map((i) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, elapsed(i + 1)),
          cell(series.hr[i]),
          cell(series.w[i]),
          cell(series.rpm[i]),
          cell(series.res[i]),
          h('td', {}, dataOf(series, i)),
        ),
      ),
    );
  }

  recolour() {
    Object.values(this.#charts).forEach((chart) => chart.recolour());
  }

  close() {
    Object.values(this.#charts).forEach((chart) => chart.close());
  }
}
