import { duration, plural, withoutOverrides } from './format.js';

const NO_SIGNAL_AFTER_S = 10;
export const SILENT_AFTER_MS = 30_000;

/** How much attention a ride needs, most urgent first; the default sort order. */
export const RANKS = ['high', 'medium', 'recovering', 'pending', 'low', 'idle', 'ok'];

/** All open rides. Times are milliseconds of the server clock. */
export class Fleet extends EventTarget {
  rides = new Map();
  totals = null;
  seq = null;
  /** When the values were current: the time of the last frame; 0 before the first. */
  at = 0;
  #clockOffset = Date.now() - performance.now();

  /** The time by the server's clock; by that of the browser before the first frame. */
  now() {
    return performance.now() + this.#clockOffset;
  }

  #timed(at) {
    this.at = at;
    this.#clockOffset = at - performance.now();
  }

  reset(snapshot) {
    this.#timed(snapshot.at);
    this.seq = snapshot.seq;
    const before = this.rides;
    this.rides = new Map();
    for (const row of snapshot.rides) this.rides.set(row.ride, take(row, before.get(row.ride)));
    if (snapshot.totals) this.totals = snapshot.totals;
    this.dispatchEvent(new Event('membership'));
  }

  /** The time for statements about the values: while no frame arrives, it stands still. */
  asOf() {
    return this.at || this.now();
  }

  /** Applies a frame; false if frames are missing before it. */
  apply(frame) {
    if (this.seq !== null && frame.seq <= this.seq) return true;
    if (this.seq === null || frame.seq !== this.seq + 1) return false;
    this.seq = frame.seq;
    this.#timed(frame.at);
    for (const row of frame.started ?? []) this.rides.set(row.ride, take(row, this.rides.get(row.ride)));
    const { ride: ids, s, hr, rpm, res, w, age } = frame;
    for (let i = 0; i < ids.length; i++) {
      const ride = this.rides.get(ids[i]);
      if (ride) measured(ride, s[i], hr[i], rpm[i], res[i], w[i], frame.at - age[i]);
    }
    for (const id of frame.ended ?? []) this.rides.delete(id);
    if (frame.ended?.length) this.dispatchEvent(new CustomEvent('ended', { detail: frame.ended }));
    if (frame.started?.length || frame.ended?.length) this.dispatchEvent(new Event('membership'));
    return true;
  }

  /** Adds what only readers of rider data receive: name, age and limits. */
  name({ ride: id, ...rider }) {
    const ride = this.rides.get(id);
    if (!ride) return;
    ride.rider = { ...ride.rider, ...rider };
    ride.min = rider.min ?? ride.min;
    ride.max = rider.max ?? ride.max;
  }

  alarm({ ride: id, phase, severity, high, min, max }) {
    const ride = this.rides.get(id);
    if (!ride) return;
    ride.state = phase === 'ended' ? 'normal' : phase;
    ride.severity = ride.state === 'firing' || ride.state === 'recovering' ? severity : null;
    ride.high = high;
    ride.min = min ?? ride.min;
    ride.max = max ?? ride.max;
  }
}

function take(row, before) {
  const ride = { ...row, hrAtS: row.hr === null ? (before?.hrAtS ?? row.s) : row.s };
  ride.rider = { ...before?.rider, ...row.rider };
  ride.min = ride.rider.min ?? before?.min ?? null;
  ride.max = ride.rider.max ?? before?.max ?? null;
  ride.high = before?.high;
  return ride;
}

function measured(ride, s, hr, rpm, res, w, at) {
  if (s > ride.s && w !== null) ride.kj = (ride.kj ?? 0) + (w * Math.min(s - ride.s, 5)) / 1000;
  ride.s = s;
  ride.hr = hr;
  ride.rpm = rpm;
  ride.res = res;
  ride.w = w;
  ride.at = at;
  if (hr !== null) ride.hrAtS = s;
}

/** Heart rate as a share of the rider's maximum; null if either is unknown. */
export const shareOfMax = (ride) => (ride.hr !== null && ride.max ? ride.hr / ride.max : null);

export const noSignalS = (ride) => (ride.hr === null ? Math.max(0, ride.s - ride.hrAtS) : 0);

/** Whether the bike has sent nothing for so long that its last values say nothing about now. */
export const isSilent = (ride, now) => now - ride.at > SILENT_AFTER_MS;

const silence = (ride, now) => duration((now - ride.at) / 1000);

const isBeyond = ({ hr, min, max }) => hr !== null && Boolean(max) && (hr > max || hr < min);

/** Outside the range, without an alert yet. */
const isLeaving = (ride) => ride.state === 'pending' || (ride.state === 'normal' && isBeyond(ride));

/** One of RANKS. A firing alert stays on top even if the bike has stopped sending. */
export function rankOf(ride, now) {
  if (ride.state === 'firing') return ride.severity === 'critical' ? 'high' : 'medium';
  if (isSilent(ride, now)) return 'idle';
  if (ride.state === 'recovering') return 'recovering';
  if (isLeaving(ride)) return 'pending';
  if (ride.hr === null) return 'low';
  return 'ok';
}

export const MARK_OF = { high: 'high', medium: 'medium', recovering: 'ok', pending: 'ok', low: 'low', idle: 'idle', ok: 'ok' };

function side(ride) {
  const high = ride.hr !== null && ride.max ? (ride.hr > ride.max ? true : ride.hr < ride.min ? false : ride.high) : ride.high;
  return high === undefined ? 'out of range' : high ? 'above range' : 'below range';
}

/** Whether the rider is outside the range now, acknowledged or not. */
export const isOutOfRange = (ride) => ride.state === 'firing' || isLeaving(ride);

/** What all rides together say of their ranges; heart rates of riders without a known range say nothing. */
export function rangeWord(rides) {
  const all = [...rides];
  const outside = all.filter(isOutOfRange).length;
  if (outside) return `${plural(outside, 'rider')} out of range now`;
  const measuring = all.filter((ride) => ride.hr !== null);
  if (!measuring.length) return 'No heart rate is measured now.';
  return measuring.some((ride) => !ride.max) ? 'No rider with a known range is out of it.' : 'All measured heart rates are in range.';
}

export function stateWord(ride, rank, now) {
  switch (rank) {
    case 'high':
    case 'medium': {
      const word = `${rank === 'high' ? 'Critical' : 'Warning'}: ${side(ride)}`;
      return isSilent(ride, now) ? `${word} · no data for ${silence(ride, now)}` : word;
    }
    case 'recovering':
      return 'Back in range';
    case 'pending':
      return 'Leaving range';
    case 'low':
      return noSignalS(ride) >= NO_SIGNAL_AFTER_S ? `No HR signal · ${Math.round(noSignalS(ride))} s` : 'No HR signal';
    case 'idle':
      return `Not in use · ${silence(ride, now)}`;
    default:
      return ride.max && ride.hr !== null ? 'In range' : 'No alert';
  }
}

export const handsOnTheBar = (ride) => ride.hr === null && noSignalS(ride) >= NO_SIGNAL_AFTER_S;

export const nameOf = (ride) => withoutOverrides(ride.rider?.name || `Bike ${ride.bike ?? ride.ride}`);

export const groupOf = (ride) => ride.rider?.ageGroup ?? null;
