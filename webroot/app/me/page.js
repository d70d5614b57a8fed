import { empty, h, panel, text } from '../dom.js';
import { count, duration } from '../format.js';
import { RideTable } from '../ride-table.js';
import { AlertSettings } from '../rider-settings.js';
import { OwnAlerts } from './alerts.js';
import { OwnData } from './data.js';
import { OwnRide } from './ride.js';

const RIDES = 50;

/** Everything about the rider of the token. Uses only operations that the scope `self` opens. */
export class OwnPage {
  #session;
  #stop = new AbortController();
  #rider = null;
  #ride;
  #alerts;
  #settings = null;
  #who = h('p', { class: 'note' });
  #fault = h('p', { class: 'fault', role: 'alert' });
  #sums = h('dl', { class: 'tiles' });
  #table = new RideTable('Your rides', null, ['rider', 'city']);
  #body;

  constructor(root, session) {
    this.#session = session;
    this.#ride = new OwnRide(session, this.#stop.signal);
    this.#alerts = new OwnAlerts(session, this.#stop.signal);
    this.#body = h('div', { class: 'me-columns', hidden: true });
    root.append(h('div', { class: 'head' }, h('div', {}, h('h1', {}, 'Your rides'), this.#who)), this.#fault, this.#body);
    this.#start();
  }

  async #start() {
    try {
      const me = await this.#get('me');
      this.#rider = me.rider.riderId;
      this.#show(me);
    } catch (e) {
      if (this.#stop.signal.aborted) return;
      text(
        this.#fault,
        e.status === 404 ? 'There are no data about you: no ride is stored yet, or your data have been erased.' : e.message,
      );
      return;
    }
    await Promise.all([this.#loadRides(), this.#alerts.load(this.#rider), this.#settings.load()]);
  }

  #show({ rider, rides, durationS, energyKj, powerMeanW, heartRateMeanBpm }) {
    text(this.#who, [rider.name, `rider ${rider.riderId}`].filter(Boolean).join(' · '));
    this.#sums.replaceChildren(
      ...[
        ['Rides', count(rides), ''],
        ['Time on bikes', duration(durationS), ''],
        ['Energy', count(energyKj), ' kJ'],
        ['Mean power', count(powerMeanW), ' W'],
        ['Mean heart rate', count(heartRateMeanBpm), ' bpm'],
      ].map(([label, value, unit]) =>
        h('div', { class: 'tile' }, h('dt', {}, label), h('dd', {}, h('b', {}, value), unit && h('span', { class: 'unit' }, unit))),
      ),
    );
    this.#settings = new AlertSettings(this.#session, rider.riderId, { may: true, optOut: 'Send me no mails' });
    this.#body.append(
      h('div', { class: 'wide' }, this.#sums),
      this.#alerts.node,
      this.#ride.node,
      panel('All rides', { class: 'wide' }, this.#table.node),
      panel('Heart-rate alerts', {}, this.#settings.node),
      panel('Your data', {}, new OwnData(this.#session, rider.riderId, this.#stop.signal).node),
    );
    this.#body.hidden = false;
  }

  async #loadRides() {
    try {
      const { items } = await this.#get(`riders/${this.#rider}/rides?limit=${RIDES}`);
      this.#table.show(items);
      if (items.length === 0) this.#table.node.replaceChildren(empty('No rides', 'Rides appear here when they start.'));
      this.#latest = items[0]?.rideId ?? null;
      this.route();
    } catch (e) {
      if (!this.#stop.signal.aborted) text(this.#fault, e.message);
    }
  }

  #latest = null;

  /** Shows the ride that the address names, else the latest. */
  route() {
    const named = /^#\/ride\/(\d{1,16})$/.exec(location.hash);
    const ride = named ? named[1] : this.#latest;
    if (ride === null) return;
    this.#ride.open(ride);
    if (named) this.#ride.node.scrollIntoView({ block: 'start' });
  }

  #get(path) {
    return this.#session.patientJson(`v1/${path}`, { signal: this.#stop.signal });
  }

  recolour() {
    this.#ride.recolour();
  }

  close() {
    this.#stop.abort();
    this.#ride.close();
  }
}
