import { h, text } from './dom.js';
import { offer } from './download.js';
import { plural } from './format.js';

const PAGE = 20;

/** A button that saves all data about a rider as one file: the pages of the API's export, joined. */
export function exportButton(session, rider, label, signal, failed) {
  const button = h('button', { type: 'button', class: 'small', onclick: save }, label);

  async function save() {
    button.disabled = true;
    failed('');
    try {
      const all = { rides: [], alerts: [] };
      let cursor = '';
      do {
        const path = `v1/riders/${rider}/data?limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
        const { rides, alerts = [], next, ...others } = await session.patientJson(path, { signal });
        Object.assign(all, others);
        all.rides.push(...rides);
        all.alerts.push(...alerts);
        cursor = next ?? '';
        text(button, `Reading ${plural(all.rides.length, 'ride')}…`);
      } while (cursor);
      offer(new Blob([JSON.stringify(all, null, 2)], { type: 'application/json' }), `rider-${rider}.json`);
    } catch (e) {
      if (!signal.aborted) failed(e.message);
    }
    text(button, label);
    button.disabled = false;
  }

  return button;
}
