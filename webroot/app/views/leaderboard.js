import { empty, h, panel, text } from '../dom.js';
import { AGE_OPTIONS, choose, filled, GENDER_OPTIONS, ZONE } from '../filters.js';
import { ageGroupWord, count, day as dayWord, GENDER_WORD, plural, tenths } from '../format.js';
import { riderWord } from '../ride-table.js';

const PERIODS = [
  ['day', 'Day'],
  ['week', 'Week'],
  ['month', 'Month'],
  ['year', 'Year'],
];
const BY = [
  ['energy', 'Energy'],
  ['rides', 'Number of rides'],
  ['power', 'Best mean power'],
  ['wattsPerKg', 'Best power per kg'],
];
const OVER = [
  ['5s', '5 s'],
  ['1min', '1 min'],
  ['5min', '5 min'],
  ['20min', '20 min'],
];
const DEFAULTS = { date: 'today', period: 'week', by: 'energy', over: '1min', gender: '', ageGroup: '' };

/** The best riders of a period, with the choices in the address. */
export function leaderboardView(root, app, { query }) {
  const { session } = app;
  const filter = Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, query.get(name) ?? value]));
  let loading = new AbortController();
  const note = h('p', { class: 'note', role: 'status' }, 'Loading…');
  const fault = h('p', { class: 'fault', role: 'alert' });
  const rows = h('tbody', {});
  const rideHead = h('th', { scope: 'col' }, 'Ride');
  const unit = h('th', { scope: 'col', class: 'number' });
  const board = h(
    'table',
    { 'aria-label': 'Leaderboard' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Rank'), h('th', { scope: 'col' }, 'Rider'), unit, rideHead)),
    rows,
  );
  const none = empty('No rides', 'No ended ride of this period matches.');
  none.hidden = true;
  const select = (name, label, options, any = false) => choose(label, options, filter[name], (value) => change(name, value), any);
  const over = select('over', 'Length of the effort', OVER);
  const date = h('input', {
    type: 'date',
    'aria-label': 'A day of the period',
    value: /^\d{4}-/.test(filter.date) ? filter.date : null,
    onchange: () => change('date', date.value || 'today'),
  });
  root.append(
    h('a', { class: 'back', href: '#/rides' }, '← Rides'),
    h('div', { class: 'head' }, h('h1', {}, 'Leaderboard'), note),
    fault,
    panel(
      'Riders',
      {},
      h(
        'div',
        { class: 'filters' },
        select('period', 'Period', PERIODS),
        date,
        select('by', 'Ranked by', BY),
        over,
        select('gender', 'Any gender', GENDER_OPTIONS, true),
        select('ageGroup', 'Any age', AGE_OPTIONS, true),
      ),
      board,
      none,
    ),
  );

  function change(name, value) {
    filter[name] = value;
    load();
  }

  async function load() {
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    const { date: day, ...wanted } = filter;
    over.hidden = wanted.by !== 'power' && wanted.by !== 'wattsPerKg';
    const kept = filled(Object.fromEntries(Object.entries(filter).filter(([name, value]) => value !== DEFAULTS[name])));
    history.replaceState(null, '', `#/leaderboard${kept.size ? `?${kept}` : ''}`);
    text(fault, '');
    try {
      const found = await session.json(`v1/days/${day}/leaderboard?${filled({ ...wanted, zone: ZONE, limit: 100 })}`, { signal });
      if (signal.aborted) return;
      show(found);
    } catch (e) {
      if (signal.aborted) return;
      text(note, '');
      text(fault, e.message);
    }
  }

  function show({ items, unit: word, date: day, period }) {
    text(unit, word === 'rides' ? 'Rides' : word);
    text(note, `${PERIODS.find(([key]) => key === period)?.[1] ?? period} of ${dayWord(day)} · ${plural(items.length, 'rider')} · ${ZONE}`);
    none.hidden = items.length > 0;
    board.hidden = items.length === 0;
    const hasRides = items.some((item) => item.rideId);
    rideHead.hidden = !hasRides;
    rows.replaceChildren(
      ...items.map(({ rank, rider, value, rideId }) =>
        h(
          'tr',
          {},
          h('td', {}, String(rank)),
          h(
            'th',
            { scope: 'row' },
            rider.riderId == null ? riderWord(rider) : h('a', { href: `#/rider/${rider.riderId}` }, riderWord(rider)),
            h(
              'span',
              { class: 'who' },
              ` ${[GENDER_WORD[rider.gender], rider.ageGroup && ageGroupWord(rider.ageGroup)].filter(Boolean).join(', ')}`,
            ),
          ),
          h('td', { class: 'number' }, word === 'kJ' || word === 'W/kg' ? tenths(value) : count(value)),
          hasRides && h('td', {}, rideId ? h('a', { href: `#/ride/${rideId}` }, `Ride ${rideId}`) : '–'),
        ),
      ),
    );
  }

  load();
  return { close: () => loading.abort() };
}
