import { bars } from '../charts.js';
import { empty, h, panel, text } from '../dom.js';
import { SILENT_AFTER_MS } from '../fleet.js';
import { count, duration, tenths, when } from '../format.js';

const INTERVAL_MS = 5_000;
const HOUR_MS = 3_600_000;
const WORDS = {
  EMPTY: 'Empty',
  TOO_LARGE: 'Too large',
  INVALID_UTF8: 'Not UTF-8',
  NOT_JSON: 'Not JSON',
  NO_LOG: 'No log line',
  UNKNOWN_LINE: 'Unknown line',
  BAD_TIMESTAMP: 'Bad time',
  BAD_NUMBER: 'Bad number',
  BAD_RIDER_DATA: 'Bad rider data',
  BAD_DURATION: 'Bad duration',
  STRAY_TELEMETRY: 'Stray telemetry',
  TOO_MANY_STREAMS: 'Too many streams',
  REFUSED_BY_DATABASE: 'Refused by the database',
};
const word = (key) =>
  WORDS[key?.toUpperCase?.()] ??
  (key ?? '')
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/^./, (c) => c.toUpperCase());

const sinceStart = () => h('span', { class: 'note' }, 'since the start of this process');

export function qualityView(root, app) {
  const { session, fleet } = app;
  let timer = 0;
  let closed = false;
  const sums = h('dl', { class: 'tiles' });
  const cleaned = h('div', {});
  const reasons = h('div', {});
  const streams = h('div', {});
  const records = h('div', {});
  const note = h('p', { class: 'note' });
  let completeness = null;
  root.append(
    h('div', { class: 'head' }, h('h1', {}, 'Data quality'), note),
    sums,
    h(
      'div',
      { class: 'quality-body' },
      panel('Streams', {}, streams),
      panel('Quarantined, by reason', { aside: sinceStart() }, reasons),
      panel('Cleaned readings, by kind', { aside: sinceStart() }, cleaned),
      panel('Quarantine', { class: 'wide' }, records),
    ),
  );

  async function load() {
    const [status, page] = await Promise.allSettled([session.json('v1/status'), session.json('v1/quarantine?limit=50')]);
    if (closed) return;
    if (status.status === 'fulfilled') drawIngest(status.value.ingest);
    else streams.replaceChildren(unavailable(status.reason, 'The figures of ingest require the scope ops.'));
    if (page.status === 'fulfilled') drawRecords(page.value.items);
    else records.replaceChildren(unavailable(page.reason, 'Quarantined records contain raw data; viewing them requires the scope ops.'));
    timer = setTimeout(load, INTERVAL_MS);
  }

  async function loadCompleteness() {
    try {
      const page = await session.json(`v1/rides?limit=200&status=ended&from=${new Date(fleet.now() - 12 * HOUR_MS).toISOString()}`);
      const expected = page.items.reduce((a, r) => a + (r.durationS ?? 0), 0);
      const received = page.items.reduce((a, r) => a + (r.readings ?? 0), 0);
      completeness = expected ? { expected, received, rides: page.items.length } : null;
    } catch {
      completeness = null;
    }
    draw();
  }

  function unavailable(failure, permission) {
    return failure.status === 403 ? empty('No permission', permission) : empty('Not available', failure.message);
  }

  function drawIngest(ingest) {
    streams.replaceChildren(
      h(
        'table',
        { class: 'bests' },
        h(
          'tbody',
          {},
          [
            ['Kafka consumer lag, records', count(ingest.lagRecords)],
            ['Readings stored since the start of this process', count(ingest.readings)],
            ['Records lost before they were consumed', count(ingest.lostRecords)],
            [
              'Bikes with data in the last 30 s',
              count([...fleet.rides.values()].filter((r) => fleet.asOf() - r.at < SILENT_AFTER_MS).length),
            ],
            [
              'Bikes without data in an open ride',
              count([...fleet.rides.values()].filter((r) => fleet.asOf() - r.at >= SILENT_AFTER_MS).length),
            ],
          ].map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value))),
        ),
      ),
    );
    const list = (rows, none) =>
      rows.length
        ? bars(
            rows.map((r) => ({ label: word(r.name), value: r.count })),
            count,
          )
        : empty(none);
    reasons.replaceChildren(list(ingest.quarantined, 'No quarantined records'));
    cleaned.replaceChildren(list(ingest.cleaned, 'No cleaned readings'));
  }

  function drawRecords(items) {
    if (!items.length) {
      records.replaceChildren(empty('The quarantine is empty', 'Unusable records are kept here unchanged.'));
      return;
    }
    records.replaceChildren(
      h(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Quarantined records' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Received', 'Reason', 'From', 'Size', 'Status', 'Text'].map((title) => h('th', { scope: 'col' }, title)),
            ),
          ),
          h(
            'tbody',
            {},
            items.map((r) =>
              h(
                'tr',
                {},
                h('td', {}, when(Date.parse(r.receivedAt))),
                h('td', {}, word(r.reason)),
                h('td', {}, `${r.key ?? '–'} · ${r.topic} ${r.partition}/${r.offset}`),
                h('td', {}, `${count(r.sizeBytes)} B`),
                h('td', {}, r.status),
                h('td', { class: 'raw' }, (r.detail ?? r.value ?? '').slice(0, 160)),
              ),
            ),
          ),
        ),
      ),
    );
  }

  function draw() {
    const { totals } = fleet;
    const share = completeness && (completeness.received / completeness.expected) * 100;
    sums.replaceChildren(
      ...[
        ['Readings', count(totals?.readingsPerS), ' /s'],
        ['Expected', count(totals?.riding), ' /s'],
        ['Received of expected', share == null ? '–' : tenths(Math.min(100, share)), share == null ? '' : ' %'],
        ['Quarantined since the start', count(totals?.quarantined), ''],
      ].map(([label, value, unit]) =>
        h('div', { class: 'tile' }, h('dt', {}, label), h('dd', {}, h('b', {}, value), unit && h('span', { class: 'unit' }, unit))),
      ),
    );
    text(
      note,
      completeness
        ? `Received of expected: ${count(completeness.received)} readings in ${duration(completeness.expected)} of the ${count(completeness.rides)} latest ended rides`
        : 'A bike in use sends one reading per second',
    );
  }

  load();
  loadCompleteness();
  return {
    draw,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
