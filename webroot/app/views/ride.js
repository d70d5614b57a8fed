import { AlertList } from '../alert-card.js';
import { RideChart } from '../charts.js';
import { ABSENT, empty, h, mark, panel, text } from '../dom.js';
import { groupOf, handsOnTheBar, MARK_OF, nameOf, noSignalS, rankOf, shareOfMax, stateWord } from '../fleet.js';
import { Big, max, mean, Series } from '../ride-series.js';
import { ageGroupWord, count, duration, elapsed, GENDER_WORD, period, tenths, timeOfDay } from '../format.js';

const WINDOWS = [
  [120, '2 min'],
  [600, '10 min'],
  [0, 'Whole ride'],
];
const TABLE_ROWS = 60;
/** How long the end of a ride may take to be stored. */
const RELOAD_MS = 3_000;
const EFFORTS = [
  [5, 'powerBest5sW', '5 s'],
  [60, 'powerBest1minW', '1 min'],
  [300, 'powerBest5minW', '5 min'],
  [1200, 'powerBest20minW', '20 min'],
];
/** Lower bound of each zone as a share of the maximum heart rate (ACSM). */
const ZONES = [
  [0, 'Very light'],
  [0.57, 'Light'],
  [0.64, 'Moderate'],
  [0.77, 'Vigorous'],
  [0.96, 'Maximal'],
];

export function rideView(root, app, { rest }) {
  const { fleet, feed, session, alerts } = app;
  const id = Number(rest[0]);
  const series = new Series();
  let span = 600;
  let stored = null;
  let summary = null;
  let dirty = true;
  let closed = false;
  let deleted = false;

  const title = h('h1', {});
  const who = h('p', { class: 'note' });
  const stateMark = h('span', { class: 'ride-mark' });
  const state = h('p', { class: 'ride-state', role: 'status' });
  const hint = h('p', { class: 'hint', hidden: true });
  const big = {
    hr: new Big('Heart rate', 'bpm', '--line-hr'),
    w: new Big('Power', 'W', '--line-power'),
    rpm: new Big('Cadence', 'rpm', '--line-cadence'),
    res: new Big('Resistance', '', '--line-resistance'),
    s: new Big('Duration', '', '--quiet'),
  };
  const upwards = (low, high) => [0, Math.max(10, high * 1.1)];
  const charts = {
    hr: new RideChart({
      title: 'Heart rate',
      unit: 'bpm',
      colour: '--line-hr',
      height: 190,
      range: (low, high, { min, max }) => [Math.min(low, min ?? low) - 8, Math.max(high, max ?? high) + 8],
    }),
    w: new RideChart({ title: 'Power', unit: 'W', colour: '--line-power', height: 130, range: upwards }),
    rpm: new RideChart({ title: 'Cadence', unit: 'rpm', colour: '--line-cadence', height: 110, range: upwards }),
    res: new RideChart({ title: 'Resistance', unit: '', colour: '--line-resistance', height: 126, range: upwards, last: true }),
  };
  const windows = WINDOWS.map(([seconds, word]) =>
    h(
      'button',
      {
        type: 'button',
        class: 'small',
        'aria-pressed': String(seconds === span),
        onclick: () => choose(seconds),
      },
      word,
    ),
  );
  function choose(seconds) {
    span = seconds;
    WINDOWS.forEach(([value], i) => windows[i].setAttribute('aria-pressed', String(value === seconds)));
    dirty = true;
    draw();
  }
  const rows = h('tbody', {});
  const table = h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Last readings', hidden: true },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Time', 'Heart rate, bpm', 'Power, W', 'Cadence, rpm', 'Resistance'].map((word) => h('th', { scope: 'col' }, word)),
        ),
      ),
      rows,
    ),
  );
  const asTable = h(
    'button',
    {
      type: 'button',
      class: 'small',
      'aria-pressed': 'false',
      onclick: () => {
        table.hidden = !table.hidden;
        asTable.setAttribute('aria-pressed', String(!table.hidden));
        dirty = true;
        draw();
      },
    },
    'Table',
  );
  const zones = h('div', { class: 'zones' });
  const bests = h('div', {});
  const history = new AlertList(app, 'Alerts of this ride');
  const noHistory = h('p', { class: 'note' }, 'No alerts in this ride.');
  const missing = empty('Ride not found', 'It may have been deleted, or the address is wrong.');
  missing.hidden = true;
  const body = h(
    'div',
    { class: 'ride-body' },
    h(
      'div',
      { class: 'bigs' },
      Object.values(big).map((b) => b.node),
    ),
    panel(
      'Second by second',
      { class: 'chart-panel', aside: h('div', { class: 'choices', role: 'group', 'aria-label': 'Time shown' }, windows, asTable) },
      Object.values(charts).map((c) => c.node),
      table,
    ),
    h(
      'div',
      { class: 'ride-side' },
      panel('Time in heart-rate zones', {}, zones),
      panel('Best efforts', {}, bests),
      panel('Alerts of this ride', {}, history.node, noHistory),
    ),
  );
  root.append(
    h('a', { class: 'back', href: '#/fleet' }, '← Fleet'),
    h('div', { class: 'head ride-head' }, h('div', {}, title, who), h('div', { class: 'ride-now' }, stateMark, state)),
    hint,
    missing,
    body,
  );

  const stop = feed.listen(`live.ride.${id}`, ({ readings }) => {
    readings.forEach(([s, hr, rpm, res, w]) => series.put(s, hr, rpm, res, w));
    dirty = true;
    if (!app.held) draw();
  });
  feed.addEventListener('snapshot', load);
  load();

  let reload = null;

  /** Loads again until the end of the ride is stored. */
  function awaitEnd() {
    if (closed || reload || stored?.status !== 'live' || fleet.rides.has(id) || feed.state !== 'live') return;
    reload = setTimeout(() => {
      reload = null;
      load();
    }, RELOAD_MS);
  }

  async function load() {
    // The ride first: what is read after its end is complete.
    const [ride] = await Promise.allSettled([session.json(`v1/rides/${id}`)]);
    const [readings, figures] = await Promise.allSettled([
      session.json(`v1/rides/${id}/readings`),
      session.json(`v1/rides/${id}/summary`),
      alerts.load(`&ride=${id}`),
    ]);
    if (closed) return;
    if (ride.status === 'fulfilled') {
      if (stored === null && ride.value.status !== 'live') choose(0);
      stored = ride.value;
    }
    if (figures.status === 'fulfilled') summary = figures.value;
    awaitEnd();
    deleted = readings.status === 'rejected' && readings.reason.status === 410;
    if (readings.status === 'fulfilled') {
      for (const r of readings.value.items)
        series.put(r.elapsedS, r.heartRateBpm ?? null, r.cadenceRpm ?? null, r.resistance ?? null, r.powerW ?? null, true);
    }
    missing.hidden = fleet.rides.has(id) || ride.status === 'fulfilled' || ride.reason.status !== 404;
    body.hidden = !missing.hidden;
    dirty = true;
    draw();
    const rider = fleet.rides.get(id)?.rider?.id ?? stored?.rider?.riderId;
    if (rider !== undefined && rider !== null) {
      records = (await session.json(`v1/riders/${rider}`).catch(() => null))?.records ?? null;
      dirty = true;
      if (!closed) draw();
    }
  }
  let records = null;

  function current() {
    const live = fleet.rides.get(id);
    if (live) return live;
    if (!stored) return null;
    const at = series.last;
    const limits = alerts.all.find((a) => a.rideId === id && a.maxBpm);
    return {
      ride: id,
      bike: stored.bike,
      rider: { ...stored.rider, age: stored.rider?.ageYears },
      startedAt: Date.parse(stored.startedAt),
      s: stored.durationS ?? at,
      hrAtS: 0,
      hr: series.hr[at - 1] ?? null,
      w: series.w[at - 1] ?? null,
      rpm: series.rpm[at - 1] ?? null,
      res: series.res[at - 1] ?? null,
      at: 0,
      min: limits?.minBpm ?? null,
      max: limits?.maxBpm ?? null,
      state: 'normal',
      severity: null,
      kj: stored.energyKj,
      over: true,
    };
  }

  function draw() {
    awaitEnd();
    const ride = current();
    if (!ride) {
      text(title, `Ride ${rest[0] ?? ''}`);
      return;
    }
    const now = fleet.now();
    const rank = ride.over ? 'ok' : rankOf(ride, now);
    const silent = rank === 'idle';
    text(title, nameOf(ride));
    app.title(nameOf(ride));
    const group = groupOf(ride);
    text(
      who,
      [
        GENDER_WORD[ride.rider?.gender],
        ride.rider?.age ?? (group && ageGroupWord(group)),
        ride.bike && `bike ${ride.bike}`,
        ride.over ? period(ride.startedAt, stored.endedAt && Date.parse(stored.endedAt)) : `since ${timeOfDay(ride.startedAt)}`,
      ]
        .filter(Boolean)
        .join(' · '),
    );
    const words = ride.over
      ? stored.status === 'abandoned'
        ? 'Ride ended: bike stopped sending'
        : 'Ride ended'
      : stateWord(ride, rank, now);
    const kind = ride.over ? 'idle' : MARK_OF[rank];
    if (state.dataset.kind !== kind) {
      stateMark.replaceChildren(mark(kind));
      state.dataset.kind = kind;
    }
    text(state, rank === 'idle' || rank === 'low' ? words.split(' · ')[0] : words);
    hint.hidden = !deleted && (ride.over || !(silent || handsOnTheBar(ride)));
    text(
      hint,
      deleted
        ? 'The readings of this ride have been deleted; its figures are kept.'
        : silent
          ? `Not in use: no data from this bike for ${duration((now - ride.at) / 1000)}.`
          : `Hold the handlebar sensors: no heart rate for ${Math.round(noSignalS(ride))} s.`,
    );
    if (ride.over) drawFigures(ride);
    else drawNow(ride, rank);
    if (!dirty) return;
    dirty = false;
    const to = Math.max(series.last, 1);
    const from = span === 0 ? 1 : Math.max(1, to - span);
    charts.hr.limits = { min: ride.min, max: ride.max };
    for (const [key, chart] of Object.entries(charts)) chart.draw([series.seconds.slice(0, to), series[key].slice(0, to)], [from, to]);
    if (!table.hidden) drawRows(to);
    drawZones(ride);
    drawBests();
    const mine = alerts.all.filter((a) => a.rideId === id);
    history.update(mine);
    noHistory.hidden = mine.length > 0;
  }

  function drawNow(ride, rank) {
    const share = shareOfMax(ride);
    const range = ride.max ? `${Math.round(share * 100)} % of max · range ${ride.min}–${ride.max}` : '';
    big.hr.draw(ride.hr === null ? ABSENT : String(ride.hr), ride.hr === null ? 'No HR signal' : range, rank);
    big.w.draw(count(ride.w), `mean ${count(mean(series.w))} · max ${count(max(series.w))} W`);
    big.rpm.draw(count(ride.rpm), `mean ${count(mean(series.rpm))} rpm`);
    big.res.draw(count(ride.res), `mean ${count(mean(series.res))}`);
    big.s.draw(elapsed(ride.s), `${tenths(ride.kj)} kJ so far`);
  }

  /** Means and maxima of an ended ride. */
  function drawFigures(ride) {
    const { heartRate = {}, power = {}, cadence = {}, resistance = {} } = summary ?? {};
    const range = ride.max ? ` · range ${ride.min}–${ride.max}` : '';
    const bpm = stored.heartRateMeanBpm ?? mean(series.hr);
    big.hr.draw(
      bpm == null ? ABSENT : count(bpm),
      bpm == null ? 'No HR signal' : `mean · max ${count(heartRate.maxBpm ?? max(series.hr))} bpm${range}`,
    );
    big.w.draw(count(power.meanW ?? mean(series.w)), `mean · max ${count(power.maxW ?? max(series.w))} W`);
    big.rpm.draw(count(cadence.meanRpm ?? mean(series.rpm)), `mean · max ${count(cadence.maxRpm ?? max(series.rpm))} rpm`);
    big.res.draw(count(resistance.mean ?? mean(series.res)), `mean · max ${count(resistance.max ?? max(series.res))}`);
    big.s.draw(elapsed(stored.durationS ?? ride.s), `${tenths(stored.energyKj)} kJ`);
  }

  function drawRows(to) {
    const cell = (value) => h('td', {}, value == null ? '–' : String(Math.round(value)));
    rows.replaceChildren(
      ...Array.from({ length: Math.min(TABLE_ROWS, to) }, (ignored, i) => to - i - 1).map((i) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, elapsed(i + 1)),
          cell(series.hr[i]),
          cell(series.w[i]),
          cell(series.rpm[i]),
          cell(series.res[i]),
        ),
      ),
    );
  }

  function zonesOf(maxBpm) {
    const seconds = ZONES.map(() => 0);
    for (const bpm of series.hr) if (bpm != null) seconds[ZONES.findLastIndex(([share]) => bpm / maxBpm >= share)]++;
    return seconds;
  }

  function drawZones(ride) {
    const seconds = ride.over ? (summary?.heartRate?.zonesS ?? null) : ride.max ? zonesOf(ride.max) : null;
    if (!seconds) {
      const reason = session.may('riders:read') ? 'the rider’s age is unknown.' : 'they require the scope riders:read.';
      zones.replaceChildren(h('p', { class: 'note' }, `No zones: ${reason}`));
      return;
    }
    const all = Math.max(
      1,
      seconds.reduce((a, b) => a + b, 0),
    );
    zones.replaceChildren(
      h(
        'ol',
        { class: 'zone-list' },
        ZONES.map(([, word], i) => {
          const fill = h('i', { class: `heat-${i + 1}` });
          fill.style.transform = `scaleX(${(seconds[i] / all).toFixed(4)})`;
          return h(
            'li',
            {},
            h('span', {}, word),
            h('span', { class: 'meter', 'aria-hidden': 'true' }, fill),
            h('b', {}, elapsed(seconds[i])),
          );
        }),
      ),
    );
  }

  const hasEnded = () => !fleet.rides.has(id);

  function drawBests() {
    const known = (key) => records?.[key]?.value ?? null;
    bests.replaceChildren(
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
            const beaten = !hasEnded() && here !== null && best !== null && Math.round(here) > Math.round(best);
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
      (records &&
        h(
          'p',
          { class: 'note' },
          `Longest ride ${elapsed(known('durationS'))} · most energy ${count(known('energyKj'))} kJ · highest heart rate ${known('heartRateMaxBpm') === null ? '–' : `${known('heartRateMaxBpm')} bpm`}`,
        )) ||
        '',
    );
  }

  return {
    draw,
    recolour() {
      Object.values(charts).forEach((chart) => chart.recolour());
      dirty = true;
    },
    close() {
      closed = true;
      clearTimeout(reload);
      stop();
      feed.removeEventListener('snapshot', load);
      Object.values(charts).forEach((chart) => chart.close());
    },
  };
}
