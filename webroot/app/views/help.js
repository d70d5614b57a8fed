import { h, mark, panel } from '../dom.js';
import { ZONE } from '../filters.js';
import { HEAT_WORDS } from '../heat-map.js';
import { ZONES } from '../zones.js';

const MARKS = [
  ['high', 'Critical alert', 'The heart rate is far above the rider’s range.'],
  ['medium', 'Warning', 'The heart rate is above or below the rider’s range.'],
  ['low', 'No HR signal', 'The sensor measures no heart rate. It is shown as “– –”, never as 0.'],
  ['idle', 'Not in use', 'The bike of an open ride has sent nothing for 30 s.'],
  ['ok', 'In range', '“Leaving range” and “Back in range” are shown in words. “No alert” where the range is unknown.'],
];
const STATES = [
  ['Live', 'Values are as of the last second.'],
  ['Held', 'The display is frozen; alerts are still counted. Press H or Release to resume; another view resumes too.'],
  ['Stale', 'No data for some frames. The banner shows the time of the values.'],
  ['Reconnecting', 'The connection is lost; the page connects again by itself.'],
];
const KEYS = [
  ['/', 'Search'],
  ['H', 'Hold or release the display'],
  ['?', 'This page'],
];
const WORDS = [
  ['Range', 'The heart rates between which the rider has no alert: computed from the age, or agreed with the rider.'],
  ['% of max', 'The heart rate as a share of the upper limit of the range.'],
  ['Mean', 'Over measured seconds only. Missing seconds do not count as 0.'],
  ['Best effort', 'The highest mean power over that many consecutive seconds.'],
  ['TSS', 'Coggan’s training stress score: an hour at the threshold power is 100.'],
  ['Quarantine', 'Unusable records, kept unchanged with the reason.'],
];

const terms = (rows) =>
  h(
    'dl',
    { class: 'facts' },
    rows.flatMap(([word, meaning]) => [h('dt', {}, word), h('dd', {}, meaning)]),
  );

/** What the marks, colours and words of the dashboard mean. */
export function helpView(root) {
  root.append(
    h(
      'div',
      { class: 'head' },
      h('h1', {}, 'Help'),
      h('p', { class: 'note' }, `Times are in ${ZONE}, the time zone of this browser, unless a zone is given.`),
    ),
    panel('Marks', {}, terms(MARKS.map(([kind, word, meaning]) => [h('span', {}, mark(kind), ` ${word}`), meaning]))),
    panel(
      'Colours of tiles',
      {},
      h('p', { class: 'note' }, 'Heart rate as a share of the rider’s maximum, in per cent. Without permission to see riders: of 200 bpm.'),
      h(
        'ul',
        { class: 'legend' },
        HEAT_WORDS.map((words, i) => h('li', {}, h('i', { class: `swatch heat-${i}` }), words)),
      ),
    ),
    panel(
      'Heart-rate zones',
      {},
      terms(
        ZONES.map(([share, word], i) => [
          word,
          i === 0
            ? `under ${Math.round(ZONES[1][0] * 100)} % of the maximum`
            : `from ${Math.round(share * 100)} %${ZONES[i + 1] ? ` to under ${Math.round(ZONES[i + 1][0] * 100)} %` : ''}`,
        ]),
      ),
    ),
    panel('Connection', {}, terms(STATES)),
    panel('Words', {}, terms(WORDS)),
    panel('Keys', {}, terms(KEYS)),
    panel(
      'Further views',
      {},
      h('ul', { class: 'links' }, h('li', {}, h('a', { href: '#/wall' }, 'Wall'), ' for a screen that all can see')),
    ),
  );
  return {};
}
