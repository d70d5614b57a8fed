import { h, mark, text } from './dom.js';
import { isOngoing } from './alerts.js';
import { duration, severity, when } from './format.js';

const RULE = { not_pedalling: 'high while not pedalling', no_recovery: 'no recovery after the effort' };
const PHASE = { firing: 'Out of range', recovering: 'Back in range', normal: 'Resolved', ended: 'Ride ended', pending: 'Pending' };

/** One alert with its button. The node is reused on updates, so that it keeps the focus. */
export class AlertCard {
  #alerts;
  #id;
  #line = h('p', { class: 'alert-line' });
  #button;
  #fault = h('p', { class: 'fault', role: 'alert' });
  #name;
  #bike = h('span', { class: 'who' });
  #now = h('p', { class: 'alert-now' });
  #silence;
  #respond;
  #kind = null;
  #mark = h('span', { class: 'alert-mark' });

  /** @param app its `silence`, if there is one, gets the alert whose button was pressed */
  constructor(alert, app) {
    const { alerts, session } = app;
    this.#alerts = alerts;
    this.#id = alert.id;
    this.#name = h('a', { href: `#/ride/${alert.rideId}` });
    this.#respond = h('a', { class: 'alert-respond', href: `#/alert/${alert.id}` }, 'Respond');
    this.#button =
      session.may('alerts:write') && h('button', { type: 'button', class: 'small', onclick: () => this.#acknowledge() }, 'Acknowledge');
    this.#silence =
      app.silence && h('button', { type: 'button', class: 'small', onclick: () => app.silence(this.#alerts.get(this.#id)) }, 'Silence');
    this.node = h(
      'li',
      { class: 'alert' },
      this.#mark,
      h(
        'div',
        { class: 'alert-text' },
        h('p', { class: 'alert-name' }, this.#name, this.#bike),
        this.#now,
        this.#line,
        this.#respond,
        this.#fault,
      ),
      h('div', { class: 'alert-buttons' }, this.#button, this.#silence),
    );
    this.update(alert);
  }

  update(alert) {
    const name = this.#alerts.nameOf(alert);
    text(this.#name, name);
    const look = severity(alert.severity);
    this.#show(look.kind);
    const bike = this.#alerts.bikeOf(alert);
    text(this.#bike, bike && name !== `Bike ${bike}` ? ` bike ${bike}` : '');
    const ongoing = isOngoing(alert);
    const bpm = ongoing ? this.#alerts.heartRateOf(alert) : null;
    const until = ongoing ? this.#alerts.asOf() : alert.endedAt;
    text(
      this.#now,
      [
        `${look.word} · ${PHASE[alert.phase] ?? alert.phase}`,
        until ? lasting(alert.phase, unbroken(duration((until - alert.raisedAt) / 1000))) : '',
        bpm === null ? '' : `· ${this.#alerts.isLive ? 'now' : 'last'} ${unbroken(`${bpm} bpm`)}`,
        alert.silencedBy ? '· silenced' : '',
      ]
        .filter(Boolean)
        .join(' '),
    );
    const done = alert.acknowledgedAt
      ? `acknowledged ${when(alert.acknowledgedAt)}, after ${unbroken(duration((alert.acknowledgedAt - alert.raisedAt) / 1000))}${alert.acknowledgedBy ? ` by ${alert.acknowledgedBy}` : ''}${alert.comment ? `: ${alert.comment}` : ''}`
      : '';
    const answer = alert.riderAnswer === 'sensor_fault' ? 'rider: it was the sensor' : '';
    text(
      this.#line,
      [when(alert.raisedAt), RULE[alert.rule], excess({ ...alert, worstBpm: this.#alerts.worstOf(alert) }), answer, done]
        .filter(Boolean)
        .join(' · '),
    );
    this.#respond.hidden = !ongoing;
    this.#respond.setAttribute('aria-label', `Respond to the alert of ${name}`);
    this.node.classList.toggle('is-done', Boolean(alert.acknowledgedAt));
    this.node.classList.toggle('is-over', !ongoing);
    if (this.#button) {
      this.#button.hidden = Boolean(alert.acknowledgedAt);
      this.#button.setAttribute('aria-label', `Acknowledge the alert of ${name}`);
    }
  }

  /** A warning may become critical. */
  #show(kind) {
    if (this.#kind === kind) return;
    this.node.classList.remove(`alert-${this.#kind}`);
    this.node.classList.add(`alert-${kind}`);
    this.#mark.replaceChildren(mark(kind));
    this.#kind = kind;
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

/** The time from the alert until now or its end, worded so that it is not taken for that of the phase. */
function lasting(phase, time) {
  if (phase === 'firing') return `for ${time}`;
  return phase === 'normal' || phase === 'ended' ? `after ${time}` : `· raised ${time} ago`;
}

/** The text without places where a line may break: a number stays with its unit. */
const unbroken = (value) => value.replaceAll(' ', '\u00a0');

/** The worst heart rate and its limit; without the scope riders:read only how far outside the range it was. */
function excess(alert) {
  const side = alert.high ? 'above' : 'below';
  if (alert.worstBpm && alert.maxBpm) {
    const limit = alert.high ? alert.maxBpm : alert.minBpm;
    return `worst ${unbroken(`${alert.worstBpm} bpm`)}, ${Math.abs(alert.worstBpm - limit)} ${side} the limit of ${unbroken(`${limit} bpm`)}`;
  }
  if (alert.worstBpm) return `worst ${unbroken(`${alert.worstBpm} bpm`)}, ${side} the limit`;
  return alert.by ? `up to ${unbroken(`${alert.by} bpm`)} ${side} range` : `${side} range`;
}

/** A list of alert cards, the ended ones folded away. */
export class AlertList {
  node;
  #app;
  #cards = new Map();
  #ongoing;
  #ended;
  #summary = h('summary', {});
  #fold;

  /** @param foldEnded whether ended alerts are folded away below the others */
  constructor(app, label, foldEnded = true) {
    this.#app = app;
    this.#ongoing = h('ul', { class: 'alerts', 'aria-label': label });
    this.#ended = h('ul', { class: 'alerts', 'aria-label': `${label}, ended` });
    this.#fold = foldEnded && h('details', { class: 'ended' }, this.#summary, this.#ended);
    this.node = h('div', {}, this.#ongoing, this.#fold);
  }

  update(alerts) {
    const wanted = new Set(alerts.map((a) => a.id));
    for (const [id, card] of this.#cards) {
      if (!wanted.has(id)) {
        card.node.remove();
        this.#cards.delete(id);
      }
    }
    const ended = this.#fold ? alerts.filter((a) => !isOngoing(a)) : [];
    this.#place(this.#fold ? alerts.filter(isOngoing) : alerts, this.#ongoing);
    this.#place(ended, this.#ended);
    if (this.#fold) {
      this.#fold.hidden = ended.length === 0;
      text(this.#summary, `${ended.length} ended`);
    }
    this.#ongoing.hidden = this.#ongoing.childElementCount === 0;
    this.node.hidden = alerts.length === 0;
  }

  #place(alerts, list) {
    alerts.forEach((alert, i) => {
      let card = this.#cards.get(alert.id);
      if (card) card.update(alert);
      else this.#cards.set(alert.id, (card = new AlertCard(alert, this.#app)));
      if (list.children[i] !== card.node) list.insertBefore(card.node, list.children[i] ?? null);
    });
  }
}
