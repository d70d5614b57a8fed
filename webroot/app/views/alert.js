import { isOngoing } from '../alerts.js';
import { RideChart } from '../charts.js';
import { ABSENT, empty, h, mark, panel, text } from '../dom.js';
import { isSilent, nameOf } from '../fleet.js';
import { duration, severity, when } from '../format.js';
import { riderWord } from '../ride-table.js';
import { Series } from '../ride-series.js';

const TRACE_S = 60;
/** Of an alert that is over, this much of the minute is before it. */
const BEFORE_S = 15;
const POLL_MS = 3_000;
const PHASE = { firing: 'Out of range', recovering: 'Back in range', normal: 'Resolved', ended: 'Ride ended', pending: 'Pending' };

/** One alert for the person who responds: who, which bike, where, the heart rate now and over the last minute. */
export function alertView(root, app, { rest }) {
  const { session, alerts, fleet, feed } = app;
  const id = rest[0];
  const rideId = Number(id.split('-')[0]);
  const series = new Series();
  let ride = null;
  let address = null;
  let closed = false;
  let poll = 0;

  const title = h('h1', {});
  const state = h('p', { class: 'ride-state', role: 'status' });
  const stateMark = h('span', {});
  const fault = h('p', { class: 'fault', role: 'alert' });
  const bpmLabel = h('p', { class: 'big-label' });
  const bpm = h('b', {}, ABSENT);
  const range = h('p', { class: 'big-detail' });
  const facts = h('dl', { class: 'facts' });
  const going = h('p', { class: 'going', role: 'status' });
  const go = session.may('alerts:write') && h('button', { type: 'button', class: 'primary', onclick: () => acknowledge() }, 'I am going');
  const trace = new RideChart({
    title: 'Heart rate',
    unit: 'bpm',
    colour: '--line-hr',
    height: 200,
    last: true,
    range: (low, high, { min, max }) => [Math.min(low, min ?? low) - 8, Math.max(high, max ?? high) + 8],
  });
  const missing = empty('Alert not found', 'It may have been deleted, or the address is wrong.');
  missing.hidden = true;
  const body = h(
    'div',
    { class: 'respond' },
    h('div', { class: 'big' }, bpmLabel, h('p', { class: 'big-value' }, bpm, h('span', { class: 'unit' }, ' bpm')), range),
    h('div', { class: 'panel' }, facts, going, go),
    panel('One minute', { class: 'wide chart-panel', aside: h('a', { href: `#/ride/${rideId}` }, 'Whole ride') }, trace.node),
  );
  root.append(
    h('a', { class: 'back', href: '#/alerts' }, '← Alerts'),
    h('div', { class: 'head ride-head' }, title, h('div', { class: 'ride-now' }, stateMark, state)),
    fault,
    missing,
    body,
  );

  const stop = feed.listen(`live.ride.${rideId}`, ({ readings }) => {
    readings.forEach(([s, hr, rpm, res, w]) => series.put(s, hr, rpm, res, w));
    if (!app.held) draw();
  });

  const current = () => alerts.all.find((alert) => alert.id === id);

  async function load() {
    const [stored, readings] = await Promise.allSettled([session.json(`v1/rides/${rideId}`), session.json(`v1/rides/${rideId}/readings`)]);
    await alerts.load(`&ride=${rideId}`);
    if (closed) return;
    if (readings.status === 'fulfilled') {
      for (const r of readings.value.items)
        series.put(r.elapsedS, r.heartRateBpm ?? null, r.cadenceRpm ?? null, r.resistance ?? null, r.powerW ?? null, true);
    }
    ride = stored.value ?? null;
    const rider = ride?.rider?.riderId;
    if (rider != null && session.may('riders:read')) {
      address = (await session.json(`v1/riders/${rider}`).catch(() => null))?.rider?.address ?? null;
    }
    if (closed) return;
    missing.hidden = Boolean(current());
    body.hidden = !missing.hidden;
    draw();
    follow();
  }

  /** Acknowledgements of others are not part of the live feed. */
  function follow() {
    poll = setTimeout(async () => {
      await alerts.load(`&ride=${rideId}`);
      if (!closed) follow();
    }, POLL_MS);
  }

  async function acknowledge() {
    go.disabled = true;
    text(fault, '');
    try {
      await alerts.acknowledge(id);
    } catch (e) {
      text(fault, e.message);
    }
    go.disabled = false;
  }

  function draw() {
    const alert = current();
    if (!alert) {
      text(title, 'Alert');
      return;
    }
    const live = fleet.rides.get(rideId);
    const look = severity(alert.severity);
    const name = (live?.rider?.name ? nameOf(live) : null) ?? (ride ? riderWord(ride.rider) : alerts.nameOf(alert));
    text(title, name);
    app.title(name);
    if (state.dataset.kind !== look.kind) {
      stateMark.replaceChildren(mark(look.kind));
      state.dataset.kind = look.kind;
    }
    text(state, `${look.word} · ${PHASE[alert.phase] ?? alert.phase}`);
    const ongoing = isOngoing(alert);
    const now = live && ongoing;
    const hr = (now ? alerts.heartRateOf(alert) : alert.worstBpm) ?? null;
    text(bpmLabel, !now ? 'Worst heart rate' : alerts.isLive ? 'Heart rate now' : 'Latest heart rate');
    text(bpm, hr === null ? ABSENT : String(hr));
    text(
      range,
      [
        now && isSilent(live, fleet.asOf()) && `no data for ${duration((fleet.asOf() - live.at) / 1000)}`,
        alert.maxBpm && `range ${alert.minBpm}–${alert.maxBpm} bpm`,
        alert.worstBpm && `worst ${alerts.worstOf(alert)} bpm, ${alert.high ? 'above' : 'below'} range`,
      ]
        .filter(Boolean)
        .join(' · '),
    );
    const until = ongoing ? fleet.asOf() : alert.endedAt;
    const { unit, street, city, postcode } = address ?? {};
    drawFacts([
      ['Rider', name],
      ['Bike', live?.bike ?? ride?.bike],
      ['Where', [unit, street, city, postcode].filter(Boolean).join(', ')],
      ['Raised', `${when(alert.raisedAt)}${until ? `, lasting ${duration((until - alert.raisedAt) / 1000)}` : ''}`],
    ]);
    const after = alert.acknowledgedAt && duration((alert.acknowledgedAt - alert.raisedAt) / 1000);
    text(
      going,
      alert.acknowledgedAt
        ? `${alert.acknowledgedBy ?? 'The rider'} responded at ${when(alert.acknowledgedAt)}, after ${after}`
        : 'No response yet',
    );
    going.classList.toggle('is-done', Boolean(alert.acknowledgedAt));
    if (go) {
      go.hidden = Boolean(alert.acknowledgedAt);
      text(go, ongoing ? 'I am going' : 'Acknowledge');
    }
    trace.limits = { min: alert.minBpm ?? null, max: alert.maxBpm ?? null };
    const firstS = Number(id.split('-')[1]);
    const to = Math.max(1, now ? series.last : Math.min(series.last, firstS + TRACE_S - BEFORE_S));
    trace.draw([series.seconds.slice(0, to), series.hr.slice(0, to)], [Math.max(1, to - TRACE_S), to]);
  }

  let shownFacts = '';
  function drawFacts(rows) {
    const known = rows.filter(([, value]) => value);
    const key = known.join('|');
    if (key === shownFacts) return;
    shownFacts = key;
    facts.replaceChildren(...known.flatMap(([word, value]) => [h('dt', {}, word), h('dd', {}, h('b', {}, value))]));
  }

  load();
  return {
    draw,
    recolour: () => trace.recolour(),
    close() {
      closed = true;
      clearTimeout(poll);
      stop();
      trace.close();
    },
  };
}
