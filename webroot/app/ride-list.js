import { ABSENT, h, mark, text, toggle } from './dom.js';
import { MARK_OF, nameOf, RANKS, shareOfMax, stateWord } from './fleet.js';
import { ageGroupWord, count, elapsed, GENDER_WORD } from './format.js';
import { groupOf } from './fleet.js';

const SORT_INTERVAL_MS = 3_000;
const SPARE_ROWS = 4;
const NARROW = matchMedia('(max-width: 45rem)');

const COLUMNS = [
  { key: 'name', title: 'Rider', value: nameOf, down: false },
  { key: 'hr', title: 'Heart rate', unit: 'bpm', value: (r) => r.hr, down: true },
  { key: 'share', title: '% of max', value: shareOfMax, down: true },
  { key: 'w', title: 'Power', unit: 'W', value: (r) => r.w, down: true },
  { key: 'rpm', title: 'Cadence', unit: 'rpm', value: (r) => r.rpm, down: true },
  { key: 'res', title: 'Resist.', value: (r) => r.res, down: true },
  { key: 's', title: 'Duration', value: (r) => r.s, down: true },
  { key: 'alerts', title: 'State', value: null, down: false },
];

/** All rides as a virtual table. It is not re-sorted while the pointer or the focus is in it. */
export class RideList {
  #fleet;
  #onSort;
  #sort;
  #order = [];
  #highs = new Set();
  #sortedAt = 0;
  #rows = [];
  #pointed = false;
  #last = new Map();
  #heads = [];
  #space = h('div', { class: 'rl-space', role: 'presentation' });
  #scroll = h('div', { class: 'rl-scroll', role: 'rowgroup', tabindex: '0', 'aria-label': 'Rides, scrollable' }, this.#space);
  #table;

  constructor(fleet, sort, onSort) {
    this.#fleet = fleet;
    this.#onSort = onSort;
    const head = h(
      'div',
      { class: 'rl-row rl-head', role: 'row' },
      COLUMNS.map((column) => {
        const cell = h(
          'div',
          { role: 'columnheader', class: `rl-${column.key}` },
          h(
            'button',
            { type: 'button', onclick: () => this.sortBy(column.key) },
            column.title,
            h('span', { class: 'arrow', 'aria-hidden': 'true' }),
          ),
        );
        this.#heads.push([column, cell]);
        return cell;
      }),
    );
    this.#table = h('div', { class: 'rl', role: 'table', 'aria-label': 'Rides' }, h('div', { role: 'rowgroup' }, head), this.#scroll);
    this.node = this.#table;
    this.#setSort(sort.key, sort.down);
    this.#scroll.addEventListener('scroll', () => requestAnimationFrame(() => this.#render()), { passive: true });
    this.#scroll.addEventListener('pointerenter', (e) => {
      this.#pointed = e.pointerType === 'mouse';
    });
    this.#scroll.addEventListener('pointerleave', () => {
      this.#pointed = false;
    });
  }

  get isHeld() {
    return this.#pointed || (this.#scroll.contains(document.activeElement) && document.activeElement !== this.#scroll);
  }

  get size() {
    return this.#order.length;
  }

  sortBy(key) {
    const column = COLUMNS.find((c) => c.key === key);
    this.#setSort(key, this.#sort.key === key ? !this.#sort.down : column.down);
    this.#onSort(this.#sort);
    this.#sortedAt = 0;
    this.draw(this.#ranks, this.#wanted, this.#now);
  }

  #ranks = new Map();
  #wanted = () => true;
  #now = 0;

  #setSort(key, down) {
    const column = COLUMNS.find((c) => c.key === key) ?? COLUMNS.at(-1);
    this.#sort = { key: column.key, down };
    for (const [c, cell] of this.#heads) {
      if (c.key === column.key) cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    }
  }

  /** @param again whether the filter has changed, which re-sorts the list in any case */
  draw(ranks, wanted, now, again = false) {
    this.#ranks = ranks;
    this.#wanted = wanted;
    this.#now = now;
    const due = performance.now() - this.#sortedAt > SORT_INTERVAL_MS && !this.isHeld;
    const first = this.#order.length === 0 && this.#fleet.rides.size > 0;
    if (again || due || first || this.#sortedAt === 0) this.#arrange();
    else if (this.isHeld) this.#pinNewHighs();
    this.#render();
  }

  /** Puts rides with a new high alert on top of a list that is otherwise not re-sorted. */
  #pinNewHighs() {
    const raised = [...this.#fleet.rides.values()]
      .filter((ride) => this.#ranks.get(ride.ride) === 'high' && !this.#highs.has(ride.ride) && this.#wanted(ride))
      .map((ride) => ride.ride);
    if (!raised.length) return;
    raised.forEach((id) => this.#highs.add(id));
    this.#order = [...raised, ...this.#order.filter((id) => !raised.includes(id))];
    this.#scroll.scrollTop = 0;
  }

  #arrange() {
    this.#sortedAt = performance.now();
    const rides = [...this.#fleet.rides.values()].filter(this.#wanted);
    const { key, down } = this.#sort;
    const sign = down ? -1 : 1;
    const rank = new Map(RANKS.map((name, i) => [name, i]));
    if (key === 'alerts') {
      const weight = new Map(rides.map((r) => [r, rank.get(this.#ranks.get(r.ride)) ?? 9]));
      rides.sort((a, b) => sign * (weight.get(a) - weight.get(b)) || (shareOfMax(b) ?? -1) - (shareOfMax(a) ?? -1));
    } else if (key === 'name') {
      const collator = new Intl.Collator('en-GB');
      rides.sort((a, b) => sign * collator.compare(nameOf(a), nameOf(b)));
    } else {
      const { value } = COLUMNS.find((c) => c.key === key);
      rides.sort((a, b) => {
        const x = value(a);
        const y = value(b);
        return x === null || y === null ? (x === null) - (y === null) : sign * (x - y);
      });
    }
    this.#order = rides.map((ride) => ride.ride);
    this.#highs = new Set(this.#order.filter((id) => this.#ranks.get(id) === 'high'));
    this.#last = new Map();
    this.#table.setAttribute('aria-rowcount', String(this.#order.length + 1));
  }

  #render() {
    const height = NARROW.matches ? 58 : 36;
    const first = Math.max(0, Math.floor(this.#scroll.scrollTop / height) - SPARE_ROWS);
    const needed = Math.min(this.#order.length - first, Math.ceil(this.#scroll.clientHeight / height) + 2 * SPARE_ROWS);
    this.#space.style.height = `${this.#order.length * height}px`;
    const focused = this.#rows.find((row) => row.node.contains(document.activeElement))?.id;
    while (this.#rows.length < needed) {
      const row = new Row();
      this.#rows.push(row);
      this.#space.append(row.node);
    }
    this.#rows.forEach((row, i) => {
      row.node.hidden = i >= needed;
      if (i >= needed) {
        row.id = null;
        return;
      }
      const id = this.#order[first + i];
      const ride = this.#fleet.rides.get(id);
      if (ride) this.#last.set(id, ride);
      row.show(id, ride ?? this.#last.get(id), Boolean(ride), this.#ranks.get(id) ?? 'ok', this.#now);
      row.node.setAttribute('aria-rowindex', String(first + i + 2));
      row.node.style.transform = `translateY(${(first + i) * height}px)`;
    });
    if (focused !== undefined && focused !== null) {
      const row = this.#rows.find((r) => r.id === focused);
      if (row && !row.node.contains(document.activeElement)) row.focus();
      else if (!row) this.#scroll.focus({ preventScroll: true });
    }
  }
}

class Row {
  id = null;
  #link = h('a', {});
  #who = h('span', { class: 'who' });
  #cells = Object.fromEntries(COLUMNS.map(({ key }) => [key, h('div', { role: 'cell', class: `rl-${key}` })]));
  #numbers = {};
  #units = {};
  #share = h('span', { class: 'share-number' });
  #bar = h('i', {});
  #state = h('span', {});
  #marks = Object.fromEntries(['high', 'medium', 'low', 'idle', 'ok'].map((kind) => [kind, mark(kind)]));
  #shown = null;
  node = h('div', { class: 'rl-row', role: 'row' }, Object.values(this.#cells));

  constructor() {
    this.#cells.name.append(this.#link, this.#who);
    for (const [key, unit] of [
      ['hr', ' bpm'],
      ['w', ' W'],
      ['rpm', ' rpm'],
      ['res', ''],
      ['s', ''],
    ]) {
      this.#numbers[key] = h('b', {});
      this.#units[key] = h('span', { class: 'unit' }, unit);
      this.#cells[key].append(this.#numbers[key], this.#units[key]);
    }
    this.#cells.share.append(this.#share, h('span', { class: 'meter', 'aria-hidden': 'true' }, this.#bar));
    this.#cells.alerts.append(this.#state);
  }

  focus() {
    this.#link.focus({ preventScroll: true });
  }

  show(id, ride, isOpen, rank, now) {
    if (!ride) return;
    if (this.id !== id) {
      this.id = id;
      this.#link.setAttribute('href', `#/ride/${id}`);
    }
    text(this.#link, nameOf(ride));
    const group = groupOf(ride);
    const age = ride.rider?.age ?? (group ? ageGroupWord(group) : null);
    text(this.#who, [ride.rider?.gender ? (GENDER_WORD[ride.rider.gender] ?? '') : '', age ?? ''].filter((part) => part !== '').join(', '));
    text(this.#numbers.hr, ride.hr === null ? ABSENT : String(ride.hr));
    text(this.#units.hr, ride.hr === null ? '' : ' bpm');
    text(this.#numbers.w, count(ride.w));
    text(this.#numbers.rpm, count(ride.rpm));
    text(this.#numbers.res, count(ride.res));
    text(this.#numbers.s, elapsed(ride.s));
    const share = shareOfMax(ride);
    text(this.#share, share === null ? '–' : `${Math.round(share * 100)} %`);
    this.#bar.style.transform = `scaleX(${Math.min(1, share ?? 0).toFixed(3)})`;
    const kind = isOpen ? MARK_OF[rank] : 'idle';
    if (this.#shown !== kind) {
      this.#shown = kind;
      this.#cells.alerts.replaceChildren(this.#marks[kind], this.#state);
      this.node.dataset.kind = kind;
    }
    text(this.#state, isOpen ? stateWord(ride, rank, now) : 'Ride ended');
    toggle(this.node, 'is-gone', !isOpen || rank === 'idle');
    this.node.dataset.ride = id;
  }
}
