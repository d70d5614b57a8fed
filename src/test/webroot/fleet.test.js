import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fleet, nameOf, noSignalS, rangeWord, rankOf, shareOfMax, SILENT_AFTER_MS, stateWord } from '../../../webroot/app/fleet.js';

const T0 = 1_700_000_000_000;
const ride = (id, values = {}) => ({
  ride: id,
  bike: `SN${id}`,
  rider: { gender: 'female', ageGroup: '35-44', min: 45, max: 174 },
  startedAt: T0,
  s: 10,
  hr: 120,
  rpm: 80,
  res: 30,
  w: 100,
  at: T0,
  min: 45,
  max: 174,
  state: 'normal',
  severity: null,
  kj: 1,
  inUse: true,
  ...values,
});
const frame = (seq, values = {}) => ({
  seq,
  at: T0 + seq * 500,
  ride: [],
  s: [],
  hr: [],
  rpm: [],
  res: [],
  w: [],
  age: [],
  started: [],
  ended: [],
  silent: [],
  ...values,
});
const reading = (seq, id, s, hr, w) => frame(seq, { ride: [id], s: [s], hr: [hr], rpm: [80], res: [30], w: [w], age: [200] });

function fleetOf(...rides) {
  const fleet = new Fleet();
  fleet.reset({ seq: 1, at: T0, rides, totals: { riding: rides.length } });
  return fleet;
}

test('a frame applies only if it follows the last one', () => {
  const fleet = fleetOf(ride(1));
  assert.equal(fleet.apply(frame(3)), false);
  assert.equal(fleet.apply(frame(2)), true);
  assert.equal(fleet.apply(frame(2, { ended: [1] })), true, 'a repeated frame is ignored');
  assert.equal(fleet.rides.size, 1);
});

test('no frame applies before the first snapshot', () => {
  assert.equal(new Fleet().apply(frame(1)), false);
});

test('readings update the ride and add its energy', () => {
  const fleet = fleetOf(ride(1));
  fleet.apply(reading(2, 1, 12, 130, 500));
  const updated = fleet.rides.get(1);
  assert.deepEqual([updated.s, updated.hr, updated.w, updated.at], [12, 130, 500, T0 + 1000 - 200]);
  assert.equal(updated.kj, 2);
});

test('rides start and end with frames and announce the change of membership', () => {
  const fleet = fleetOf(ride(1));
  let changes = 0;
  fleet.addEventListener('membership', () => changes++);
  fleet.apply(frame(2, { started: [ride(2)] }));
  fleet.apply(frame(3, { ended: [1] }));
  fleet.apply(frame(4));
  assert.deepEqual([...fleet.rides.keys()], [2]);
  assert.equal(changes, 2);
});

test('a snapshot keeps names that arrived earlier', () => {
  const fleet = fleetOf(ride(1));
  fleet.name({ ride: 1, name: 'Ann', age: 36 });
  fleet.reset({ seq: 9, at: T0, rides: [ride(1)] });
  assert.equal(nameOf(fleet.rides.get(1)), 'Ann');
  assert.equal(nameOf(ride(2)), 'Bike SN2');
});

test('the seconds without heart rate count from the last measured one', () => {
  const fleet = fleetOf(ride(1, { s: 10, hr: 120 }));
  fleet.apply(reading(2, 1, 22, null, 100));
  assert.equal(noSignalS(fleet.rides.get(1)), 12);
  assert.equal(stateWord(fleet.rides.get(1), 'low', T0), 'No HR signal · 12 s');
  assert.equal(shareOfMax(fleet.rides.get(1)), null);
});

test('firing ranks before silence, silence before everything else', () => {
  const late = T0 + SILENT_AFTER_MS + 1;
  assert.equal(rankOf(ride(1, { state: 'firing', severity: 'critical' }), late), 'high');
  assert.equal(rankOf(ride(1, { state: 'firing', severity: 'warning' }), late), 'medium');
  assert.equal(rankOf(ride(1, { state: 'recovering' }), late), 'idle');
  assert.equal(rankOf(ride(1, { state: 'recovering' }), T0), 'recovering');
  assert.equal(rankOf(ride(1, { state: 'pending' }), T0), 'pending');
  assert.equal(rankOf(ride(1, { hr: null }), T0), 'low');
  assert.equal(rankOf(ride(1), T0), 'ok');
});

test('an alert that ended leaves no severity behind', () => {
  const fleet = fleetOf(ride(1));
  fleet.alarm({ ride: 1, phase: 'firing', severity: 'critical', min: 45, max: 174 });
  assert.equal(fleet.rides.get(1).severity, 'critical');
  fleet.alarm({ ride: 1, phase: 'ended', severity: 'critical' });
  assert.deepEqual([fleet.rides.get(1).state, fleet.rides.get(1).severity, fleet.rides.get(1).max], ['normal', null, 174]);
});

test('a rider without a known range is not said to be in range', () => {
  assert.equal(stateWord(ride(1), 'ok', T0), 'In range');
  assert.equal(stateWord(ride(1, { min: null, max: null }), 'ok', T0), 'No alert');
  assert.equal(rangeWord([ride(1)]), 'All measured heart rates are in range.');
  assert.equal(rangeWord([]), 'No heart rate is measured now.');
  assert.equal(rangeWord([ride(1, { hr: null })]), 'No heart rate is measured now.');
  assert.equal(rangeWord([ride(1), ride(2, { max: null })]), 'No rider with a known range is out of it.');
  assert.equal(rangeWord([ride(1, { state: 'firing' }), ride(2, { state: 'pending' })]), '2 riders out of range now');
});

test('an alert of a silent bike says that there are no data', () => {
  const firing = ride(1, { state: 'firing', severity: 'critical', high: true, hr: 190 });
  assert.equal(stateWord(firing, 'high', T0), 'Critical: above range');
  assert.equal(stateWord(firing, 'high', T0 + 45_000), 'Critical: above range · no data for 45 s');
  assert.equal(stateWord(ride(1), 'idle', T0 + 600_000), 'Not in use · 10 min');
});

test('without frames no time passes for the values, so that no bike becomes silent', () => {
  const fleet = new Fleet();
  assert.ok(Math.abs(fleet.now() - Date.now()) < 1_000, 'the time of the browser before the first frame');
  assert.ok(Math.abs(fleet.asOf() - Date.now()) < 1_000);
  fleet.reset({ seq: 1, at: T0, rides: [ride(1)] });
  assert.equal(fleet.asOf(), T0);
  assert.equal(rankOf(fleet.rides.get(1), fleet.asOf()), 'ok');
});

test('the end of a ride is announced, its absence from a snapshot is not its end', () => {
  const fleet = fleetOf(ride(1), ride(2));
  const ended = [];
  fleet.addEventListener('ended', ({ detail }) => ended.push(...detail));
  fleet.apply(frame(2, { ended: [1] }));
  fleet.reset({ seq: 9, at: T0, rides: [] });
  assert.deepEqual(ended, [1]);
});

test('a name cannot reorder the text around it', () => {
  assert.equal(nameOf(ride(1, { rider: { name: 'Ann\u202E bpm 021' } })), 'Ann bpm 021');
  assert.equal(nameOf(ride(1, { rider: { name: 'نور 👩‍🚀' } })), 'نور 👩‍🚀');
});

test('the first readings outside the range, before the alert, are not called in range', () => {
  for (const hr of [175, 44]) {
    const leaving = ride(1, { hr });
    assert.equal(stateWord(leaving, rankOf(leaving, T0), T0), 'Leaving range');
    assert.equal(rangeWord([leaving]), '1 rider out of range now');
  }
  for (const hr of [174, 45]) assert.equal(rangeWord([ride(1, { hr })]), 'All measured heart rates are in range.');
  const back = ride(1, { hr: 175, state: 'recovering' });
  assert.equal(rankOf(back, T0), 'recovering');
});
