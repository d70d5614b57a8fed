import { h, text } from './dom.js';
import { when } from './format.js';

const MINUTE_MS = 60_000;
const DURATIONS = [
  [60, '1 hour'],
  [240, '4 hours'],
  [1_440, '1 day'],
  [10_080, '1 week'],
  [40_320, '4 weeks'],
];
const CRITERIA = { riderId: 'Rider', bike: 'Bike', city: 'City' };

/** What a silence covers: `Bike SN0007, City Leeds`. */
export const covered = (silence) =>
  Object.entries(CRITERIA)
    .filter(([name]) => silence[name] !== undefined)
    .map(([name, word]) => `${word} ${silence[name]}`)
    .join(', ') || 'City';

/** The silence that a form describes, as the API takes it; without a start it begins now. */
export function silenceOf({ criterion, value, from, minutes, comment }, now) {
  const startsAt = from ? new Date(from) : null;
  return {
    [criterion]: criterion === 'riderId' ? Number(value) : value.trim(),
    startsAt: startsAt?.toISOString(),
    endsAt: new Date((startsAt?.getTime() ?? now) + Number(minutes) * MINUTE_MS).toISOString(),
    comment: comment.trim(),
  };
}

/** The form that sets a silence, and the silences that have not ended. */
export class Silences {
  #alerts;
  #list = h('ul', { class: 'silences' });
  #none = h('p', { class: 'note' }, 'No silences. Alerts of a silenced rider, bike or city are recorded without mail and webhook.');
  #fault = h('p', { class: 'fault', role: 'alert' });
  #shown = '';
  #criterion;
  #value = h('input', { name: 'value', required: true, maxlength: 128, autocomplete: 'off' });
  #comment = h('input', { name: 'comment', required: true, maxlength: 200, autocomplete: 'off' });
  #form;

  constructor({ alerts, session }) {
    this.#alerts = alerts;
    this.canWrite = session.may('alerts:write');
    const criteria = Object.entries(CRITERIA).filter(([name]) => name !== 'city' || session.may('riders:read'));
    this.#criterion = h(
      'select',
      { name: 'criterion', onchange: () => this.#adapt() },
      criteria.map(([name, word]) => h('option', { value: name }, name === 'riderId' ? `${word} id` : word)),
    );
    const minutes = h(
      'select',
      { name: 'minutes' },
      DURATIONS.map(([value, word]) => h('option', { value }, word)),
    );
    this.#form = h(
      'form',
      { class: 'silence-form', hidden: !this.canWrite, onsubmit: (e) => this.#submit(e) },
      h('label', {}, h('span', {}, 'Silence'), this.#criterion),
      h('label', {}, h('span', {}, 'Which'), this.#value),
      h('label', {}, h('span', {}, 'From (empty: now)'), h('input', { name: 'from', type: 'datetime-local' })),
      h('label', {}, h('span', {}, 'For'), minutes),
      h('label', { class: 'wide' }, h('span', {}, 'Why'), this.#comment),
      h('button', { class: 'small' }, 'Set silence'),
    );
    this.#adapt();
    this.node = h('div', {}, this.#form, this.#fault, this.#list, this.#none);
  }

  #adapt() {
    this.#value.inputMode = this.#criterion.value === 'riderId' ? 'numeric' : 'text';
    if (this.#criterion.value === 'riderId') this.#value.pattern = '[0-9]+';
    else this.#value.removeAttribute('pattern');
  }

  /** Fills in the rider of an alert, or the bike if the rider is unknown. */
  fill(alert) {
    const bike = this.#alerts.bikeOf(alert);
    this.#criterion.value = alert.riderId === null || alert.riderId === undefined ? 'bike' : 'riderId';
    this.#value.value = alert.riderId ?? bike ?? '';
    this.#adapt();
    this.#form.scrollIntoView({ block: 'nearest' });
    this.#comment.focus();
  }

  async #submit(event) {
    event.preventDefault();
    const done = await this.#try(() => this.#alerts.silence(silenceOf(Object.fromEntries(new FormData(this.#form)), this.#alerts.now())));
    if (done) this.#form.reset();
    this.#adapt();
  }

  async #try(action) {
    text(this.#fault, '');
    try {
      await action();
      return true;
    } catch (e) {
      text(this.#fault, e.message);
      return false;
    }
  }

  draw() {
    const { silences } = this.#alerts;
    this.#none.hidden = silences.length > 0;
    const key = JSON.stringify(silences);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#list.replaceChildren(...silences.map((silence) => this.#row(silence)));
  }

  #row(silence) {
    const time =
      silence.state === 'pending'
        ? `${when(Date.parse(silence.startsAt))} to ${when(Date.parse(silence.endsAt))}`
        : `until ${when(Date.parse(silence.endsAt))}`;
    const end = h(
      'button',
      { type: 'button', class: 'small', onclick: () => this.#try(() => this.#alerts.expire(silence.silenceId)) },
      'End',
    );
    end.setAttribute('aria-label', `End the silence of ${covered(silence)}`);
    return h(
      'li',
      { class: 'silence' },
      h('p', {}, h('b', {}, covered(silence)), ` · ${[time, silence.comment, `by ${silence.createdBy}`].filter(Boolean).join(' · ')}`),
      this.canWrite && end,
    );
  }
}
