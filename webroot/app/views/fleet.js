import { AlertList } from '../alert-card.js';
import { ABSENT, empty, h, mark, panel, text, toggle } from '../dom.js';
import { groupOf, nameOf, rangeWord, rankOf } from '../fleet.js';
import { AGE_OPTIONS, choose, GENDER_OPTIONS } from '../filters.js';
import { count, plural, tenths } from '../format.js';
import { HEAT_WORDS, HeatMap } from '../heat-map.js';
import { RideList } from '../ride-list.js';

const SHOWN_ALERTS = 30;
const STATES = { alert: 'With an alert', low: 'No HR signal', idle: 'Not in use', ok: 'No alert' };

export function fleetView(root, app, { query }) {
  const { fleet, feed, alerts, session } = app;
  const filter = {
    q: query.get('q') ?? '',
    state: query.get('state') ?? '',
    gender: query.get('gender') ?? '',
    age: query.get('age') ?? '',
  };
  let sort = { key: query.get('sort') ?? 'alerts', down: query.get('down') === '1' };
  let changed = true;
  let ranks = new Map();

  const tiles = new Tiles();
  const map = new HeatMap(!session.may('riders:read'));
  const list = new RideList(fleet, sort, (chosen) => {
    sort = chosen;
    remember();
  });
  const found = h('p', { class: 'note', id: 'found' });
  const noRides = empty('No open rides', 'Rides appear here when they start.');
  const noMatch = h(
    'div',
    { class: 'empty' },
    h('p', { class: 'empty-title' }, 'No rides match'),
    h('button', { type: 'button', class: 'small', onclick: () => reset() }, 'Show all rides'),
  );
  const noFigures = empty('Waiting for live data', 'Connecting to the gateway.');
  const open = new AlertList(app, 'Alerts to acknowledge');
  const outOfRange = h('p', {});
  const calm = h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, 'Nothing to acknowledge'), outOfRange);

  const search = h('input', {
    type: 'search',
    placeholder: 'Find rider or bike',
    'aria-label': 'Find rider or bike',
    'aria-keyshortcuts': '/',
    value: filter.q,
    oninput: () => change('q', search.value),
  });
  const select = (name, label, options) => choose(label, options, filter[name], (value) => change(name, value));
  const selects = [
    select('state', 'Any state', Object.entries(STATES)),
    select('gender', 'Any gender', GENDER_OPTIONS),
    select('age', 'Any age', AGE_OPTIONS),
  ];

  function change(name, value) {
    filter[name] = value;
    changed = true;
    remember();
    draw();
  }

  function reset() {
    Object.keys(filter).forEach((name) => {
      filter[name] = '';
    });
    search.value = '';
    selects.forEach((node) => {
      node.value = '';
    });
    change('q', '');
    search.focus();
  }

  function remember() {
    const kept = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
    if (sort.key !== 'alerts') kept.set('sort', sort.key);
    if (sort.down) kept.set('down', '1');
    history.replaceState(null, '', `#/fleet${kept.size ? `?${kept}` : ''}`);
  }

  const sought = () => filter.q.trim().toLocaleLowerCase();
  function wanted(ride) {
    const { state, gender, age } = filter;
    if (gender && (ride.rider?.gender ?? 'unknown') !== gender) return false;
    if (age && groupOf(ride) !== age) return false;
    const rank = ranks.get(ride.ride);
    if (state === 'alert' ? rank !== 'high' && rank !== 'medium' && rank !== 'recovering' : state && rank !== state) return false;
    const q = sought();
    return (
      !q ||
      nameOf(ride).toLocaleLowerCase().includes(q) ||
      String(ride.bike ?? '')
        .toLocaleLowerCase()
        .includes(q)
    );
  }

  const legend = h(
    'ul',
    { class: 'legend', 'aria-label': 'Legend' },
    HEAT_WORDS.map((words, i) => h('li', {}, h('i', { class: `swatch heat-${i}` }), `${words}${i === 5 ? ' %' : ''}`)),
    h('li', {}, h('i', { class: 'swatch hollow' }), 'no HR signal'),
    h('li', {}, mark('medium'), 'warning'),
    h('li', {}, mark('high'), 'critical'),
  );
  const mapPanel = panel(
    session.may('riders:read') ? 'Heart rate, % of the rider’s maximum' : 'Heart rate, % of 200 bpm',
    { class: 'map-panel', aside: legend },
    map.node,
  );
  const listPanel = panel(
    'Rides',
    { class: 'list-panel', aside: found },
    h('div', { class: 'filters', role: 'search' }, search, selects),
    list.node,
    noRides,
    noMatch,
    noFigures,
  );
  const alertPanel = panel('Alerts', { class: 'alert-panel', aside: h('a', { href: '#/alerts' }, 'All') }, open.node, calm);
  root.append(h('h1', { class: 'unseen' }, 'Fleet'), tiles.node, mapPanel, alertPanel, listPanel);

  const arrange = () => {
    map.arrange(fleet.rides);
  };
  fleet.addEventListener('membership', arrange);
  arrange();

  function draw() {
    const now = fleet.asOf();
    ranks = new Map();
    const sums = { high: 0, medium: 0, low: 0, idle: 0 };
    for (const ride of fleet.rides.values()) {
      const rank = rankOf(ride, now);
      ranks.set(ride.ride, rank);
      if (rank in sums) sums[rank]++;
    }
    tiles.draw(fleet, sums);
    const started = fleet.seq !== null;
    map.draw(ranks, now, wanted);
    list.draw(ranks, wanted, now, changed);
    changed = false;
    const total = fleet.rides.size;
    mapPanel.hidden = total === 0;
    noRides.hidden = !started || total > 0;
    noMatch.hidden = total === 0 || list.size > 0;
    noFigures.hidden = started || feed.state === 'forbidden';
    toggle(list.node, 'is-empty', list.size === 0);
    text(
      found,
      total
        ? `${list.size === total ? plural(total, 'ride') : `${count(list.size)} of ${plural(total, 'ride')}`}${list.isHeld ? ' · sort order paused while the pointer is in the list' : ''}`
        : '',
    );
    const waiting = alerts.open.slice(0, SHOWN_ALERTS);
    open.update(waiting);
    text(outOfRange, rangeWord(fleet.rides.values()));
    calm.hidden = waiting.length > 0 || feed.state !== 'live' || !alerts.loaded;
    toggle(alertPanel, 'is-calm', waiting.length === 0);
  }

  return { draw, close: () => fleet.removeEventListener('membership', arrange) };
}

class Tiles {
  #cells = new Map();
  node = h('dl', { class: 'tiles' });

  constructor() {
    for (const [key, label, unit, kind] of [
      ['riding', 'Riding now', ''],
      ['high', 'Critical alerts', '', 'high'],
      ['medium', 'Warnings', '', 'medium'],
      ['low', 'No HR signal', '', 'low'],
      ['median', 'Median heart rate', 'bpm'],
      ['power', 'Power now', 'kW'],
      ['rate', 'Readings', '/s'],
    ]) {
      const value = h('b', { id: `tile-${key}` }, '–');
      const cell = h(
        'div',
        { class: 'tile' },
        h('dt', {}, label),
        h('dd', {}, kind && mark(kind), value, unit && h('span', { class: 'unit' }, ` ${unit}`)),
      );
      this.#cells.set(key, { cell, value });
      this.node.append(cell);
    }
  }

  draw({ rides, totals, seq }, sums) {
    const started = seq !== null;
    const show = (key, value, loud = false) => {
      const { cell, value: node } = this.#cells.get(key);
      text(node, started ? value : '–');
      toggle(cell, 'is-loud', started && loud);
    };
    show('riding', count(totals?.riding ?? rides.size - sums.idle));
    show('high', count(sums.high), sums.high > 0);
    show('medium', count(sums.medium), sums.medium > 0);
    show('low', count(sums.low), sums.low > 0);
    show('median', totals?.medianHr == null ? ABSENT : count(totals.medianHr));
    show('power', tenths(totals?.powerKw));
    show('rate', count(totals?.readingsPerS));
  }
}
