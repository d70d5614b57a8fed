import { h, text } from './dom.js';

/** A form for the alert settings of a rider. */
export class AlertSettings {
  #session;
  #path;
  #may;
  #state = h('p', { class: 'note', role: 'status' });
  #minimum;
  #maximum;
  #optOut;
  node;

  /** @param may whether the settings can be changed */
  constructor(session, rider, { may = session.may('riders:write'), optOut = 'No mails to the rider' } = {}) {
    this.#session = session;
    this.#path = `v1/riders/${rider}/alert-settings`;
    this.#may = may;
    const limit = (name) => h('input', { type: 'number', id: `limit-${name}`, min: '20', max: '250', step: '1', disabled: !this.#may });
    this.#minimum = limit('min');
    this.#maximum = limit('max');
    this.#optOut = h('input', { type: 'checkbox', id: 'opt-out', disabled: !this.#may });
    this.node = h(
      'form',
      {
        class: 'settings',
        onsubmit: (e) => {
          e.preventDefault();
          this.#save();
        },
      },
      h('label', { for: 'limit-min' }, 'Lowest heart rate, bpm'),
      this.#minimum,
      h('label', { for: 'limit-max' }, 'Highest heart rate, bpm'),
      this.#maximum,
      h('label', { for: 'opt-out' }, optOut),
      this.#optOut,
      h('p', { class: 'note wide' }, 'An empty limit is that of the formula. Alerts are recorded in any case.'),
      this.#may &&
        h(
          'div',
          { class: 'choices wide' },
          h('button', { class: 'small' }, 'Save settings'),
          h('button', { type: 'button', class: 'small', onclick: () => this.#clear() }, 'Use the formula'),
        ),
      h('div', { class: 'wide' }, this.#state),
    );
  }

  async load() {
    try {
      this.#show(await this.#session.json(this.#path));
    } catch (e) {
      if (e.status !== 404) text(this.#state, e.message);
    }
  }

  #show({ minBpm, maxBpm, optOut }) {
    this.#minimum.value = minBpm ?? '';
    this.#maximum.value = maxBpm ?? '';
    this.#optOut.checked = Boolean(optOut);
  }

  async #save() {
    const body = { optOut: this.#optOut.checked };
    if (this.#minimum.value) body.minBpm = Number(this.#minimum.value);
    if (this.#maximum.value) body.maxBpm = Number(this.#maximum.value);
    await this.#send({ method: 'PUT', body }, 'Settings saved');
  }

  async #clear() {
    if (await this.#send({ method: 'DELETE' }, 'The formula’s limits apply')) this.#show({});
  }

  async #send(options, done) {
    text(this.#state, '');
    try {
      await this.#session.request(this.#path, options);
      text(this.#state, done);
      return true;
    } catch (e) {
      text(this.#state, e.message);
      return false;
    }
  }
}
