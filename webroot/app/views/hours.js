import { bars, TimeChart } from '../charts.js';
import { empty, h, panel, text } from '../dom.js';
import { AGE_OPTIONS, choose, GENDER_OPTIONS, ZONE } from '../filters.js';
import { AGE_GROUPS, ageGroupWord, count, duration, elapsed, GENDERS, GENDER_WORD, hourAndMinute, plural, tenths } from '../format.js';
import { riderWord } from '../ride-table.js';

const HOURS = 12;
const PAGE = 200;
const MAX_RIDES = 20_000;
const RESOLUTIONS = [1, 2, 5, 10, 15, 20, 30, 60];
const HOUR_MS = 3_600_000;

/** Rides that started in the last 12 hours. The energy of a ride is distributed evenly over its duration. */
export function hoursView(root, app) {
  const { session, fleet } = app;
  const stop = new AbortController();
  let rides = [];
  let from = 0;
  let to = 0;
  let isCut = false;
  const filter = { gender: '', age: '' };
  let resolution = 10;

  const note = h('p', { class: 'note', role: 'status' }, 'Loading…');
  const fault = h('p', { class: 'fault', role: 'alert' });
  const select = (name, label, options) =>
    choose(label, options, filter[name], (value) => {
      filter[name] = value;
      update();
    });
  const shownResolution = h('output', { for: 'resolution' });
  const slider = h('input', {
    type: 'range',
    id: 'resolution',
    min: '0',
    max: String(RESOLUTIONS.length - 1),
    step: '1',
    value: String(RESOLUTIONS.indexOf(resolution)),
    oninput: () => {
      resolution = RESOLUTIONS[Number(slider.value)];
      update();
    },
  });
  const sums = h('dl', { class: 'tiles' });
  const byGender = h('div', {});
  const byAge = h('div', {});
  const powerByGender = h('div', {});
  const powerByAge = h('div', {});
  const records = h('div', {});
  const power = new TimeChart({
    title: 'Mean power per rider, W',
    colour: '--line-power',
    fill: '--fill-power',
    height: 190,
    format: (v) => `${count(v)} W`,
  });
  const energy = new TimeChart({
    title: 'Energy, kJ',
    colour: '--accent',
    fill: '--fill-accent',
    bars: true,
    height: 170,
    format: (v) => `${count(v)} kJ`,
  });
  const none = empty('No rides', 'No ride of the last 12 hours matches the filter.');
  none.hidden = true;
  const noneDetail = none.querySelector('p:last-child');
  const body = h(
    'div',
    { class: 'hours-body' },
    panel(
      'Over time',
      { class: 'wide', aside: h('label', { class: 'slider', for: 'resolution' }, 'Resolution', slider, shownResolution) },
      power.node,
      energy.node,
    ),
    h(
      'div',
      { class: 'stacked' },
      panel('Mean power by gender', {}, powerByGender),
      panel('Rides by gender', {}, byGender),
      panel('Records', {}, records),
    ),
    panel('Mean power by age group', {}, powerByAge),
    panel('Rides by age group', {}, byAge),
  );
  body.hidden = true;
  root.append(
    h(
      'div',
      { class: 'head' },
      h('h1', {}, 'Last 12 hours'),
      note,
      h(
        'div',
        { class: 'filters' },
        select('gender', 'Any gender', GENDER_OPTIONS),
        select('age', 'Any age', AGE_OPTIONS),
        h('button', { type: 'button', class: 'small', onclick: () => load() }, 'Refresh'),
      ),
    ),
    fault,
    sums,
    none,
    body,
  );

  async function load() {
    text(note, 'Loading…');
    text(fault, '');
    to = fleet.now();
    from = to - HOURS * HOUR_MS;
    const read = [];
    let cursor = null;
    try {
      do {
        const page = await session.patientJson(
          `v1/rides?limit=${PAGE}&from=${new Date(from).toISOString()}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
          { signal: stop.signal },
        );
        for (const item of page.items) read.push({ ...item, startMs: Date.parse(item.startedAt) });
        cursor = page.next ?? null;
        text(note, `Loading… ${count(read.length)} rides`);
      } while (cursor && read.length < MAX_RIDES);
      isCut = cursor !== null;
      if (isCut) from = Math.min(...read.map((r) => r.startMs));
    } catch (e) {
      if (stop.signal.aborted) return;
      text(fault, e.message);
    }
    rides = read;
    update();
  }

  function update() {
    text(shownResolution, `${resolution} min`);
    const chosen = rides.filter(
      (r) => (!filter.gender || (r.rider?.gender ?? 'unknown') === filter.gender) && (!filter.age || r.rider?.ageGroup === filter.age),
    );
    const seconds = secondsOf(chosen);
    const kj = sumOf(chosen, 'energyKj');
    const riders = new Set(chosen.map((r) => r.rider?.riderId).filter((id) => id != null));
    const latest = isCut ? ` · only the latest ${count(MAX_RIDES)} rides` : '';
    text(note, `Rides that started from ${hourAndMinute(from)} to ${hourAndMinute(to)}, ${ZONE}${latest}`);
    sums.replaceChildren(
      ...[
        ['Rides', count(chosen.length), ''],
        ['Riders', riders.size ? count(riders.size) : '–', ''],
        ['Total time', duration(seconds), ''],
        ['Energy', count(kj), ' kJ'],
        ['Mean power', count(meanPower(chosen)), ' W'],
        ['Mean heart rate', count(weighted(chosen, 'heartRateMeanBpm')), ' bpm'],
      ].map(([label, value, unit]) =>
        h('div', { class: 'tile' }, h('dt', {}, label), h('dd', {}, h('b', {}, value), unit && h('span', { class: 'unit' }, unit))),
      ),
    );
    none.hidden = chosen.length > 0;
    text(noneDetail, rides.length ? 'No ride of the last 12 hours matches the filter.' : 'Rides of the last 12 hours appear here.');
    sums.hidden = chosen.length === 0;
    body.hidden = chosen.length === 0;
    if (!chosen.length) return;
    const genderOf = (r) => r.rider?.gender ?? 'unknown';
    const ageOf = (r) => r.rider?.ageGroup ?? null;
    byGender.replaceChildren(ridesBy(chosen, GENDERS, genderOf, (key) => GENDER_WORD[key]));
    byAge.replaceChildren(ridesBy(chosen, [...AGE_GROUPS, null], ageOf, ageGroupWord));
    powerByGender.replaceChildren(powerBy(chosen, GENDERS, genderOf, (key) => GENDER_WORD[key]));
    powerByAge.replaceChildren(powerBy(chosen, [...AGE_GROUPS, null], ageOf, ageGroupWord));
    drawRecords(chosen);
    drawTimes(chosen);
  }

  function drawRecords(chosen) {
    const best = (key) => chosen.reduce((a, r) => ((r[key] ?? -1) > (a?.[key] ?? -1) ? r : a), null);
    records.replaceChildren(
      h(
        'table',
        { class: 'bests' },
        h(
          'tbody',
          {},
          [
            ['Longest ride', 'durationS', (v) => elapsed(v)],
            ['Most energy', 'energyKj', (v) => `${tenths(v)} kJ`],
            ['Highest mean power', 'powerMeanW', (v) => `${count(v)} W`],
            ['Highest power', 'powerMaxW', (v) => `${count(v)} W`],
            ['Highest heart rate', 'heartRateMaxBpm', (v) => `${count(v)} bpm`],
          ]
            .map(([word, key, format]) => {
              const ride = best(key);
              if (ride?.[key] == null) return null;
              return h(
                'tr',
                {},
                h('th', { scope: 'row' }, word),
                h('td', {}, format(ride[key])),
                h('td', {}, h('a', { href: `#/ride/${ride.rideId}` }, ride.rider?.name ? riderWord(ride.rider) : `Ride ${ride.rideId}`)),
              );
            })
            .filter(Boolean),
        ),
      ),
    );
  }

  function drawTimes(chosen) {
    const step = resolution * 60_000;
    const start = Math.floor(from / step) * step;
    const n = Math.ceil((to - start) / step);
    const joules = new Float64Array(n);
    const ridden = new Float64Array(n);
    for (const ride of chosen) {
      const length = (ride.durationS ?? 0) * 1000;
      if (!length) continue;
      const watts = ((ride.energyKj ?? 0) * 1000) / ride.durationS;
      const first = Math.max(0, Math.floor((ride.startMs - start) / step));
      for (let i = first; i < n && start + i * step < ride.startMs + length; i++) {
        const overlap = Math.min(start + (i + 1) * step, ride.startMs + length) - Math.max(start + i * step, ride.startMs);
        ridden[i] += overlap / 1000;
        joules[i] += (overlap / 1000) * watts;
      }
    }
    const x = Array.from(joules, (ignored, i) => (start + i * step) / 1000);
    power.draw([x, Array.from(joules, (j, i) => (ridden[i] ? j / ridden[i] : null))], `Mean power by ${resolution} minutes`);
    energy.draw(
      [x, Array.from(joules, (j) => j / 1000)],
      `Energy by ${resolution} minutes, in all ${count(joules.reduce((a, b) => a + b, 0) / 1000)} kJ`,
    );
  }

  load();
  return {
    recolour: () => update(),
    close() {
      stop.abort();
      power.close();
      energy.close();
    },
  };
}

const sumOf = (rides, key) => rides.reduce((a, r) => a + (r[key] ?? 0), 0);
const secondsOf = (rides) => sumOf(rides, 'durationS');

/** Over the seconds with a reading; null without one. */
function meanPower(rides) {
  const readings = sumOf(rides, 'readings');
  return readings ? (sumOf(rides, 'energyKj') * 1000) / readings : null;
}

/** Number of rides of each group, with their total time. */
function ridesBy(rides, keys, of, words) {
  return bars(
    keys.map((key) => {
      const some = rides.filter((r) => of(r) === key);
      return { label: words(key), value: some.length, detail: duration(secondsOf(some)) };
    }),
    (value) => plural(value, 'ride'),
  );
}

/** Mean power of the groups that have readings. */
function powerBy(rides, keys, of, words) {
  const rows = keys.map((key) => {
    const some = rides.filter((r) => of(r) === key);
    return { label: words(key), value: meanPower(some), detail: `${count(sumOf(some, 'energyKj'))} kJ in all` };
  });
  return bars(
    rows.filter(({ value }) => value !== null),
    (value) => `${count(value)} W`,
  );
}

function weighted(rides, key) {
  let sum = 0;
  let weight = 0;
  for (const ride of rides) {
    if (ride[key] == null) continue;
    sum += ride[key] * (ride.readings ?? 0);
    weight += ride.readings ?? 0;
  }
  return weight ? sum / weight : null;
}
