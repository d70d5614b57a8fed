import assert from 'node:assert/strict';
import { test } from 'node:test';

process.env.TZ = 'Europe/London';
const { period, when } = await import('../../../webroot/app/format.js');

const at = (iso) => Date.parse(iso);

test('a ride has its date once', () => {
  assert.equal(period(at('2026-11-24T10:15:00Z'), at('2026-11-24T10:24:10Z')), '24 Nov 2026, 10:15–10:24');
  assert.equal(period(at('2026-11-24T10:15:00Z')), '24 Nov 2026, 10:15');
});

test('a ride across midnight has the date of its end', () => {
  assert.equal(period(at('2026-12-31T23:55:00Z'), at('2027-01-01T00:04:00Z')), '31 Dec 2026, 23:55 – 1 Jan, 00:04');
});

test('a ride across a change of the clocks has its time zones', () => {
  assert.equal(period(at('2026-10-25T00:55:00Z'), at('2026-10-25T01:05:00Z')), '25 Oct 2026, 01:55 BST–01:05 GMT');
});

test('a day of 25 hours is one day', () => {
  assert.equal(when(at('2026-10-24T23:30:00Z'), at('2026-10-25T23:30:00Z')), '00:30:00');
  assert.equal(when(at('2026-10-24T22:30:00Z'), at('2026-10-25T23:30:00Z')), '24 Oct, 23:30:00');
});
