import { h, mark, text } from './dom.js';
import { hourAndMinute, severity, timeOfDay } from './format.js';

const PHASE = { firing: 'ongoing', recovering: 'recovering', normal: 'resolved', ended: 'ride ended', pending: 'pending' };

/** One alert with its button. The node is reused on updates, so that it keeps the focus. */
export class AlertCard {
  #alerts;
  #id;
  #line = h('p', { class: 'alert-line' });
  #button;
  #fault = h('p', { class: 'fault', role: 'alert' });
  #name;

  constructor(alert, { alerts, session }) {
    this.#alerts = alerts;
    this.#id = alert.id;
    const look = severity(alert.severity);
    this.#name = h('a', { href: `#/ride/${alert.rideId}` });
    this.#button =
      session.may('alerts:write') && h('button', { type: 'button', class: 'small', onclick: () => this.#acknowledge() }, 'Acknowledge');
    this.node = h(
      'li',
      { class: `alert alert-${look.kind}` },
      mark(look.kind),
      h('div', { class: 'alert-text' }, h('p', { class: 'alert-name' }, this.#name), this.#line, this.#fault),
      this.#button,
    );
    this.update(alert);
  }

  update(alert) {
    const name = this.#alerts.nameOf(alert);
    text(this.#name, name);
    const look = severity(alert.severity);
    const bound = alert.high ? alert.maxBpm : alert.minBpm;
    const limit = `${alert.high ? 'above' : 'below'} ${bound === undefined ? 'the limit' : `${bound} bpm`}`;
    const done = alert.acknowledgedAt
      ? ` · acknowledged ${hourAndMinute(alert.acknowledgedAt)}${alert.acknowledgedBy ? ` by ${alert.acknowledgedBy}` : ''}`
      : '';
    text(
      this.#line,
      `${look.word} · ${alert.worstBpm} bpm, ${limit} · ${timeOfDay(alert.raisedAt)} · ${PHASE[alert.phase] ?? alert.phase}${done}`,
    );
    this.node.classList.toggle('is-done', Boolean(alert.acknowledgedAt));
    this.node.classList.toggle('is-over', alert.phase === 'normal' || alert.phase === 'ended');
    if (this.#button) {
      this.#button.hidden = Boolean(alert.acknowledgedAt);
      this.#button.setAttribute('aria-label', `Acknowledge the alert of ${name}`);
    }
  }

  async #acknowledge() {
    this.#button.disabled = true;
    text(this.#fault, '');
    try {
      await this.#alerts.acknowledge(this.#id);
    } catch (e) {
      text(this.#fault, e.message);
    }
    this.#button.disabled = false;
  }
}

/** A list of alert cards. */
export class AlertList {
  node;
  #app;
  #cards = new Map();

  constructor(app, label) {
    this.#app = app;
    this.node = h('ul', { class: 'alerts', 'aria-label': label });
  }

  update(alerts) {
    const wanted = new Set(alerts.map((a) => a.id));
    for (const [id, card] of this.#cards) {
      if (!wanted.has(id)) {
        card.node.remove();
        this.#cards.delete(id);
      }
    }
    alerts.forEach((alert, i) => {
      let card = this.#cards.get(alert.id);
      if (card) card.update(alert);
      else this.#cards.set(alert.id, (card = new AlertCard(alert, this.#app)));
      if (this.node.children[i] !== card.node) this.node.insertBefore(card.node, this.node.children[i] ?? null);
    });
    this.node.hidden = alerts.length === 0;
  }
}
