import { h, text } from '../dom.js';
import { elapsed } from '../format.js';
import { fleetView } from './fleet.js';

/** The bike whose rides are as long as an act of the story of `local --story`. */
const BIKE = 'STORY4';
const STEPS = [
  [
    0,
    'All bikes ride',
    'Each tile is a ride, coloured by the share of the rider’s maximum heart rate. Select one to see it second by second.',
  ],
  [
    18,
    'A critical alert',
    'Ada Byron’s heart rate is far above her range. After three readings the alert is raised, and she gets a mail. Select Respond in the alert, then “I am going”.',
  ],
  [45, 'A sensor drops out', 'Tom Kilburn’s sensor measures nothing. His heart rate is “– –”, never 0, and raises no alert.'],
  [66, 'A ride ends', 'Grace Hopper’s ride ends at 1:15. Its figures are stored; find it under Rides.'],
  [90, 'The broker is away', 'The bikes cannot reach Kafka for 15 seconds. No readings arrive.'],
  [105, 'The broker is back', 'The bikes send what they kept. No second is missing: open a ride and look at its charts.'],
];

/** The fleet with a tour of the story that `local --story` plays. */
export function storyView(root, app, target) {
  const { fleet, feed } = app;
  const clock = h('b', {});
  const items = STEPS.map(([from, title, words]) => h('li', {}, h('b', {}, `${elapsed(from)} ${title}`), h('p', {}, words)));
  const none = h('p', { class: 'note' }, 'No story is running. Start one with local --story.');
  const list = h('ol', { class: 'tour' }, items);
  const links = h(
    'p',
    { class: 'choices' },
    h('a', { href: 'mail' }, 'Mailbox'),
    h('a', { href: '#/rides' }, 'Rides'),
    h('a', { href: '#/help' }, 'Help'),
    h('a', { href: '#/fleet' }, 'End the tour'),
  );
  const inner = fleetView(root, app, target);
  const tour = h(
    'section',
    { class: 'panel tour-panel', 'aria-label': 'Tour' },
    h('header', { class: 'panel-head' }, h('h2', {}, 'Tour'), clock),
    none,
    list,
    links,
  );
  root.prepend(tour);
  root.classList.add('view-fleet');

  function draw() {
    inner.draw();
    const ride = [...fleet.rides.values()].find(({ bike }) => bike === BIKE);
    none.hidden = Boolean(ride) || feed.state !== 'live';
    // Readings are late while the broker is away.
    const phase = ride ? ride.s + (fleet.now() - ride.at) / 1000 : -1;
    text(clock, ride ? `${elapsed(Math.min(120, phase))} of 2:00` : '');
    const at = STEPS.findLastIndex(([from]) => phase >= from);
    items.forEach((item, i) => {
      if (i === at) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    });
  }

  return { draw, close: () => inner.close() };
}
