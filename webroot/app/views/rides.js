import { empty, h, panel, text } from '../dom.js';
import { offer } from '../download.js';
import { AGE_OPTIONS, choose, filled, GENDER_OPTIONS, ZONE } from '../filters.js';
import { count, plural, timeOfDay } from '../format.js';
import { RideTable } from '../ride-table.js';

const PAGE = 50;
const CSV_PAGE = 200;
const MAX_CSV_PAGES = 50;
const MAX_RIDERS = 100;
const TYPING_MS = 300;
const FILTERS = ['rider', 'bike', 'city', 'gender', 'ageGroup', 'status', 'from', 'to', 'sort', 'cursor'];

/** Stored rides, with filters, order and page in the address. */
export function ridesView(root, app, { query }) {
  const { session } = app;
  const filter = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? '']));
  const earlier = [];
  let next = null;
  let typing = 0;
  /** Whether more riders have the name than the list shows. */
  let isCut = false;
  let loading = new AbortController();
  const mayNames = session.may('riders:read');

  const note = h('p', { class: 'note', role: 'status' }, 'Loading…');
  const fault = h('p', { class: 'fault', role: 'alert' });
  const table = new RideTable('Rides', (sort) => change('sort', sort), mayNames ? [] : ['city']);
  const none = empty('No rides match', 'Change the filters, or show all rides.');
  none.hidden = true;
  const input = (name, label, type, props = {}) => {
    const field = h('input', {
      type,
      value: filter[name],
      'aria-label': label,
      placeholder: type === 'search' ? label : null,
      ...props,
      oninput: () => {
        clearTimeout(typing);
        typing = setTimeout(() => change(name, field.value.trim()), TYPING_MS);
      },
    });
    return field;
  };
  const dated = (name, word) => h('label', { class: 'dated' }, word, input(name, word, 'date'));
  const select = (name, label, options) => choose(label, options, filter[name], (value) => change(name, value));
  const pager = (word, go) => h('button', { type: 'button', class: 'small', disabled: true, onclick: go }, word);
  const back = pager('Previous', () => turn(earlier.pop() ?? ''));
  const forth = pager('Next', () => {
    earlier.push(filter.cursor);
    turn(next);
  });
  const csv = h('button', { type: 'button', class: 'small', onclick: () => saveCsv() }, 'CSV');
  root.append(
    h('div', { class: 'head' }, h('h1', {}, 'Rides'), note, h('p', { class: 'aside' }, h('a', { href: '#/leaderboard' }, 'Leaderboard'))),
    fault,
    panel(
      'Past and live rides',
      { aside: h('div', { class: 'choices', role: 'group', 'aria-label': 'Pages' }, back, forth, csv) },
      h(
        'div',
        { class: 'filters', role: 'search' },
        input('rider', mayNames ? 'Rider’s name or number' : 'Rider’s number', 'search', { 'aria-keyshortcuts': '/' }),
        input('bike', 'Bike', 'search', { class: 'short' }),
        mayNames && input('city', 'City', 'search', { class: 'short' }),
        select('gender', 'Any gender', GENDER_OPTIONS),
        select('ageGroup', 'Any age', AGE_OPTIONS),
        select('status', 'Any state', [
          ['live', 'Live'],
          ['ended', 'Ended'],
        ]),
        dated('from', 'From'),
        dated('to', 'To'),
        h('button', { type: 'button', class: 'small', onclick: () => location.assign('#/rides?') }, 'All rides'),
      ),
      table.node,
      none,
    ),
  );

  function change(name, value) {
    filter[name] = value;
    filter.cursor = '';
    earlier.length = 0;
    load();
  }

  function turn(cursor) {
    filter.cursor = cursor;
    load();
    window.scrollTo(0, 0);
  }

  /** The parameters of the API; null if no rider has the name. */
  async function parameters(signal) {
    const { rider, to, from, ...rest } = filter;
    const wanted = { ...rest, from, zone: from || to ? ZONE : '' };
    // The API excludes `to`, the page includes its day.
    if (to) wanted.to = dayAfter(to);
    isCut = false;
    if (/^\d+$/.test(rider)) wanted.riders = rider;
    else if (rider && mayNames) {
      const found = await session.json(`v1/riders?limit=${MAX_RIDERS}&name=${encodeURIComponent(rider)}`, { signal });
      if (!found.items.length) return null;
      isCut = Boolean(found.next);
      wanted.riders = found.items.map((item) => item.riderId).join(',');
    }
    return wanted;
  }

  async function load() {
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    const address = filled(filter);
    history.replaceState(null, '', `#/rides${address.size ? `?${address}` : ''}`);
    text(fault, '');
    text(note, 'Loading…');
    try {
      const wanted = await parameters(signal);
      const page = wanted ? await session.patientJson(`v1/rides?${filled({ ...wanted, limit: PAGE })}`, { signal }) : { items: [] };
      if (signal.aborted) return;
      next = page.next ?? null;
      table.show(page.items, filter.sort || '-startedAt');
      table.node.hidden = page.items.length === 0;
      none.hidden = page.items.length > 0;
      back.disabled = !filter.cursor;
      forth.disabled = !next;
      csv.disabled = page.items.length === 0;
      text(
        note,
        [
          `${plural(page.items.length, 'ride')} on this page${next ? ', more follow' : ''}`,
          isCut && `only the first ${MAX_RIDERS} riders with this name`,
          `as of ${timeOfDay(app.fleet.now())}, ${ZONE}`,
        ]
          .filter(Boolean)
          .join(' · '),
      );
    } catch (e) {
      if (signal.aborted) return;
      text(note, '');
      text(fault, e.message);
    }
  }

  /** All rides of the filter, not only those of the page. */
  async function saveCsv() {
    const { signal } = loading;
    csv.disabled = true;
    text(fault, '');
    try {
      const wanted = { ...(await parameters(signal)), limit: CSV_PAGE };
      const parts = [];
      let cursor = '';
      do {
        const page = await session.patiently(() =>
          session.request(`v1/rides?${filled({ ...wanted, cursor })}`, { accept: 'text/csv', signal }),
        );
        const rows = await page.text();
        parts.push(parts.length ? rows.slice(rows.indexOf('\n') + 1) : rows);
        cursor = nextCursor(page.headers.get('link'));
        text(note, `Reading ${count(parts.length * CSV_PAGE)} rides…`);
      } while (cursor && parts.length < MAX_CSV_PAGES);
      offer(new Blob(parts, { type: 'text/csv' }), 'rides.csv');
      text(note, cursor ? `The file has the first ${count(parts.length * CSV_PAGE)} rides.` : 'The file has all rides that match.');
    } catch (e) {
      if (!signal.aborted) text(fault, e.message);
    }
    csv.disabled = false;
  }

  load();
  return {
    close() {
      clearTimeout(typing);
      loading.abort();
    },
  };
}

/** The cursor in a Link header with `rel="next"`; empty on the last page. */
function nextCursor(link) {
  const address = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return address ? (new URL(address, location.href).searchParams.get('cursor') ?? '') : '';
}

function dayAfter(isoDate) {
  const day = new Date(`${isoDate}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}
