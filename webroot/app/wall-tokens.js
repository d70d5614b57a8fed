import { h, text } from './dom.js';
import { when } from './format.js';

/** Creates, lists and revokes the tokens of wall displays. */
export class WallTokens {
  #session;
  /** The latest action; actions run one after the other, so that an earlier list never replaces a later one. */
  #latest = Promise.resolve();
  #label = h('input', { name: 'label', required: true, maxlength: '80', placeholder: 'Screen in the workshop', 'aria-label': 'Display' });
  #fault = h('p', { class: 'fault', role: 'alert' });
  #link = h('input', { class: 'wall-link', readonly: true, 'aria-label': 'Link for the display', onfocus: (e) => e.target.select() });
  #created = h(
    'div',
    { class: 'created', role: 'status', hidden: true },
    h('p', {}, 'Open this link on the display. It is shown once; who has it can see the fleet, without names.'),
    this.#link,
  );
  #list = h('ul', { class: 'silences' });
  node = h(
    'div',
    { class: 'wall-tokens' },
    h(
      'p',
      { class: 'note' },
      'A display with such a link shows the wall without a user for 365 days, also after a restart. Revoking a link ends its displays within ten seconds.',
    ),
    h(
      'form',
      {
        class: 'together-form',
        onsubmit: (e) => {
          e.preventDefault();
          this.#run(() => this.#create());
        },
      },
      this.#label,
      h('button', { class: 'small' }, 'Create link'),
    ),
    this.#fault,
    this.#created,
    this.#list,
  );

  constructor(session) {
    this.#session = session;
    this.#run(() => this.#load());
  }

  #run(action) {
    this.#latest = this.#latest.then(async () => {
      text(this.#fault, '');
      try {
        await action();
      } catch (e) {
        text(this.#fault, e.message);
      }
    });
  }

  async #create() {
    const { token } = await this.#session.json('v1/wall-tokens', { method: 'POST', body: { label: this.#label.value } });
    this.#label.value = '';
    this.#link.value = `${location.origin}${location.pathname}#/wall/${token}`;
    this.#created.hidden = false;
    await this.#load();
  }

  async #revoke(id) {
    await this.#session.request(`v1/wall-tokens/${id}`, { method: 'DELETE' });
    await this.#load();
  }

  async #load() {
    const { items } = await this.#session.json('v1/wall-tokens');
    const valid = items.filter((item) => !item.revokedAt && Date.parse(item.expiresAt) > Date.now());
    this.#list.replaceChildren(
      ...valid.map((item) =>
        h(
          'li',
          { class: 'silence' },
          h(
            'p',
            {},
            h('b', {}, item.label),
            h(
              'span',
              { class: 'note' },
              ` · by ${item.createdBy}, ${when(Date.parse(item.createdAt))} · until ${when(Date.parse(item.expiresAt))}`,
            ),
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'small',
              'aria-label': `Revoke the link of ${item.label}`,
              onclick: () => this.#run(() => this.#revoke(item.wallTokenId)),
            },
            'Revoke',
          ),
        ),
      ),
    );
  }
}
