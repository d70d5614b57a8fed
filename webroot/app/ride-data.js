import { h, text } from './dom.js';
import { elapsed, plural, when } from './format.js';

/** How far the time of a record may be from the second that it is listed for. */
const NEAR_MS = 2_000;
const MAX_RECORDS = 50;

/** How many seconds of the ride its figures are based on. */
function coverage({ durationS, readings, cleanedS, missingS, heartRate }, isLive) {
  const row = (word, value) => [h('dt', {}, word), h('dd', {}, h('b', {}, value))];
  const seconds = (n) => plural(n, 'second');
  return h(
    'dl',
    { class: 'facts' },
    row('Duration', seconds(durationS)),
    row('With a reading', seconds(readings)),
    row('Cleaned', cleanedS !== undefined ? seconds(cleanedS) : isLive ? 'counted at the end' : 'not recorded'),
    row('Missing', seconds(missingS)),
    row('Heart rate measured', seconds(heartRate.measuredS ?? 0)),
    row('Without heart rate', seconds(Math.max(0, readings - (heartRate.measuredS ?? 0)))),
  );
}

/** What the figures of a ride are based on: measured, cleaned and missing seconds, single seconds, and raw records. */
export class RideData {
  #session;
  #series = null;
  #source = null;
  #startedAt = 0;
  #records = null;
  #covered = h('div', {});
  #entry = h('input', { name: 'second', placeholder: 'm:ss', size: '6', 'aria-label': 'Second of the ride, as m:ss' });
  #second = h('div', { class: 'second', role: 'status' });
  #list = h('div', {});
  node = h(
    'div',
    {},
    this.#covered,
    h(
      'p',
      { class: 'note' },
      'Means are over measured seconds. Cleaned: an invalid value or time was removed or replaced; the other values of the second count. A value that was not measured is never 0.',
    ),
    h(
      'form',
      {
        class: 'second-form',
        onsubmit: (e) => {
          e.preventDefault();
          this.show(secondsOf(this.#entry.value));
        },
      },
      this.#entry,
      h('button', { class: 'small' }, 'Show second'),
      h('span', { class: 'note' }, 'or click a chart'),
    ),
    this.#second,
    h('h3', {}, 'Quarantined records of this ride'),
    this.#list,
  );

  constructor(session) {
    this.#session = session;
  }

  /** Loads the quarantined records, for users with the scope ops. */
  async load(rideId) {
    if (!this.#session.may('ops')) {
      this.#list.replaceChildren(h('p', { class: 'note' }, 'Viewing them requires the scope ops.'));
      return;
    }
    try {
      this.#records = (await this.#session.json(`v1/quarantine?ride=${rideId}&limit=${MAX_RECORDS}`)).items;
      this.#list.replaceChildren(this.#records.length ? this.#items(this.#records) : h('p', { class: 'note' }, 'None.'));
    } catch (e) {
      this.#list.replaceChildren(h('p', { class: 'fault' }, e.message));
    }
  }

  /** @param summary of the API; of a live ride only the counted seconds */
  draw(summary, series, startedAt, isLive) {
    this.#series = series;
    this.#startedAt = startedAt;
    this.#source = summary.source ?? this.#source;
    this.#covered.replaceChildren(coverage(summary, isLive));
  }

  /** Shows one second: its values, whether they were cleaned, and where its raw records are. */
  show(second) {
    if (!this.#series || !(second >= 0 && second <= this.#series.last)) {
      const last = elapsed(this.#series?.last ?? 0);
      this.#second.replaceChildren(h('p', { class: 'fault' }, `Not a second of this ride; expected 0:00 to ${last}, for example ${last}.`));
      return;
    }
    this.#entry.value = elapsed(second);
    const { hr, w, rpm, res, cleaned } = this.#series;
    const i = second - 1;
    const value = (column, unit) => (column[i] == null ? 'not measured' : `${Math.round(column[i])} ${unit}`.trim());
    const measured = [hr, w, rpm, res].some((column) => column[i] != null);
    const facts = [
      ['Heart rate', value(hr, 'bpm')],
      ['Power', value(w, 'W')],
      ['Cadence', value(rpm, 'rpm')],
      ['Resistance', value(res, '')],
    ];
    const state = !measured
      ? 'No reading of this second.'
      : cleaned.has(second)
        ? 'Cleaned: a value or the time of its record was invalid.'
        : 'Shown as received.';
    const at = this.#startedAt + second * 1000;
    const near = (this.#records ?? []).filter((record) => Math.abs(Date.parse(record.recordAt) - at) <= NEAR_MS);
    this.#second.replaceChildren(
      h('p', {}, h('b', {}, `Second ${elapsed(second)}`), ` · ${state}`),
      h(
        'dl',
        { class: 'facts' },
        facts.map(([word, shown]) => [h('dt', {}, word), h('dd', {}, shown)]),
      ),
      near.length ? this.#items(near) : '',
      h('p', { class: 'note' }, this.#place()),
    );
  }

  #place() {
    const where = this.#source
      ? ` They are in topic ${this.#source.topic}, partition ${this.#source.partition}, from offset ${this.#source.firstOffset}, while the broker retains them.`
      : '';
    return `Raw lines are kept for quarantined records only, not for records that were used.${where}`;
  }

  #items(records) {
    return h(
      'ul',
      { class: 'raw-records' },
      records.map((record) => {
        const raw = h('pre', { class: 'raw', hidden: true, tabindex: '0', role: 'region', 'aria-label': 'Raw line' });
        const button = h('button', { type: 'button', class: 'small', onclick: () => this.#reveal(record, raw, button) }, 'Raw line');
        return h(
          'li',
          {},
          h(
            'p',
            {},
            `${when(Date.parse(record.recordAt))} · ${record.reason.toLowerCase().replaceAll('_', ' ')} · offset ${record.offset}`,
          ),
          button,
          raw,
        );
      }),
    );
  }

  async #reveal(record, raw, button) {
    button.disabled = true;
    try {
      const { value } = await this.#session.json(`v1/quarantine/${record.recordId}`);
      text(
        raw,
        value
          ? new TextDecoder().decode(Uint8Array.from(atob(value), (c) => c.charCodeAt(0)))
          : this.#session.may('riders:read')
            ? 'The record is empty.'
            : 'The line may contain personal data: viewing it requires the scope riders:read.',
      );
    } catch (e) {
      text(raw, e.message);
    }
    raw.hidden = false;
    button.hidden = true;
  }
}

/** The seconds of h:mm:ss, m:ss or a number; NaN for other text. */
export const secondsOf = (entered) =>
  /^\d+(:[0-5]?\d){0,2}$/.test(entered.trim())
    ? entered
        .trim()
        .split(':')
        .reduce((a, part) => a * 60 + Number(part), 0)
    : NaN;
