import { h, panel, text } from '../dom.js';
import { count, duration, tenths } from '../format.js';
import { samples, sum } from '../metrics.js';

const INTERVAL_MS = 5_000;

/** Health and metrics of this process. A load balancer may hide both, which shows as status 404. */
export function aboutView(root, app) {
  let timer = 0;
  const state = h('p', { class: 'note', role: 'status' }, 'Loading…');
  const checks = h('tbody', {});
  const numbers = h('dl', { class: 'tiles' });
  const mailbox =
    app.session.config?.signIn.kind === 'local' &&
    h('li', {}, h('a', { href: 'mail' }, 'Mailbox'), ' with the mail sent by this development gateway');
  const health = [
    h('li', {}, h('a', { href: 'health/ready' }, 'Readiness'), ' and ', h('a', { href: 'health/live' }, 'liveness'), ' as JSON'),
    h('li', {}, h('a', { href: 'metrics' }, 'Metrics'), ' in Prometheus format'),
  ];
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
    panel(
      'For developers',
      {},
      h(
        'ul',
        { class: 'links' },
        health,
        h('li', {}, h('a', { href: 'docs/' }, 'REST API'), ' with code samples, to try out'),
        mailbox,
        h('li', {}, h('a', { href: 'vendor/licences.txt' }, 'Libraries'), ' used by this page, with licences'),
      ),
    ),
  );

  async function load() {
    try {
      const [ready, metrics] = await Promise.all([fetch('health/ready'), fetch('metrics')]);
      if (ready.status === 404) {
        text(state, `Version ${app.session.config?.version}. Health and metrics are not available at this address.`);
        [table, ...health].forEach((node) => node.remove());
        return;
      }
      const answer = await ready.json();
      const all = samples(await metrics.text());
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
      const lag = all.filter((s) => s.name === 'deloton_event_loop_lag_seconds_max').map((s) => s.value);
      const heap = sum(all, 'jvm_memory_used_bytes', (labels) => labels.area === 'heap');
      numbers.replaceChildren(
        ...[
          ['Version', all.find((s) => s.name === 'deloton_build_info')?.labels.version ?? app.session.config?.version, ''],
          ['Uptime', duration(sum(all, 'process_uptime_seconds')), ''],
          ['Heap in use', heap === undefined ? '–' : count(heap / 1048576), ' MiB'],
          ['Event loop lag', lag.length ? tenths(Math.max(...lag) * 1000) : '–', ' ms'],
          ['Readings stored', count(sum(all, 'deloton_ingest_readings_total')), ''],
        ].map(([label, value, unit]) =>
          h(
            'div',
            { class: 'tile' },
            h('dt', {}, label),
            h('dd', {}, h('b', {}, value ?? '–'), unit && h('span', { class: 'unit' }, unit)),
          ),
        ),
      );
    } catch {
      text(state, 'No response');
    }
    timer = setTimeout(load, INTERVAL_MS);
  }

  load();
  return { close: () => clearTimeout(timer) };
}
