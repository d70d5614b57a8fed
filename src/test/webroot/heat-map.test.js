import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortened } from '../../../webroot/app/heat-map.js';

const widthOf = (text) => Array.from(new Intl.Segmenter().segment(text)).length;

test('a name that fits is not cut', () => {
  assert.equal(shortened('Ada Byron', 9, widthOf), 'Ada Byron');
});

test('a long name is cut between characters', () => {
  assert.equal(shortened('Ada Byron', 5, widthOf), 'Ada…');
  assert.equal(shortened('👩‍🚀👨‍👩‍👧‍👦👍🏽👋', 3, widthOf), '👩‍🚀👨‍👩‍👧‍👦…');
  assert.equal(shortened('Ada', 0, widthOf), 'A…');
});
