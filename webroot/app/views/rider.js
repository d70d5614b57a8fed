import { bars } from '../charts.js';
import { empty, h, panel, text } from '../dom.js';
import { ageGroupWord, count, dayOfYear, duration, elapsed, GENDER_WORD, severity, tenths, whenOn } from '../format.js';
import { RideTable, riderWord } from '../ride-table.js';
import { exportButton } from '../rider-export.js';
import { AlertSettings } from '../rider-settings.js';
import { TrainingLoad } from '../training-load.js';

const RIDES = 20;
const ALERTS = 20;
const RECORDS = [
  ['durationS', 'Longest ride', elapsed],
  ['energyKj', 'Most energy', (v) => `${tenths(v)} kJ`],
  ['powerMaxW', 'Highest power', (v) => `${count(v)} W`],
  ['powerBest5sW', 'Best 5 s', (v) => `${count(v)} W`],
  ['powerBest1minW', 'Best minute', (v) => `${count(v)} W`],
  ['powerBest5minW', 'Best 5 min', (v) => `${count(v)} W`],
  ['powerBest20minW', 'Best 20 min', (v) => `${count(v)} W`],
  ['heartRateMaxBpm', 'Highest heart rate', (v) => `${count(v)} bpm`],
];

/** One rider: profile, records, power curve, load, rides, alerts, settings and export, by the scopes of the user. */
export function riderView(root, app, { rest }) {
  const { session, fleet } = app;
  let identity = '';
  let wasRiding = false;
  const id = rest[0];
  const stop = new AbortController();
  const get = (path) => session.patientJson(`v1/riders/${id}${path}`, { signal: stop.signal });
  const mayNames = session.may('riders:read');

  const title = h('h1', {}, `Rider ${id}`);
  const who = h('p', { class: 'note' });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const missing = empty('Rider not found', 'The data may have been erased, or the address is wrong.');
  missing.hidden = true;
  const sums = h('dl', { class: 'tiles' });
  const profile = h('dl', { class: 'facts' });
  const records = h('tbody', {});
  const curve = h('div', {});
  const load = new TrainingLoad(session, stop.signal);
  const table = new RideTable('Rides of this rider', null, ['rider', 'city']);
  const noRides = empty('No rides', 'Rides appear here when they start.');
  noRides.hidden = true;
  const alerts = h('tbody', {});
  const noAlerts = h('p', { class: 'note', hidden: true }, 'No alerts.');
  const settings = mayNames && new AlertSettings(session, id);
  const exported = mayNames && exportButton(session, id, 'Save all data of this rider', stop.signal, (message) => text(fault, message));
  const body = h(
    'div',
    { class: 'rider-body', hidden: true },
    h('div', { class: 'wide' }, sums),
    mayNames && panel('Profile', {}, profile),
    panel('Records', {}, h('table', { class: 'bests' }, records)),
    panel('Power curve', {}, h('p', { class: 'note' }, 'Best mean power over the latest 200 ended rides'), curve),
    panel('Load and zones', { class: 'wide' }, load.node),
    panel('Rides', { class: 'wide', aside: h('a', { href: `#/rides?rider=${id}` }, 'All rides') }, table.node, noRides),
    panel(
      'Alerts',
      { class: 'two' },
      h(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Alerts of this rider' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Raised', 'Severity', 'Worst', 'Acknowledged'].map((word) => h('th', { scope: 'col' }, word)),
            ),
          ),
          alerts,
        ),
      ),
      noAlerts,
    ),
    settings && panel('Alert settings', {}, settings.node),
  );
  root.append(
    h('a', { class: 'back', href: '#/rides' }, '← Rides'),
    h('div', { class: 'head' }, h('div', {}, title, who), h('div', { class: 'aside' }, exported)),
    fault,
    missing,
    body,
  );

  async function start() {
    try {
      const detail = await get('');
      if (stop.signal.aborted) return;
      body.hidden = false;
      show(detail);
    } catch (e) {
      if (stop.signal.aborted) return;
      missing.hidden = e.status !== 404;
      if (e.status !== 404) text(fault, e.message);
      return;
    }
    const [rides, raised] = await Promise.allSettled([
      get(`/rides?limit=200`),
      session.patientJson(`v1/alerts?rider=${id}&limit=${ALERTS}`, { signal: stop.signal }),
      settings && settings.load(),
    ]);
    if (stop.signal.aborted) return;
    if (rides.status === 'fulfilled') {
      const { items } = rides.value;
      table.show(items.slice(0, RIDES));
      table.node.hidden = items.length === 0;
      noRides.hidden = items.length > 0;
      load.show(items);
    } else text(fault, rides.reason.message);
    if (raised.status === 'fulfilled') showAlerts(raised.value.items);
  }

  function show({ rider, rides, live, lastRideAt, durationS, energyKj, powerMeanW, heartRateMeanBpm, records: best, powerCurve }) {
    text(title, riderWord(rider));
    app.title(riderWord(rider));
    const age = rider.ageYears ?? (rider.ageGroup && ageGroupWord(rider.ageGroup));
    identity = [GENDER_WORD[rider.gender], age, rider.address?.city, `rider ${rider.riderId}`].filter(Boolean).join(' · ');
    wasRiding = live;
    draw();
    sums.replaceChildren(
      ...[
        ['Rides', count(rides), ''],
        ['Time on bikes', duration(durationS), ''],
        ['Energy', count(energyKj), ' kJ'],
        ['Mean power', count(powerMeanW), ' W'],
        ['Mean heart rate', count(heartRateMeanBpm), ' bpm'],
      ].map(([label, value, unit]) =>
        h('div', { class: 'tile' }, h('dt', {}, label), h('dd', {}, h('b', {}, value), unit && h('span', { class: 'unit' }, unit))),
      ),
    );
    const { unit, street, city, postcode } = rider.address ?? {};
    profile.replaceChildren(
      ...[
        ['Born', rider.dateOfBirth && dayOfYear(rider.dateOfBirth)],
        ['Mail', rider.emailAddress],
        ['Address', [unit, street, city, postcode].filter(Boolean).join(', ')],
        ['Height', rider.heightCm && `${rider.heightCm} cm`],
        ['Weight', rider.weightKg && `${rider.weightKg} kg`],
        ['Account since', rider.accountCreated && dayOfYear(rider.accountCreated)],
        ['Latest ride', lastRideAt && whenOn(Date.parse(lastRideAt))],
      ]
        .filter(([, value]) => value)
        .flatMap(([word, value]) => [h('dt', {}, word), h('dd', {}, value)]),
    );
    const known = RECORDS.filter(([key]) => best[key]?.value != null);
    records.replaceChildren(
      ...(known.length
        ? known.map(([key, word, format]) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, word),
              h('td', {}, h('a', { href: `#/ride/${best[key].rideId}` }, format(best[key].value))),
            ),
          )
        : [h('tr', {}, h('td', {}, 'No ended rides.'))]),
    );
    curve.replaceChildren(
      powerCurve.length
        ? bars(
            powerCurve.map(({ seconds, powerW }) => ({ label: duration(seconds), value: powerW })),
            (value) => `${count(value)} W`,
          )
        : empty('No ended rides'),
    );
  }

  function showAlerts(items) {
    alerts.closest('.scroll').hidden = items.length === 0;
    noAlerts.hidden = items.length > 0;
    alerts.replaceChildren(
      ...items.map((alert) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, h('a', { href: `#/ride/${alert.rideId}` }, whenOn(Date.parse(alert.raisedAt)))),
          h('td', {}, severity(alert.severity).word),
          h('td', {}, `${alert.worstBpm ?? alert.raisedBpm} bpm, ${alert.high ? 'above' : 'below'} range`),
          h('td', {}, alert.acknowledgedAt ? whenOn(Date.parse(alert.acknowledgedAt)) : 'No'),
        ),
      ),
    );
  }

  /** By the live feed, if there is one. */
  function draw() {
    const riding = fleet.seq === null ? wasRiding : [...fleet.rides.values()].some((ride) => String(ride.rider?.id) === id);
    if (identity) text(who, riding ? `${identity} · riding now` : identity);
  }

  start();
  return {
    draw,
    recolour: () => load.recolour(),
    close() {
      stop.abort();
      load.close();
    },
  };
}
