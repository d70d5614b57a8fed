import { nameOf } from './fleet.js';
import { severity } from './format.js';

const PAGE = 100;
const MOST = 500;
const TOGETHER_MS = 600;

/** Heart-rate episodes: those stored, and those the feed tells of. */
export class AlertBook extends EventTarget {
  #session;
  #fleet;
  #byId = new Map();
  #names = new Map();
  #fresh = [];
  #announce = null;
  fault = null;
  loaded = false;

  constructor(session, feed, fleet) {
    super();
    this.#session = session;
    this.#fleet = fleet;
    feed.listen('live.alerts', (told) => this.#heard(told));
    feed.addEventListener('snapshot', () => this.load());
  }

  /** Newest first. */
  get all() {
    return [...this.#byId.values()].sort((a, b) => b.raisedAt - a.raisedAt);
  }

  /** Not acknowledged, most severe and newest first. */
  get open() {
    const weight = (alert) => (alert.severity === 'critical' ? 1 : 0);
    return this.all.filter((alert) => !alert.acknowledgedAt).sort((a, b) => weight(b) - weight(a));
  }

  nameOf(alert) {
    const ride = this.#fleet.rides.get(alert.rideId);
    if (ride?.rider?.name) this.#names.set(alert.rideId, ride.rider.name);
    return this.#names.get(alert.rideId) ?? (ride ? nameOf(ride) : `Ride ${alert.rideId}`);
  }

  clear() {
    this.#byId.clear();
    this.#names.clear();
    this.loaded = false;
    this.dispatchEvent(new Event('change'));
  }

  async load(query = '') {
    try {
      const page = await this.#session.json(`v1/alerts?limit=${PAGE}${query}`);
      page.items.forEach((item) => this.#put(fromApi(item)));
      this.fault = null;
      await this.#learnNames();
    } catch (e) {
      this.fault = e.message;
    }
    this.loaded = true;
    this.dispatchEvent(new Event('change'));
  }

  async acknowledge(id) {
    const detail = await this.#session.json(`v1/alerts/${encodeURIComponent(id)}/acknowledgement`, { method: 'PUT' });
    this.#put(fromApi(detail.alert ?? detail));
    this.dispatchEvent(new Event('change'));
  }

  #put(alert) {
    const known = this.#byId.get(alert.id);
    this.#byId.set(alert.id, { ...known, ...alert });
    if (this.#byId.size > MOST) this.#byId.delete(this.all.at(-1).id);
  }

  #heard(told) {
    this.#fleet.alarm(told);
    const id = `${told.ride}-${told.firstS}`;
    const known = this.#byId.get(id);
    const firing = told.phase === 'firing';
    if (!known && !firing) return;
    const over = known ? known.high : told.bpm > told.max;
    this.#put({
      id,
      rideId: told.ride,
      raisedAt: known?.raisedAt ?? told.at,
      raisedBpm: known?.raisedBpm ?? told.bpm,
      worstBpm: over ? Math.max(known?.worstBpm ?? 0, told.bpm) : Math.min(known?.worstBpm ?? 999, told.bpm),
      high: over,
      minBpm: told.min,
      maxBpm: told.max,
      severity: told.severity ?? known?.severity,
      phase: told.phase,
    });
    if (firing && !known) this.#raised(this.#byId.get(id));
    this.dispatchEvent(new Event('change'));
  }

  /** One sentence for what comes together, as a reader cannot follow ten. */
  #raised(alert) {
    this.#fresh.push(alert);
    this.#announce ??= setTimeout(() => {
      const alerts = this.#fresh;
      this.#fresh = [];
      this.#announce = null;
      const detail = alerts.length > 1 ? `${alerts.length} new heart-rate alerts` : `${severity(alert.severity).word} alert: ${this.nameOf(alert)}, ${alert.raisedBpm} beats per minute`;
      this.dispatchEvent(new CustomEvent('raised', { detail }));
    }, TOGETHER_MS);
  }

  async #learnNames() {
    const unknown = [...new Set(this.all.map((a) => a.rideId).filter((id) => !this.#fleet.rides.has(id) && !this.#names.has(id)))].slice(0, 100);
    if (!unknown.length || !this.#session.may('riders:read')) return;
    const page = await this.#session.json(`v1/rides?limit=200&ids=${unknown.join(',')}`);
    for (const ride of page.items) if (ride.rider?.name) this.#names.set(ride.rideId, ride.rider.name);
  }
}

function fromApi(alert) {
  return {
    id: alert.alertId,
    rideId: alert.rideId,
    raisedAt: Date.parse(alert.raisedAt),
    raisedBpm: alert.raisedBpm,
    worstBpm: alert.worstBpm ?? alert.raisedBpm,
    high: alert.high,
    minBpm: alert.minBpm,
    maxBpm: alert.maxBpm,
    severity: alert.severity,
    phase: alert.phase,
    mailStatus: alert.mailStatus ?? null,
    quiet: alert.quiet ?? null,
    acknowledgedAt: alert.acknowledgedAt ? Date.parse(alert.acknowledgedAt) : null,
    acknowledgedBy: alert.acknowledgedBy ?? null,
  };
}
