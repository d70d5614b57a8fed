import { h, panel, text } from '../dom.js';
import { whenOn } from '../format.js';

const LATEST = 10;
const RULE = { not_pedalling: 'high while not pedalling', no_recovery: 'no recovery after the effort' };

/** The text without places where a line may break: a number stays with its unit. */
const bpm = (value) => `${value}\u00a0bpm`;

const line = ({ raisedAt, raisedBpm, worstBpm, high, rule, minBpm, maxBpm }) =>
  [
    whenOn(Date.parse(raisedAt)),
    `${bpm(worstBpm ?? raisedBpm)}, ${RULE[rule] ?? (high ? `above your limit of ${bpm(maxBpm)}` : `below your limit of ${bpm(minBpm)}`)}`,
  ].join(' · ');

/** The rider's latest alerts, with the answers that are still open. */
export class OwnAlerts {
  #session;
  #signal;
  #list = h('ul', { class: 'own-alerts' });
  #fault = h('p', { class: 'fault', role: 'alert' });
  node = panel('Alerts', { class: 'wide' }, this.#list, this.#fault);

  constructor(session, signal) {
    this.#session = session;
    this.#signal = signal;
    this.node.hidden = true;
  }

  async load(rider) {
    try {
      const { items } = await this.#session.patientJson(`v1/alerts?rider=${rider}&limit=${LATEST}`, { signal: this.#signal });
      this.#list.replaceChildren(...items.map((alert) => this.#item(alert)));
      this.node.hidden = items.length === 0;
    } catch (e) {
      if (this.#signal.aborted) return;
      this.node.hidden = false;
      text(this.#fault, e.message);
    }
  }

  #item(alert) {
    const item = h('li', {});
    this.#draw(item, alert);
    return item;
  }

  #draw(item, alert) {
    const sensor = alert.riderAnswer === 'sensor_fault';
    const state = sensor
      ? 'Your answer: it was the sensor'
      : alert.acknowledgedAt
        ? `${alert.acknowledgedBy ? 'Acknowledged by our staff' : 'Seen'} ${whenOn(Date.parse(alert.acknowledgedAt))}`
        : '';
    const button = (answer, word) =>
      h(
        'button',
        {
          type: 'button',
          class: 'small',
          'aria-label': `${word}: ${line(alert)}`,
          onclick: (e) => this.#answer(item, alert, answer, e.currentTarget),
        },
        word,
      );
    item.replaceChildren(
      h('div', {}, h('p', {}, h('a', { href: `#/ride/${alert.rideId}` }, line(alert))), h('p', { class: 'note' }, state)),
      h(
        'div',
        { class: 'choices' },
        ...[!alert.acknowledgedAt && button('seen', 'I have seen this'), !sensor && button('sensor_fault', 'It was the sensor')].filter(
          Boolean,
        ),
      ),
    );
  }

  async #answer(item, alert, answer, button) {
    button.disabled = true;
    text(this.#fault, '');
    try {
      const detail = await this.#session.json(`v1/alerts/${alert.alertId}/rider-answer`, { method: 'PUT', body: { answer } });
      this.#draw(item, { ...alert, ...detail.alert });
    } catch (e) {
      button.disabled = false;
      text(this.#fault, e.message);
    }
  }
}
