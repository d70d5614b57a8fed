import { h, panel, text } from '../dom.js';
import { saveButton } from '../download.js';
import { period } from '../format.js';
import { RideCharts } from '../ride-charts.js';
import { RideFigures } from '../ride-figures.js';
import { zoneList } from '../ride-panels.js';
import { Series } from '../ride-series.js';

const RELOAD_MS = 5_000;

/** One ride of the rider: figures, charts, zones and files. A live ride is read again until it has ended. */
export class OwnRide {
  #session;
  #signal;
  #id = null;
  #reload = null;
  #series = new Series();
  #range = { min: null, max: null };
  #when = h('p', { class: 'note' });
  #fault = h('p', { class: 'fault', role: 'alert' });
  #figures = new RideFigures();
  #zones = h('div', { class: 'zones' });
  #files = h('div', { class: 'choices', role: 'group', 'aria-label': 'Save this ride' });
  #charts = new RideCharts(() => this.#drawCharts());
  node = h(
    'div',
    { class: 'me-columns wide', hidden: true },
    h('div', { class: 'head wide' }, h('div', {}, h('h2', {}, 'Ride'), this.#when, this.#fault), this.#files),
    h('div', { class: 'wide' }, this.#figures.node),
    h('div', { class: 'wide' }, this.#charts.node),
    panel('Time in heart-rate zones', { class: 'wide' }, this.#zones),
  );

  constructor(session, signal) {
    this.#session = session;
    this.#signal = signal;
    this.#charts.choose(0);
  }

  open(id) {
    clearTimeout(this.#reload);
    this.#id = id;
    this.#series = new Series();
    const failed = (message) => text(this.#fault, message);
    const path = `v1/rides/${id}`;
    this.#files.replaceChildren(
      saveButton(this.#session, 'CSV', `${path}/readings`, `ride-${id}.csv`, 'text/csv', failed),
      saveButton(this.#session, 'FIT', `${path}/fit`, `ride-${id}.fit`, '*/*', failed),
      saveButton(this.#session, 'TCX', `${path}/tcx`, `ride-${id}.tcx`, '*/*', failed),
    );
    this.#load(id);
  }

  async #load(id) {
    const get = (path) => this.#session.patientJson(`v1/rides/${id}${path}`, { signal: this.#signal });
    try {
      // The ride first: what is read after its end is complete.
      const ride = await get('');
      const summary = await get('/summary');
      const readings = await get('/readings').catch((e) => {
        if (e.status !== 410) throw e;
        return { items: [] };
      });
      if (this.#id !== id || this.#signal.aborted) return;
      for (const r of readings.items)
        this.#series.put(r.elapsedS, r.heartRateBpm ?? null, r.cadenceRpm ?? null, r.resistance ?? null, r.powerW ?? null, true);
      this.#draw(ride, summary);
      if (ride.status === 'live') this.#reload = setTimeout(() => this.#load(id), RELOAD_MS);
    } catch (e) {
      if (this.#id !== id || this.#signal.aborted) return;
      this.node.hidden = false;
      text(this.#fault, e.message);
    }
  }

  #draw(ride, summary) {
    const live = ride.status === 'live';
    this.node.hidden = false;
    text(this.#fault, '');
    text(
      this.#when,
      [period(Date.parse(ride.startedAt), ride.endedAt && Date.parse(ride.endedAt)), ride.bike && `bike ${ride.bike}`, live && 'riding now']
        .filter(Boolean)
        .join(' · '),
    );
    const { rangeMinBpm = null, rangeMaxBpm = null } = summary.heartRate;
    this.#range = { min: rangeMinBpm, max: rangeMaxBpm };
    this.#figures.drawEnded({ s: this.#series.last, ...this.#range }, ride, summary, this.#series);
    this.#zones.replaceChildren(zoneList(summary.heartRate?.zonesS ?? null, 'your age is unknown, or no heart rate was measured.'));
    this.#drawCharts();
  }

  #drawCharts() {
    if (!this.node.hidden) this.#charts.draw(this.#series, this.#range);
  }

  recolour() {
    this.#charts.recolour();
    this.#drawCharts();
  }

  close() {
    clearTimeout(this.#reload);
    this.#charts.close();
  }
}
