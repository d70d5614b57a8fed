import { h, text } from './dom.js';
import { ageGroupWord, count, elapsed, GENDER_WORD, tenths, whenOn, withoutOverrides } from './format.js';

const STATUS = { live: 'Live', completed: 'Ended', abandoned: 'Ended: bike stopped sending' };

export const riderWord = (rider) =>
  rider?.name ? withoutOverrides(rider.name) : rider?.riderId == null ? 'Unknown rider' : `Rider ${rider.riderId}`;

function who({ gender, ageYears, ageGroup }) {
  return [GENDER_WORD[gender], ageYears ?? (ageGroup && ageGroupWord(ageGroup))].filter((part) => part != null && part !== '').join(', ');
}

/** Columns with the parameter `sort` of the API for each direction that it has. */
const COLUMNS = [
  {
    title: 'Start',
    up: 'startedAt',
    down: '-startedAt',
    cell: (r) => h('a', { href: `#/ride/${r.rideId}` }, whenOn(Date.parse(r.startedAt))),
  },
  {
    title: 'Rider',
    key: 'rider',
    cell: (r) => (r.rider?.riderId == null ? riderWord(r.rider) : h('a', { href: `#/rider/${r.rider.riderId}` }, riderWord(r.rider))),
  },
  { title: 'Gender, age', key: 'rider', narrow: true, cell: (r) => who(r.rider ?? {}) || '–' },
  { title: 'City', narrow: true, key: 'city', cell: (r) => r.rider?.city ?? '–' },
  { title: 'Bike', narrow: true, cell: (r) => r.bike ?? '–' },
  { title: 'Duration', number: true, up: 'durationS', down: '-durationS', cell: (r) => elapsed(r.durationS) },
  { title: 'Energy, kJ', number: true, narrow: true, up: 'energyKj', down: '-energyKj', cell: (r) => tenths(r.energyKj) },
  { title: 'Mean power, W', number: true, narrow: true, up: 'powerMeanW', down: '-powerMeanW', cell: (r) => count(r.powerMeanW) },
  { title: 'Mean HR, bpm', number: true, narrow: true, spare: true, cell: (r) => count(r.heartRateMeanBpm) },
  { title: 'Max HR, bpm', number: true, narrow: true, spare: true, cell: (r) => count(r.heartRateMaxBpm) },
  { title: 'State', key: 'state', narrow: true, spare: true, cell: (r) => STATUS[r.status] ?? r.status },
];

/** Stored rides as a table; its columns sort by a parameter of the API. */
export class RideTable {
  #rows = h('tbody', {});
  #heads = [];
  node;

  /**
   * @param sorted called with a value of the API's parameter `sort`; null for a table that does not sort
   * @param without keys of columns to leave out
   */
  constructor(label, sorted = null, without = []) {
    this.columns = COLUMNS.filter((column) => !without.includes(column.key));
    const head = this.columns.map((column) => {
      const sorts = sorted && (column.up ?? column.down);
      const cell = h(
        'th',
        { scope: 'col', class: classOf(column) },
        sorts
          ? h(
              'button',
              { type: 'button', class: 'sort', onclick: () => sorted(this.#nextOf(column)) },
              column.title,
              h('span', { class: 'arrow', 'aria-hidden': 'true' }),
            )
          : column.title,
      );
      this.#heads.push([column, cell]);
      return cell;
    });
    this.node = h('div', { class: 'rides-table' }, h('table', { 'aria-label': label }, h('thead', {}, h('tr', {}, head)), this.#rows));
  }

  #sort = '-startedAt';

  #nextOf({ up, down }) {
    return this.#sort === down ? (up ?? down) : (down ?? up);
  }

  show(rides, sort = this.#sort) {
    this.#sort = sort;
    for (const [{ up, down }, cell] of this.#heads) {
      if (sort === up || sort === down) cell.setAttribute('aria-sort', sort === up ? 'ascending' : 'descending');
      else cell.removeAttribute('aria-sort');
    }
    this.#rows.replaceChildren(
      ...rides.map((ride) =>
        h(
          'tr',
          {},
          this.columns.map((column, i) => {
            const cell = h(i === 0 ? 'th' : 'td', { scope: i === 0 && 'row', class: classOf(column) });
            const content = column.cell(ride);
            if (typeof content === 'string') text(cell, content);
            else cell.append(content);
            return cell;
          }),
        ),
      ),
    );
  }
}

/** Columns that narrow screens leave out: `narrow` phones, `spare` also tablets. */
const classOf = ({ number, narrow, spare }) =>
  [number && 'number', narrow && 'wide-only', spare && 'desk-only'].filter(Boolean).join(' ') || null;
