import { h, text } from '../dom.js';
import { plural } from '../format.js';
import { exportButton } from '../rider-export.js';

const CONFIRMATION = 'erase';

/** All data about the rider as a file, and their erasure. */
export class OwnData {
  #session;
  #rider;
  #fault = h('p', { class: 'fault', role: 'alert' });
  #word = h('input', { type: 'text', id: 'confirm', class: 'short', autocomplete: 'off', autocapitalize: 'none' });
  #button = h('button', { class: 'small', disabled: true }, 'Erase my data');
  node;

  constructor(session, rider, signal) {
    this.#session = session;
    this.#rider = rider;
    this.#word.addEventListener('input', () => {
      this.#button.disabled = this.#word.value.trim().toLowerCase() !== CONFIRMATION;
    });
    this.node = h(
      'div',
      { class: 'own-data' },
      h('p', { class: 'note' }, 'Personal data, settings, alerts, mails, and all rides second by second, as JSON.'),
      exportButton(session, rider, 'Save all my data', signal, (message) => text(this.#fault, message)),
      h(
        'details',
        {},
        h('summary', {}, 'Erase my data'),
        h(
          'p',
          { class: 'note' },
          'Your personal data, readings, alerts and mails are deleted for good. Totals of your rides remain, without your name, bike, gender and age. Later rides are not connected with you, and you get no alerts.',
        ),
        h(
          'form',
          {
            onsubmit: (e) => {
              e.preventDefault();
              this.#erase();
            },
          },
          h('label', { for: 'confirm' }, `To confirm, enter “${CONFIRMATION}”`, this.#word),
          this.#button,
        ),
      ),
      this.#fault,
    );
  }

  async #erase() {
    this.#button.disabled = true;
    text(this.#fault, '');
    try {
      const answer = await this.#session.request(`v1/riders/${this.#rider}`, { method: 'DELETE' });
      const { rides, alerts } = await answer.json();
      this.#session.signOut(`Your data have been erased: ${plural(rides, 'ride')} and ${plural(alerts, 'alert')}.`);
    } catch (e) {
      text(this.#fault, e.message);
      this.#button.disabled = false;
    }
  }
}
