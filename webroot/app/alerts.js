import { isSilent, nameOf } from './fleet.js';
import { severity } from './format.js';

const PAGE = 100;
const OPEN_PAGE = 200;
const MAX_CHECKED = 20;
const MAX_ALERTS = 500;
const ANNOUNCE_DELAY_MS = 600;
const REFRESH_MS = 10_000;
const ENDED = new Set(['normal', 'ended']);

/** Whether the heart rate is still outside the range or has just returned to it. */
export const isOngoing = (alert) => !ENDED.has(alert.phase);

/** Heart-rate alerts: stored ones from the API and changes from the live feed. */
export class AlertBook extends EventTarget {
  #session;
  #feed;
  #fleet;
  #byId = new Map();
  #names = new Map();
  #bikes = new Map();
  #fresh = [];
  // eslint-disable-next-line no-unused-private-class-members -- read by ??=
  #announce = null;
  #refreshDue = 0;
  fault = null;
  loaded = false;
  /** Whether the gateway has more unacknowledged alerts than are held here. */
  hasMore = false;
  #silences = [];

  constructor(session, feed, fleet) {
    super();
    this.#session = session;
    this.#feed = feed;
    this.#fleet = fleet;
    feed.listen('live.alerts', (message) => this.#receive(message));
    feed.addEventListener('snapshot', () => this.load());
    feed.listen('live.totals', () => this.#refresh());
  }

  /** Ongoing first, then most severe, then newest. */
  get all() {
    const weight = (alert) => (isOngoing(alert) ? 2 : 0) + (alert.severity === 'critical' ? 1 : 0);
    return [...this.#byId.values()].sort((a, b) => weight(b) - weight(a) || b.raisedAt - a.raisedAt);
  }

  /** Ongoing, neither acknowledged nor silenced. */
  get urgent() {
    return this.open.filter((alert) => isOngoing(alert) && !alert.silencedBy);
  }

  /** Not acknowledged, in the order of `all`. */
  get open() {
    return this.all.filter((alert) => !alert.acknowledgedAt);
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** Silences that have not ended. */
  get silences() {
    return this.#silences.filter((silence) => !(Date.parse(silence.endsAt) <= this.now()));
  }

  nameOf(alert) {
    const ride = this.#fleet.rides.get(alert.rideId);
    if (ride?.rider?.name) this.#names.set(alert.rideId, nameOf(ride));
    return this.#names.get(alert.rideId) ?? (ride ? nameOf(ride) : `Ride ${alert.rideId}`);
  }

  clear() {
    this.#byId.clear();
    this.#names.clear();
    this.#silences = [];
    this.hasMore = false;
    this.loaded = false;
    this.dispatchEvent(new Event('change'));
  }

  /** The serial of the bike; null if unknown. */
  bikeOf(alert) {
    const ride = this.#fleet.rides.get(alert.rideId);
    if (ride?.bike) this.#bikes.set(alert.rideId, ride.bike);
    return this.#bikes.get(alert.rideId) ?? null;
  }

  /** The time by the server's clock. */
  now() {
    return this.#fleet.now();
  }

  /** The time of the values. */
  asOf() {
    return this.#fleet.asOf();
  }

  /** Whether `heartRateOf` is that of now. */
  get isLive() {
    return this.#feed.state === 'live';
  }

  /** The latest heart rate; null if the ride has ended, has no signal, or its bike sends nothing. */
  heartRateOf(alert) {
    const ride = this.#fleet.rides.get(alert.rideId);
    return ride && !isSilent(ride, this.asOf()) ? ride.hr : null;
  }

  /** The worst heart rate of an alert, that of now included: changes of it alone are not announced. */
  worstOf(alert) {
    const bpm = alert.phase === 'firing' ? this.heartRateOf(alert) : null;
    if (!alert.worstBpm || bpm === null) return alert.worstBpm;
    const worst = (alert.high ? Math.max : Math.min)(alert.worstBpm, bpm);
    if (worst !== alert.worstBpm) this.#put({ id: alert.id, worstBpm: worst });
    return worst;
  }

  async load(query = '') {
    if (this.#session.isWall) {
      this.loaded = true;
      return;
    }
    try {
      const page = await this.#session.json(`v1/alerts?limit=${PAGE}${query}`);
      page.items.forEach((item) => this.#put(fromApi(item)));
      if (!query && page.next) await this.#loadOpen();
      const silences = await this.#session.json(`v1/silences?limit=${PAGE}`);
      this.#silences = (silences.items ?? []).filter((silence) => silence.state !== 'expired');
      this.fault = null;
      await this.#learnNames();
    } catch (e) {
      this.fault = e.message;
    }
    this.loaded = true;
    this.dispatchEvent(new Event('change'));
  }

  /** Reads all unacknowledged alerts, and those again that were open here and are no longer: others acknowledged them. */
  async #loadOpen() {
    const before = this.open.map(({ id }) => id);
    const found = new Set();
    let cursor = '';
    do {
      const page = await this.#session.json(`v1/alerts?acknowledged=false&limit=${OPEN_PAGE}${cursor && `&cursor=${cursor}`}`);
      for (const item of page.items) {
        found.add(item.alertId);
        this.#put(fromApi(item));
      }
      cursor = page.next ?? '';
    } while (cursor && found.size < MAX_ALERTS);
    this.hasMore = cursor !== '';
    if (this.hasMore) return;
    for (const id of before.filter((known) => !found.has(known)).slice(0, MAX_CHECKED)) {
      const detail = await this.#session.json(`v1/alerts/${encodeURIComponent(id)}`).catch((e) => e);
      if (detail.status === 404) this.#byId.delete(id);
      else if (detail.alert) this.#put(fromApi(detail.alert));
    }
  }

  /** Reads the stored alerts every ten seconds while some are open: others acknowledge them, perhaps at another gateway. */
  #refresh() {
    const now = Date.now();
    if (now < this.#refreshDue || !this.open.length) return;
    this.#refreshDue = now + REFRESH_MS;
    this.load();
  }

  async acknowledge(id) {
    const detail = await this.#session.json(`v1/alerts/${encodeURIComponent(id)}/acknowledgement`, { method: 'PUT' });
    this.#put(fromApi(detail.alert ?? detail));
    this.dispatchEvent(new Event('change'));
  }

  /** Acknowledges these alerts together; the result is the number for `undo`. */
  async acknowledgeAll(alerts, comment) {
    const body = { alerts: alerts.map((alert) => alert.id).slice(0, MAX_ALERTS), comment: comment || undefined };
    const { acknowledgementId } = await this.#session.json('v1/alert-acknowledgements', { method: 'POST', body });
    for (const id of body.alerts) this.#put({ id, acknowledgedAt: this.now(), acknowledgementId });
    await this.load();
    return acknowledgementId;
  }

  /** Undoes what `acknowledgeAll` did. */
  async undo(acknowledgementId) {
    await this.#session.request(`v1/alert-acknowledgements/${acknowledgementId}`, { method: 'DELETE' });
    for (const alert of this.all) {
      if (alert.acknowledgementId === acknowledgementId) this.#put({ id: alert.id, acknowledgedAt: null, acknowledgedBy: null });
    }
    await this.load();
  }

  /** @param silence as in the API: riderId, bike or city; startsAt, endsAt, comment */
  async silence(silence) {
    await this.#session.json('v1/silences', { method: 'POST', body: silence });
    await this.load();
  }

  async expire(silenceId) {
    await this.#session.request(`v1/silences/${silenceId}`, { method: 'DELETE' });
    await this.load();
  }

  /** A stored worst heart rate may be older than the known one. */
  #put(alert) {
    const known = this.#byId.get(alert.id);
    const next = { ...known, ...alert };
    if (known?.worstBpm && next.worstBpm) next.worstBpm = (next.high ? Math.max : Math.min)(known.worstBpm, next.worstBpm);
    this.#byId.set(alert.id, next);
    if (this.#byId.size > MAX_ALERTS) this.#byId.delete([...this.#byId.values()].reduce((a, b) => (a.raisedAt <= b.raisedAt ? a : b)).id);
  }

  #receive(message) {
    this.#fleet.alarm(message);
    const id = `${message.ride}-${message.firstS}`;
    const known = this.#byId.get(id);
    const firing = message.phase === 'firing';
    if (!known && !firing) return;
    const high = known ? known.high : message.high;
    const worse = high ? Math.max : Math.min;
    const { bpm } = message;
    this.#put({
      id,
      rideId: message.ride,
      raisedAt: known?.raisedAt ?? message.at,
      raisedBpm: known?.raisedBpm ?? bpm,
      worstBpm: bpm === undefined ? known?.worstBpm : worse(known?.worstBpm ?? bpm, bpm),
      by: Math.max(known?.by ?? 0, message.by ?? 0) || undefined,
      high,
      minBpm: message.min,
      maxBpm: message.max,
      severity: message.severity ?? known?.severity,
      phase: message.phase,
      rule: message.rule ?? known?.rule,
      endedAt: ENDED.has(message.phase) ? message.at : null,
    });
    if (firing && !known) this.#raised(this.#byId.get(id));
    this.dispatchEvent(new Event('change'));
  }

  /** Combines alerts raised within ANNOUNCE_DELAY_MS into one announcement for screen readers. */
  #raised(alert) {
    this.#fresh.push(alert);
    this.#announce ??= setTimeout(() => {
      const alerts = this.#fresh;
      this.#fresh = [];
      this.#announce = null;
      const detail =
        alerts.length > 1
          ? `${alerts.length} new heart-rate alerts`
          : `${severity(alert.severity).word} alert: ${this.nameOf(alert)}${alert.raisedBpm ? `, ${alert.raisedBpm} beats per minute` : ''}`;
      this.dispatchEvent(new CustomEvent('raised', { detail }));
      if (this.silences.length) this.load();
    }, ANNOUNCE_DELAY_MS);
  }

  async #learnNames() {
    const unknown = [...new Set(this.all.map((a) => a.rideId).filter((id) => !this.#fleet.rides.has(id) && !this.#names.has(id)))].slice(
      0,
      100,
    );
    if (!unknown.length || !this.#session.may('riders:read')) return;
    const page = await this.#session.json(`v1/rides?limit=200&ids=${unknown.join(',')}`);
    for (const ride of page.items) {
      if (ride.rider?.name) this.#names.set(ride.rideId, nameOf(ride));
      if (ride.bike) this.#bikes.set(ride.rideId, ride.bike);
    }
  }
}

function fromApi(alert) {
  return {
    id: alert.alertId,
    rideId: alert.rideId,
    riderId: alert.riderId ?? null,
    raisedAt: Date.parse(alert.raisedAt),
    raisedBpm: alert.raisedBpm,
    worstBpm: alert.worstBpm ?? alert.raisedBpm,
    high: alert.high,
    minBpm: alert.minBpm,
    maxBpm: alert.maxBpm,
    severity: alert.severity,
    phase: alert.phase,
    rule: alert.rule,
    riderAnswer: alert.riderAnswer ?? null,
    silencedBy: alert.silencedBy ?? null,
    mailStatus: alert.mailStatus ?? null,
    quiet: alert.quiet ?? null,
    acknowledgedAt: alert.acknowledgedAt ? Date.parse(alert.acknowledgedAt) : null,
    acknowledgedBy: alert.acknowledgedBy ?? null,
    acknowledgementId: alert.acknowledgementId ?? null,
    comment: alert.acknowledgementComment ?? null,
  };
}
