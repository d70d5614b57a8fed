import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertBook } from '../../../webroot/app/alerts.js';
import { Fleet } from '../../../webroot/app/fleet.js';
import { silenceOf } from '../../../webroot/app/silences.js';

const T0 = Date.parse('2026-11-24T10:00:00Z');

class Feed extends EventTarget {
  state = 'live';
  listen(address, receive) {
    if (address === 'live.alerts') this.receive = receive;
  }
}

function book(items = [], respond = () => ({})) {
  const feed = new Feed();
  const json = async (path, options) => (path.startsWith('v1/alerts?limit') ? { items, next: items.next } : respond(path, options));
  const session = { may: () => true, json, request: json };
  const fleet = new Fleet();
  fleet.reset({ seq: 1, at: T0, rides: [{ ride: 7, bike: 'SN7', rider: { name: 'Ann' }, s: 10, hr: 120, at: T0, state: 'normal' }] });
  return { alerts: new AlertBook(session, feed, fleet), feed, fleet };
}

const change = (phase, bpm, values = {}) => ({
  ride: 7,
  firstS: 3,
  s: 6,
  at: T0,
  phase,
  severity: 'critical',
  high: true,
  bpm,
  min: 45,
  max: 174,
  ...values,
});
const stored = (id, values = {}) => ({
  alertId: id,
  rideId: 7,
  raisedAt: '2026-11-24T09:00:00Z',
  raisedBpm: 180,
  worstBpm: 185,
  high: true,
  minBpm: 45,
  maxBpm: 174,
  severity: 'warning',
  phase: 'normal',
  ...values,
});

test('an alert exists from its firing on, with the worst heart rate so far', () => {
  const { alerts, feed } = book();
  feed.receive(change('pending', 176));
  assert.equal(alerts.all.length, 0);
  feed.receive(change('firing', 180));
  feed.receive(change('firing', 190));
  feed.receive(change('recovering', 170));
  assert.equal(alerts.all.length, 1);
  assert.deepEqual(
    [alerts.all[0].id, alerts.all[0].raisedBpm, alerts.all[0].worstBpm, alerts.all[0].phase],
    ['7-3', 180, 190, 'recovering'],
  );
});

test('a heart rate below the range keeps the lowest value', () => {
  const { alerts, feed } = book();
  for (const [phase, bpm] of [
    ['firing', 40],
    ['firing', 35],
    ['recovering', 50],
  ])
    feed.receive(change(phase, bpm, { high: false }));
  assert.deepEqual([alerts.all[0].high, alerts.all[0].worstBpm], [false, 35]);
});

test('stored alerts are loaded and acknowledged', async () => {
  const { alerts } = book([stored('7-1')], () => ({ ...stored('7-1'), acknowledgedAt: '2026-11-24T10:00:00Z', acknowledgedBy: 'kim' }));
  await alerts.load();
  assert.equal(alerts.open.length, 1);
  await alerts.acknowledge('7-1');
  assert.equal(alerts.open.length, 0);
  assert.equal(alerts.all[0].acknowledgedBy, 'kim');
});

test('the oldest alerts are dropped beyond 500', () => {
  const { alerts, feed } = book();
  for (let i = 0; i < 510; i++) feed.receive(change('firing', 180, { firstS: i, at: T0 + i }));
  assert.equal(alerts.all.length, 500);
  assert.equal(alerts.all.at(-1).id, '7-10');
});

test('an alert carries the name of its rider, else its bike or ride', () => {
  const { alerts, fleet } = book();
  assert.equal(alerts.nameOf({ rideId: 7 }), 'Ann');
  fleet.reset({ seq: 2, at: T0, rides: [] });
  assert.equal(alerts.nameOf({ rideId: 7 }), 'Ann', 'the name outlives the ride');
  assert.equal(alerts.nameOf({ rideId: 8 }), 'Ride 8');
});

test('ongoing alerts come first, then the severe ones, then the newest', async () => {
  const { alerts, feed } = book([stored('7-1', { severity: 'critical', raisedAt: '2026-11-24T11:00:00Z' }), stored('7-2')]);
  await alerts.load();
  feed.receive(change('firing', 180, { firstS: 3, severity: 'warning' }));
  feed.receive(change('firing', 180, { firstS: 4, severity: 'critical', at: T0 - 1 }));
  assert.deepEqual(
    alerts.all.map((alert) => alert.id),
    ['7-4', '7-3', '7-1', '7-2'],
  );
  assert.deepEqual(
    alerts.urgent.map((alert) => alert.id),
    ['7-4', '7-3'],
  );
});

test('without the scope riders:read an alert has no heart rate but a rounded distance from the range', () => {
  const { alerts, feed } = book();
  feed.receive({ ride: 7, firstS: 3, s: 6, at: T0, phase: 'firing', severity: 'critical', high: true, by: 10 });
  feed.receive({ ride: 7, firstS: 3, s: 9, at: T0 + 3000, phase: 'normal', severity: 'critical', high: true, by: 0 });
  const [alert] = alerts.all;
  assert.deepEqual([alert.by, alert.high, alert.worstBpm, alert.maxBpm, alert.endedAt], [10, true, undefined, undefined, T0 + 3000]);
});

test('many alerts are acknowledged together, and the undo opens them again', async () => {
  const sent = [];
  const { alerts } = book([stored('7-1'), stored('7-2')], (path, options) => {
    if (options) sent.push([options.method, path, options.body]);
    return { acknowledgementId: 4 };
  });
  await alerts.load();
  const number = await alerts.acknowledgeAll(alerts.open, 'Strap test');
  assert.deepEqual(sent, [['POST', 'v1/alert-acknowledgements', { alerts: ['7-1', '7-2'], comment: 'Strap test' }]]);
  await alerts.undo(number);
  assert.deepEqual(sent[1], ['DELETE', 'v1/alert-acknowledgements/4', undefined]);
  assert.equal(alerts.open.length, 2);
});

test('a silenced alert is to be acknowledged but not urgent', async () => {
  const { alerts } = book([stored('7-1', { phase: 'firing' }), stored('7-2', { phase: 'firing', silencedBy: 3 })]);
  await alerts.load();
  assert.deepEqual([alerts.open.length, alerts.urgent.map((alert) => alert.id)], [2, ['7-1']]);
});

test('silences that have ended are left out', async () => {
  const { alerts } = book([], () => ({
    items: [
      { silenceId: 1, state: 'active' },
      { silenceId: 2, state: 'expired' },
    ],
  }));
  await alerts.load();
  assert.deepEqual(
    alerts.silences.map((silence) => silence.silenceId),
    [1],
  );
});

test('a form becomes a silence from now or from its start on', () => {
  const form = { criterion: 'riderId', value: '4826', from: '', minutes: '60', comment: ' Strap test ' };
  assert.deepEqual(silenceOf(form, T0), {
    riderId: 4826,
    startsAt: undefined,
    endsAt: '2026-11-24T11:00:00.000Z',
    comment: 'Strap test',
  });
  const later = silenceOf({ ...form, criterion: 'bike', value: 'SN7 ', from: '2026-11-25T08:00:00Z' }, T0);
  assert.deepEqual([later.bike, later.startsAt, later.endsAt], ['SN7', '2026-11-25T08:00:00.000Z', '2026-11-25T09:00:00.000Z']);
});

test('the heart rate of a silent bike is not that of now', () => {
  const { alerts, fleet } = book();
  assert.equal(alerts.heartRateOf({ rideId: 7 }), 120);
  fleet.reset({ seq: 2, at: T0 + 31_000, rides: [{ ride: 7, bike: 'SN7', rider: {}, s: 10, hr: 120, at: T0, state: 'firing' }] });
  assert.equal(alerts.heartRateOf({ rideId: 7 }), null);
});

test('with more alerts than one page, all open ones are read, and those acknowledged by others are updated', async () => {
  const items = [stored('7-1')];
  const { alerts } = book(items, (path) => {
    if (path.startsWith('v1/alerts?acknowledged=false'))
      return path.includes('cursor=c2') ? { items: [stored('7-3')] } : { items: [stored('7-1')], next: 'c2' };
    return path === 'v1/alerts/7-2' ? { alert: stored('7-2', { acknowledgedAt: '2026-11-24T10:00:00Z', acknowledgedBy: 'kim' }) } : {};
  });
  items.push(stored('7-2'));
  await alerts.load();
  assert.deepEqual(alerts.open.map(({ id }) => id).sort(), ['7-1', '7-2']);
  items.pop();
  items.next = 'c1';
  await alerts.load();
  assert.deepEqual(alerts.open.map(({ id }) => id).sort(), ['7-1', '7-3']);
  assert.equal(alerts.get('7-2').acknowledgedBy, 'kim');
  assert.equal(alerts.hasMore, false);
});

test('a silence is over at its end, also if nothing is read again', async () => {
  const silence = { silenceId: 1, state: 'active', endsAt: new Date(T0 + 60_000).toISOString() };
  const { alerts, fleet } = book([], () => ({ items: [silence] }));
  await alerts.load();
  assert.equal(alerts.silences.length, 1);
  fleet.reset({ seq: 2, at: T0 + 61_000, rides: [] });
  assert.equal(alerts.silences.length, 0);
});

test('the worst heart rate is never better than that of now', async () => {
  const items = [stored('7-1', { phase: 'firing', worstBpm: 180 })];
  const { alerts, fleet } = book(items);
  await alerts.load();
  const beat = (seq, hr) => fleet.reset({ seq, at: T0, rides: [{ ride: 7, bike: 'SN7', rider: {}, s: 10, hr, at: T0, state: 'firing' }] });
  beat(2, 190);
  assert.equal(alerts.worstOf(alerts.get('7-1')), 190);
  beat(3, 170);
  await alerts.load();
  assert.equal(alerts.worstOf(alerts.get('7-1')), 190, 'also when an older value is read again');
});
