import { empty, h, mark, text, toggle } from '../dom.js';
import { isOutOfRange, isSilent, nameOf, rankOf } from '../fleet.js';
import { count, duration, severity, timeOfDay } from '../format.js';
import { HeatMap } from '../heat-map.js';
import { isOngoing } from '../alerts.js';

const SHOWN_ALERTS = 8;
const RELOAD_AFTER_MS = 300_000;
const CHECK_MS = 30_000;
const TILES = [
  ['riding', 'Riding now'],
  ['high', 'Critical alerts', 'high'],
  ['medium', 'Warnings', 'medium'],
  ['outside', 'Out of range'],
];

/** The fleet for a screen on a wall: no controls, large tiles, and the ongoing alerts. Recovers without a user. */
export function wallView(root, app) {
  const { fleet, feed, alerts, session } = app;
  const map = new HeatMap(!session.may('riders:read'), () => Math.max(200, innerHeight - map.node.getBoundingClientRect().top - 24), 360);
  const values = {};
  const tiles = h(
    'dl',
    { class: 'tiles' },
    TILES.map(([key, label, kind]) => {
      values[key] = h('b', {}, '–');
      return h('div', { class: 'tile' }, h('dt', {}, label), h('dd', {}, kind && mark(kind), values[key]));
    }),
  );
  const list = h('ul', { class: 'wall-alerts', 'aria-label': 'Ongoing alerts' });
  const calm = h('p', { class: 'empty-title' }, 'No ongoing alerts');
  const noRides = empty('No open rides', 'Rides appear here when they start.');
  const clock = h('p', { class: 'wall-clock' });
  root.append(
    h('h1', { class: 'unseen' }, 'Fleet wall'),
    h('div', { class: 'wall-top' }, tiles, clock),
    h('div', { class: 'wall-body' }, h('div', {}, map.node, noRides), h('section', { 'aria-label': 'Alerts' }, list, calm)),
    h('a', { class: 'wall-exit', href: '#/fleet' }, 'Leave the wall'),
  );
  document.body.classList.add('is-wall');

  const arrange = () => map.arrange(fleet.rides);
  fleet.addEventListener('membership', arrange);
  arrange();
  let lock = null;
  const keepAwake = async () => {
    if (document.visibilityState === 'visible') lock = await navigator.wakeLock?.request('screen').catch(() => null);
  };
  keepAwake();
  document.addEventListener('visibilitychange', keepAwake);

  let liveAt = performance.now();
  /** Reloads the page, with its scripts, after minutes without data, if the gateway responds. */
  const check = setInterval(async () => {
    if (feed.state === 'live') liveAt = performance.now();
    if (performance.now() - liveAt < RELOAD_AFTER_MS) return;
    const answer = await fetch('live/config').catch(() => null);
    if (answer?.ok) location.reload();
  }, CHECK_MS);

  function draw() {
    const now = fleet.asOf();
    const ranks = new Map([...fleet.rides.values()].map((ride) => [ride.ride, rankOf(ride, now)]));
    const rides = [...fleet.rides.values()];
    const started = fleet.seq !== null;
    const show = (key, value) => text(values[key], started ? count(value) : '–');
    const having = (rank) => rides.filter((ride) => ranks.get(ride.ride) === rank).length;
    show('riding', fleet.totals?.riding ?? rides.length - having('idle'));
    for (const kind of ['high', 'medium']) {
      show(kind, having(kind));
      toggle(values[kind].closest('.tile'), 'is-loud', started && having(kind) > 0);
    }
    show('outside', rides.filter(isOutOfRange).length);
    text(clock, timeOfDay(fleet.now()));
    map.draw(ranks, now, () => true);
    map.node.hidden = rides.length === 0;
    noRides.hidden = !started || rides.length > 0;
    const ongoing = (session.isWall ? firing(rides, ranks) : alerts.all.filter(isOngoing)).slice(0, SHOWN_ALERTS);
    list.replaceChildren(...ongoing.map(line));
    calm.hidden = ongoing.length > 0 || feed.state !== 'live' || !alerts.loaded;
  }

  /** The alerts of a display with a wall token, which receives rides and changes, but no stored alerts. */
  function firing(rides, ranks) {
    const known = new Map(alerts.all.filter(isOngoing).map((alert) => [alert.rideId, alert]));
    return rides
      .filter((ride) => ranks.get(ride.ride) === 'high' || ranks.get(ride.ride) === 'medium')
      .sort((a, b) => (ranks.get(a.ride) === 'high' ? 0 : 1) - (ranks.get(b.ride) === 'high' ? 0 : 1))
      .map((ride) => ({ rideId: ride.ride, severity: ride.severity, raisedAt: known.get(ride.ride)?.raisedAt }));
  }

  function line(alert) {
    const look = severity(alert.severity);
    const ride = fleet.rides.get(alert.rideId);
    const silent = ride && isSilent(ride, fleet.asOf());
    const bpm = ride?.hr ?? null;
    const bike = alerts.bikeOf(alert);
    return h(
      'li',
      { class: `alert alert-${look.kind}` },
      mark(look.kind),
      h(
        'div',
        {},
        h('p', { class: 'wall-name' }, ride ? nameOf(ride) : alerts.nameOf(alert)),
        h(
          'p',
          {},
          [
            bike && ride?.rider?.name && `bike ${bike}`,
            silent ? 'no data' : bpm === null ? 'no HR signal' : `${bpm} bpm`,
            alert.raisedAt && `for ${duration((fleet.asOf() - alert.raisedAt) / 1000)}`,
          ]
            .filter(Boolean)
            .join(' · '),
        ),
        alert.acknowledgedAt && h('p', { class: 'note' }, `Acknowledged${alert.acknowledgedBy ? ` by ${alert.acknowledgedBy}` : ''}`),
      ),
    );
  }

  return {
    draw,
    close() {
      document.body.classList.remove('is-wall');
      clearInterval(check);
      document.removeEventListener('visibilitychange', keepAwake);
      lock?.release();
      fleet.removeEventListener('membership', arrange);
    },
  };
}
