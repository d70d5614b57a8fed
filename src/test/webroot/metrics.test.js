import assert from 'node:assert/strict';
import { test } from 'node:test';
import { by, samples, sum } from '../../../webroot/app/metrics.js';

const TEXT = '# HELP x_total X\nx_total{kind="a",why="b\\"c"} 3.0\nx_total{kind="b"} 4\ny 1.5E9\nz{kind="a"} 0\n';

test('samples have a name, labels and a value', () => {
  const all = samples(TEXT);
  assert.equal(all.length, 4);
  assert.deepEqual(all[0], { name: 'x_total', labels: { kind: 'a', why: 'b\\"c' }, value: 3 });
  assert.equal(all[2].value, 1.5e9);
});

test('a sum without samples is undefined', () => {
  const all = samples(TEXT);
  assert.equal(sum(all, 'x_total'), 7);
  assert.equal(
    sum(all, 'x_total', (labels) => labels.kind === 'b'),
    4,
  );
  assert.equal(sum(all, 'none'), undefined);
});

test('grouped samples are largest first, without zeros', () => {
  const all = samples(TEXT);
  assert.deepEqual(by(all, 'x_total', 'kind'), [
    { label: 'b', value: 4 },
    { label: 'a', value: 3 },
  ]);
  assert.deepEqual(by(all, 'z', 'kind'), []);
});
