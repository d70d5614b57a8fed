import { h } from './dom.js';
import { count, elapsed } from './format.js';
import { ZONES } from './zones.js';

const EFFORTS = [
  [5, 'powerBest5sW', '5 s'],
  [60, 'powerBest1minW', '1 min'],
  [300, 'powerBest5minW', '5 min'],
  [1200, 'powerBest20minW', '20 min'],
];

/** The seconds in each zone, given the maximum heart rate. */
export function zonesOf(heartRates, maxBpm) {
  const seconds = ZONES.map(() => 0);
  for (const bpm of heartRates) if (bpm != null) seconds[ZONES.findLastIndex(([share]) => bpm / maxBpm >= share)]++;
  return seconds;
}

/** @param seconds by zone; null if they are not known, with the reason */
export function zoneList(seconds, reason) {
  if (!seconds) return h('p', { class: 'note' }, `No zones: ${reason}`);
  const all = Math.max(
    1,
    seconds.reduce((a, b) => a + b, 0),
  );
  return h(
    'ol',
    { class: 'zone-list' },
    ZONES.map(([, word], i) => {
      const fill = h('i', { class: `heat-${i + 1}` });
      fill.style.transform = `scaleX(${(seconds[i] / all).toFixed(4)})`;
      return h('li', {}, h('span', {}, word), h('span', { class: 'meter', 'aria-hidden': 'true' }, fill), h('b', {}, elapsed(seconds[i])));
    }),
  );
}

/**
 * Best mean powers beside the rider's personal bests.
 *
 * @param records of the API; null if they are not known
 * @param isLive whether a value above the personal best is new; an ended ride is part of the personal bests
 */
export function bestEfforts(series, records, isLive) {
  const known = (key) => records?.[key]?.value ?? null;
  const highest = known('heartRateMaxBpm');
  return [
    h(
      'table',
      { class: 'bests' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Mean power over', 'This ride', 'Personal best'].map((word) => h('th', { scope: 'col' }, word)),
        ),
      ),
      h(
        'tbody',
        {},
        EFFORTS.map(([seconds, key, word]) => {
          const here = series.best(seconds);
          const best = known(key);
          const beaten = isLive && here !== null && best !== null && Math.round(here) > Math.round(best);
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, word),
            h('td', {}, here === null ? '–' : `${count(here)} W`, beaten && h('em', {}, ' new best')),
            h('td', {}, best === null ? '–' : `${count(best)} W`),
          );
        }),
      ),
    ),
    known('durationS') !== null &&
      h(
        'p',
        { class: 'note' },
        `Longest ride ${elapsed(known('durationS'))} · most energy ${count(known('energyKj'))} kJ · highest heart rate ${highest === null ? '–' : `${highest} bpm`}`,
      ),
  ].filter(Boolean);
}
