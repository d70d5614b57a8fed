import { TimeChart } from './charts.js';
import { empty, h, text } from './dom.js';
import { count, elapsed, plural, whenOn } from './format.js';
import { ZONE_WORDS } from './zones.js';

const DAY_S = 86_400;
const DAYS = 42;
const LATEST = 12;

/** Energy by day over the last six weeks; for the latest ended rides the time in heart-rate zones and the training stress. */
export class TrainingLoad {
  #session;
  #signal;
  #energy = new TimeChart({
    title: 'Energy by day, kJ',
    colour: '--accent',
    fill: '--fill-accent',
    bars: true,
    days: true,
    height: 150,
    format: (v) => `${count(v)} kJ`,
  });
  #rides = [];
  #zones = h('div', {});
  #note = h('p', { class: 'note' });
  node = h('div', { class: 'load' }, this.#energy.node, this.#note, this.#zones);

  constructor(session, signal) {
    this.#session = session;
    this.#signal = signal;
  }

  /** @param rides newest first */
  show(rides) {
    this.#rides = rides;
    this.#drawEnergy();
    this.#loadZones(rides.filter((ride) => ride.status !== 'live').slice(0, LATEST));
  }

  #drawEnergy() {
    const today = new Date();
    const midnight = (daysAgo) => new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysAgo).getTime() / 1000;
    const days = Array.from({ length: DAYS }, (ignored, i) => midnight(DAYS - 1 - i));
    const kj = days.map(() => 0);
    for (const ride of this.#rides) {
      const day = days.findLastIndex((start) => Date.parse(ride.startedAt) / 1000 >= start);
      if (day >= 0 && Date.parse(ride.startedAt) / 1000 < days[day] + 1.1 * DAY_S) kj[day] += ride.energyKj ?? 0;
    }
    this.#energy.draw([days, kj], `Energy by day, in all ${count(kj.reduce((a, b) => a + b, 0))} kJ in ${DAYS} days`);
  }

  async #loadZones(rides) {
    const summaries = [];
    for (const ride of rides) {
      try {
        summaries.push([ride, await this.#session.patientJson(`v1/rides/${ride.rideId}/summary`, { signal: this.#signal })]);
      } catch {
        if (this.#signal.aborted) return;
      }
    }
    const zoned = summaries.filter(([, summary]) => summary.heartRate.zonesS);
    text(this.#note, zoned.length ? `Time in heart-rate zones of the latest ${plural(zoned.length, 'ended ride')}` : '');
    this.#zones.replaceChildren(
      zoned.length ? this.#legend() : empty('No zones', 'Zones need an ended ride with a measured heart rate and a known age.'),
      h(
        'ul',
        { class: 'zone-rides' },
        zoned.map(([ride, summary]) => this.#line(ride, summary)),
      ),
    );
  }

  #legend() {
    return h(
      'ul',
      { class: 'legend', 'aria-label': 'Zones' },
      ZONE_WORDS.map((word, i) => h('li', {}, h('i', { class: `swatch heat-${i + 1}` }), word)),
    );
  }

  #line(ride, { heartRate: { zonesS }, power }) {
    const all = Math.max(
      1,
      zonesS.reduce((a, b) => a + b, 0),
    );
    const words = ZONE_WORDS.map((word, i) => `${word} ${elapsed(zonesS[i])}`).join(', ');
    return h(
      'li',
      {},
      h('a', { href: `#/ride/${ride.rideId}` }, whenOn(Date.parse(ride.startedAt))),
      h(
        'span',
        { class: 'stack', role: 'img', 'aria-label': words, title: words },
        zonesS.map((seconds, i) => {
          const part = h('i', { class: `heat-${i + 1}` });
          part.style.flexGrow = String(seconds / all);
          return part;
        }),
      ),
      h(
        'span',
        { class: 'note' },
        power?.trainingStressScore == null ? elapsed(ride.durationS) : `TSS ${count(power.trainingStressScore)}`,
      ),
    );
  }

  recolour() {
    if (this.#rides.length) this.#drawEnergy();
  }

  close() {
    this.#energy.close();
  }
}
