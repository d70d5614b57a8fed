import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from '../../../webroot/app/format.js';

test('an absent value is a dash, never zero', () => {
  for (const value of [null, undefined, NaN]) {
    assert.equal(format.count(value), '–');
    assert.equal(format.tenths(value), '–');
    assert.equal(format.elapsed(value), '–');
    assert.equal(format.duration(value), '–');
  }
  assert.equal(format.count(0), '0');
});

test('elapsed time has hours only from one hour on', () => {
  assert.equal(format.elapsed(0), '0:00');
  assert.equal(format.elapsed(245), '4:05');
  assert.equal(format.elapsed(3599.9), '59:59');
  assert.equal(format.elapsed(3845), '1:04:05');
  assert.equal(format.elapsed(-3), '0:00');
});

test('durations use the largest fitting unit', () => {
  assert.equal(format.duration(119), '119 s');
  assert.equal(format.duration(120), '2 min');
  assert.equal(format.duration(3840), '1 h 4 min');
  assert.equal(format.duration(360_000), '100 h');
});

test('numbers are grouped', () => {
  assert.equal(format.count(1234567.6), '1,234,568');
  assert.equal(format.tenths(1234.56), '1,234.6');
});

test('age groups are readable', () => {
  assert.equal(format.ageGroupWord('under-18'), 'Under 18');
  assert.equal(format.ageGroupWord('25-34'), '25–34');
  assert.equal(format.ageGroupWord('75-plus'), '75+');
  assert.equal(format.ageGroupWord(null), 'Unknown');
});

test('an unknown severity is shown as the lower one', () => {
  assert.equal(format.severity('critical').word, 'Critical');
  assert.equal(format.severity('warning').word, 'Warning');
  assert.equal(format.severity('other').word, 'Warning');
});

test('a time that is not today has its date', () => {
  const now = new Date(2026, 10, 24, 12, 0, 0).getTime();
  assert.equal(format.when(now - 3_600_000, now), '11:00:00');
  assert.equal(format.when(now - 86_400_000, now), '23 Nov, 12:00:00');
});

test('a noun is in the plural unless there is one', () => {
  assert.equal(format.plural(1, 'ride'), '1 ride');
  assert.equal(format.plural(0, 'ride'), '0 rides');
  assert.equal(format.plural(1200, 'ride'), '1,200 rides');
});
