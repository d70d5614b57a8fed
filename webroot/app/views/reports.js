import { empty, h, panel, text } from '../dom.js';
import { day, hourAndMinute, plural } from '../format.js';
import { framed } from '../safe-html.js';

const STATUS = { due: 'Due', running: 'Running', ready: 'Ready', sent: 'Sent', failed: 'Failed' };
const FILES = [
  ['Live connection', 'v1/tableau/deloton.tds', 'deloton.tds'],
  ['Workbook', 'v1/tableau/deloton.twb', 'deloton.twb'],
];

export function reportsView(root, app, { rest }) {
  const { session } = app;
  const fault = h('p', { class: 'fault', role: 'alert' });
  const list = h('div', {});
  const title = h('h2', {}, 'Report');
  const paper = h('div', { class: 'paper' });
  const shown = h(
    'section',
    { class: 'panel wide report', hidden: true, 'aria-label': 'Report' },
    h('header', { class: 'panel-head' }, title),
    paper,
  );
  root.append(
    h('div', { class: 'head' }, h('h1', {}, 'Reports'), h('p', { class: 'note' }, 'One report per day')),
    fault,
    h(
      'div',
      { class: 'reports-body' },
      panel('Days', {}, list),
      shown,
      panel(
        'For analysts',
        {},
        h('p', { class: 'note' }, 'Tableau files that connect to the analysts’ views of the warehouse. They contain no password.'),
        h(
          'ul',
          { class: 'files' },
          FILES.map(([word, path, name]) =>
            h('li', {}, h('button', { type: 'button', class: 'small', onclick: (e) => save(e, path, name) }, `Save ${name}`), ` ${word}`),
          ),
        ),
      ),
    ),
  );

  async function save(e, path, name) {
    const button = e.currentTarget;
    button.disabled = true;
    text(fault, '');
    try {
      const blob = await (await session.request(path, { accept: '*/*' })).blob();
      const url = URL.createObjectURL(blob);
      h('a', { href: url, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (refused) {
      text(fault, `${name}: ${refused.message}`);
    }
    button.disabled = false;
  }

  async function load() {
    try {
      const page = await session.json('v1/reports?limit=60');
      list.replaceChildren(
        page.items.length
          ? h('ul', { class: 'days' }, page.items.map(line))
          : empty('No reports yet', 'A report is created every morning for the previous day.'),
      );
    } catch (e) {
      list.replaceChildren(empty('No reports', e.message));
    }
    if (rest[0]) open(rest[0]);
  }

  function line(report) {
    const when = report.sentAt ?? report.generatedAt;
    const detail = [
      STATUS[report.status] ?? report.status,
      when && hourAndMinute(Date.parse(when)),
      report.rides != null && plural(report.rides, 'ride'),
      report.reason,
    ]
      .filter(Boolean)
      .join(' · ');
    const readable = report.status === 'sent' || report.status === 'ready';
    return h(
      'li',
      {},
      readable
        ? h('button', { type: 'button', class: 'link', onclick: () => open(report.date) }, day(report.date))
        : h('span', {}, day(report.date)),
      h('span', { class: 'note' }, detail),
    );
  }

  async function open(date) {
    text(fault, '');
    try {
      const html = await (await session.request(`v1/reports/${encodeURIComponent(date)}`, { accept: 'text/html' })).text();
      shown.hidden = false;
      text(title, day(date));
      framed(paper, html, `Report of ${day(date)}`);
      history.replaceState(null, '', `#/reports/${date}`);
    } catch (e) {
      text(fault, e.message);
    }
  }

  load();
  return {};
}
