import { AlertList } from '../alert-card.js';
import { empty, h, mark, panel, text } from '../dom.js';
import { groupOf, handsOnTheBar, MARK_OF, nameOf, noSignalS, rankOf, stateWord } from '../fleet.js';
import { ageGroupWord, duration, GENDER_WORD, period, when } from '../format.js';
import { RideCharts } from '../ride-charts.js';
import { RideFigures } from '../ride-figures.js';
import { RideData } from '../ride-data.js';
import { bestEfforts, zoneList, zonesOf } from '../ride-panels.js';
import { Series } from '../ride-series.js';
import { saveButton } from '../download.js';

/** How long the end of a ride may take to be stored. */
const RELOAD_MS = 3_000;

export function rideView(root, app, { rest }) {
  const { fleet, feed, session, alerts } = app;
  const id = Number(rest[0]);
  const series = new Series();
  let stored = null;
  let summary = null;
  let records = null;
  let dirty = true;
  let closed = false;
  let deleted = false;
  /** The ride as the live feed last had it, and whether the feed has announced its end. */
  let latest = null;
  let hasEnded = false;

  const title = h('h1', {});
  const who = h('p', { class: 'note' });
  const toRider = h('a', { hidden: true }, 'Rider’s page');
  const fault = h('p', { class: 'fault', role: 'alert' });
  const stateMark = h('span', { class: 'ride-mark' });
  const state = h('p', { class: 'ride-state', role: 'status' });
  const hint = h('p', { class: 'hint', hidden: true });
  const figures = new RideFigures();
  const data = new RideData(session);
  const charts = new RideCharts(
    () => {
      dirty = true;
      draw();
    },
    (second) => data.show(second),
  );
  const zones = h('div', { class: 'zones' });
  const bests = h('div', {});
  const history = new AlertList(app, 'Alerts of this ride', false);
  const noHistory = h('p', { class: 'note' }, 'No alerts in this ride.');
  const missing = empty('Ride not found', 'It may have been deleted, or the address is wrong.');
  missing.hidden = true;
  const failed = (message) => text(fault, message);
  const files = h(
    'div',
    { class: 'choices', role: 'group', 'aria-label': 'Save this ride' },
    saveButton(session, 'CSV', `v1/rides/${id}/readings`, `ride-${id}.csv`, 'text/csv', failed),
    saveButton(session, 'FIT', `v1/rides/${id}/fit`, `ride-${id}.fit`, '*/*', failed),
    saveButton(session, 'TCX', `v1/rides/${id}/tcx`, `ride-${id}.tcx`, '*/*', failed),
  );
  const body = h(
    'div',
    { class: 'ride-body' },
    figures.node,
    charts.node,
    h(
      'div',
      { class: 'ride-side' },
      panel('Time in heart-rate zones', {}, zones),
      panel('Best efforts', {}, bests),
      panel('Alerts of this ride', {}, history.node, noHistory),
    ),
    panel('Data of this ride', { class: 'coverage' }, data.node),
  );
  root.append(
    h('a', { class: 'back', href: '#/fleet' }, '← Fleet'),
    h(
      'div',
      { class: 'head ride-head' },
      h('div', {}, title, who),
      h('div', { class: 'choices' }, toRider, files, h('div', { class: 'ride-now' }, stateMark, state)),
    ),
    fault,
    hint,
    missing,
    body,
  );

  const stop = feed.listen(`live.ride.${id}`, ({ readings }) => {
    readings.forEach(([s, hr, rpm, res, w]) => series.put(s, hr, rpm, res, w));
    dirty = true;
    if (!app.held) draw();
  });
  const ended = ({ detail }) => {
    if (detail.includes(id)) hasEnded = true;
  };
  fleet.addEventListener('ended', ended);
  feed.addEventListener('snapshot', load);
  load();
  data.load(id);

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
    const [readings, summed] = await Promise.allSettled([
      session.json(`v1/rides/${id}/readings`),
      session.json(`v1/rides/${id}/summary`),
      alerts.load(`&ride=${id}`),
    ]);
    if (closed) return;
    if (ride.status === 'fulfilled') {
      if (stored === null && ride.value.status !== 'live') charts.choose(0);
      stored = ride.value;
    }
    if (summed.status === 'fulfilled') summary = summed.value;
    awaitEnd();
    deleted = readings.status === 'rejected' && readings.reason.status === 410;
    if (readings.status === 'fulfilled') {
      for (const r of readings.value.items) {
        series.put(r.elapsedS, r.heartRateBpm ?? null, r.cadenceRpm ?? null, r.resistance ?? null, r.powerW ?? null, true);
        if (r.cleaned) series.cleaned.add(r.elapsedS);
      }
    }
    missing.hidden = fleet.rides.has(id) || ride.status === 'fulfilled' || ride.reason.status !== 404;
    body.hidden = !missing.hidden;
    dirty = true;
    draw();
    const rider = fleet.rides.get(id)?.rider?.id ?? stored?.rider?.riderId;
    if (rider !== undefined && rider !== null) {
      toRider.hidden = false;
      toRider.href = `#/rider/${rider}`;
      records = (await session.json(`v1/riders/${rider}`).catch(() => null))?.records ?? null;
      dirty = true;
      if (!closed) draw();
    }
  }

  /** The seconds of a live ride, as received so far. */
  function counted() {
    const { readings } = series;
    const measuredS = series.hr.filter((bpm) => bpm !== null).length;
    return {
      durationS: series.last,
      readings,
      missingS: series.last - readings,
      heartRate: { measuredS },
      source: summary?.source,
    };
  }

  /** The range at the start of the ride; for a ride of an earlier version, that of its alerts. */
  function storedRange() {
    const { rangeMinBpm, rangeMaxBpm } = summary?.heartRate ?? {};
    const alert = alerts.all.find((a) => a.rideId === id && a.maxBpm && (a.rule ?? 'range') === 'range');
    return { min: rangeMinBpm ?? alert?.minBpm ?? null, max: rangeMaxBpm ?? alert?.maxBpm ?? null };
  }

  /** Whether the end of the ride and its figures are stored. */
  const isFinal = () => stored !== null && stored.status !== 'live';

  /** The ride; null before anything is known. `over` after its end, `waits` if the live feed does not have it yet. */
  function current() {
    latest = fleet.rides.get(id) ?? latest;
    if (fleet.rides.has(id)) return latest;
    if (!isFinal()) {
      // The last readings of a ride may be newer than its values in the fleet.
      if (latest) {
        const s = Math.max(latest.s, series.last);
        return { ...latest, s, kj: Math.max(latest.kj ?? 0, series.energyKj), over: hasEnded, waits: !hasEnded };
      }
      if (!stored) return null;
    }
    return {
      ride: id,
      bike: stored.bike,
      rider: { ...stored.rider, age: stored.rider?.ageYears },
      startedAt: Date.parse(stored.startedAt),
      s: stored.durationS ?? series.last,
      kj: stored.energyKj,
      hr: series.hr.at(-1) ?? null,
      ...storedRange(),
      state: 'normal',
      severity: null,
      over: isFinal() || hasEnded,
      waits: !isFinal() && !hasEnded,
    };
  }

  function draw() {
    awaitEnd();
    const ride = current();
    if (!ride) {
      text(title, `Ride ${rest[0] ?? ''}`);
      return;
    }
    const now = fleet.asOf();
    const rank = ride.over || ride.waits ? 'ok' : rankOf(ride, now);
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
        ride.over ? period(ride.startedAt, stored?.endedAt && Date.parse(stored.endedAt)) : `since ${when(ride.startedAt, fleet.now())}`,
      ]
        .filter(Boolean)
        .join(' · '),
    );
    const words = ride.over
      ? stored?.status === 'abandoned'
        ? 'Ride ended: bike stopped sending'
        : 'Ride ended'
      : ride.waits
        ? 'Waiting for live data'
        : stateWord(ride, rank, now);
    const kind = ride.over || ride.waits ? 'idle' : MARK_OF[rank];
    if (state.dataset.kind !== kind) {
      stateMark.replaceChildren(mark(kind));
      state.dataset.kind = kind;
    }
    text(state, rank === 'idle' || rank === 'low' ? words.split(' · ')[0] : words);
    hint.hidden = !deleted && (ride.over || ride.waits || !(silent || handsOnTheBar(ride)));
    text(
      hint,
      deleted
        ? 'The readings of this ride have been deleted; its figures are kept.'
        : silent
          ? `Not in use: no data from this bike for ${duration((now - ride.at) / 1000)}.`
          : `Hold the handlebar sensors: no heart rate for ${Math.round(noSignalS(ride))} s.`,
    );
    if (isFinal()) figures.drawEnded(ride, stored, summary, series);
    else if (ride.over || ride.waits) figures.drawEnded(ride, { durationS: ride.s, energyKj: ride.kj }, null, series);
    else figures.drawLive(ride, rank, series, session.may('riders:read') ? 'range unknown' : '');
    if (!dirty) return;
    dirty = false;
    charts.draw(series, { min: ride.min, max: ride.max });
    const { zonesS = null, zonesMaxBpm } = summary?.heartRate ?? {};
    const zonesMax = zonesMaxBpm ?? ride.max;
    const measured = isFinal() ? zonesS : zonesMax ? zonesOf(series.hr, zonesMax) : null;
    const reason = session.may('riders:read') ? 'the rider’s age is unknown.' : 'they require the scope riders:read.';
    zones.replaceChildren(zoneList(measured, reason));
    bests.replaceChildren(...bestEfforts(series, records, fleet.rides.has(id)));
    data.draw(isFinal() && summary ? summary : counted(), series, ride.startedAt, !isFinal());
    const mine = alerts.all.filter((a) => a.rideId === id);
    history.update(mine);
    noHistory.hidden = mine.length > 0;
  }

  return {
    draw,
    recolour() {
      charts.recolour();
      dirty = true;
    },
    close() {
      closed = true;
      clearTimeout(reload);
      stop();
      fleet.removeEventListener('ended', ended);
      feed.removeEventListener('snapshot', load);
      charts.close();
    },
  };
}
