import { h, panel, text } from '../dom.js';
import { count, duration, tenths } from '../format.js';
import { WallTokens } from '../wall-tokens.js';

const INTERVAL_MS = 5_000;

/** Health and figures of the process that answers; they need the scope ops. */
export function aboutView(root, app) {
  let timer = 0;
  const state = h('p', { class: 'note', role: 'status' }, 'Loading…');
  const checks = h('tbody', {});
  const numbers = h('dl', { class: 'tiles' });
  const mailbox =
    app.session.config?.signIn.kind === 'local' &&
    h('li', {}, h('a', { href: 'mail' }, 'Mailbox'), ' with the mail sent by this development gateway');
  const table = panel(
    'Checks',
    {},
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Checks' },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['Check', 'State', 'Reason'].map((word) => h('th', { scope: 'col' }, word)),
          ),
        ),
        checks,
      ),
    ),
  );
  root.append(
    h('div', { class: 'head' }, h('h1', {}, 'About this gateway'), state),
    numbers,
    table,
    app.session.may('ops') && panel('Wall displays', {}, new WallTokens(app.session).node),
    panel(
      'For developers',
      {},
      h(
        'ul',
        { class: 'links' },
        h('li', {}, h('a', { href: 'docs/' }, 'REST API'), ' with code samples, to try out'),
        mailbox,
        h('li', {}, h('a', { href: 'vendor/licences.txt' }, 'Libraries'), ' used by this page, with licences'),
      ),
    ),
  );

  async function load() {
    try {
      const answer = await app.session.json('v1/status');
      table.hidden = numbers.hidden = false;
      text(state, answer.status === 'UP' ? 'Ready' : 'Not ready');
      checks.replaceChildren(
        ...answer.checks.map((check) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, check.name),
            h('td', {}, check.status === 'UP' ? 'Up' : 'Down'),
            h('td', {}, check.reason ?? ''),
          ),
        ),
      );
      numbers.replaceChildren(
        ...[
          ['Version', answer.version, ''],
          ['Uptime', duration(answer.process.uptimeS), ''],
          ['Heap in use', count(answer.process.heapMb), ' MiB'],
          ['Event loop lag', tenths(answer.process.eventLoopLagMs), ' ms'],
          ['Readings stored', count(answer.ingest.readings), ''],
        ].map(([label, value, unit]) =>
          h(
            'div',
            { class: 'tile' },
            h('dt', {}, label),
            h('dd', {}, h('b', {}, value ?? '–'), unit && h('span', { class: 'unit' }, unit)),
          ),
        ),
      );
    } catch (failure) {
      if (failure.status === 403 || failure.status === 404) {
        const why = failure.status === 403 ? 'Health and figures require the scope ops.' : 'Health and figures are not available here.';
        text(state, `Version ${app.session.config?.version}. ${why}`);
        table.remove();
        return;
      }
      text(state, 'No response');
      table.hidden = numbers.hidden = true;
    }
    timer = setTimeout(load, INTERVAL_MS);
  }

  load();
  return { close: () => clearTimeout(timer) };
}
