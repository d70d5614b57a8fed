import { framed } from '../document-frame.js';
import { empty, h, panel, text } from '../dom.js';
import { saveButton } from '../download.js';
import { ZONE } from '../filters.js';
import { day, plural, whenOn } from '../format.js';

const STATUS = { due: 'Due', running: 'Running', ready: 'Ready', sent: 'Sent', failed: 'Failed' };
const FILES = [
  ['Live connection', 'deloton.tds'],
  ['Workbook', 'deloton.twb'],
];
const DOCUMENTS = [
  ['PDF', 'pdf', 'application/pdf'],
  ['CSV', 'csv', 'text/csv'],
  ['HTML', 'html', 'text/html'],
];
const RUN_POLL_MS = 2_000;

/** The daily reports as they were mailed, without the data of single riders. */
export function reportsView(root, app, { rest }) {
  const { session } = app;
  let reports = [];
  let shownDate = null;
  let poll = 0;
  let closed = false;

  const fault = h('p', { class: 'fault', role: 'alert' });
  const failed = (message) => text(fault, message);
  const list = h('div', { class: 'scroll days-list', tabindex: '0', role: 'region', 'aria-label': 'Days' });
  const title = h('h2', { id: 'report-title' }, 'Report');
  const state = h('p', { class: 'note', role: 'status' });
  const step = (word, label) => h('button', { type: 'button', class: 'small', 'aria-label': label, onclick: () => move(word) }, word);
  const previous = step('Previous', 'Previous report');
  const next = step('Next', 'Next report');
  const documents = h('div', { class: 'choices' });
  const runAgain = session.may('ops') && h('button', { type: 'button', class: 'small', onclick: () => run() }, 'Run again');
  const paper = h('div', { class: 'paper' });
  const shown = h(
    'section',
    { class: 'panel report', hidden: true, 'aria-labelledby': 'report-title' },
    h(
      'header',
      { class: 'panel-head' },
      h('div', {}, title, state),
      h('div', { class: 'choices', role: 'group', 'aria-label': 'Report' }, previous, next, documents, runAgain),
    ),
    paper,
  );
  root.append(
    h('div', { class: 'head' }, h('h1', {}, 'Reports'), h('p', { class: 'note' }, `One report per day · times in ${ZONE}`)),
    fault,
    h(
      'div',
      { class: 'reports-body' },
      panel('Days', { class: 'days-panel' }, list),
      shown,
      panel(
        'For analysts',
        { class: 'files-panel' },
        h('p', { class: 'note' }, 'Tableau files that connect to the analysts’ views of the warehouse. They contain no password.'),
        h(
          'ul',
          { class: 'files' },
          FILES.map(([word, name]) =>
            h('li', {}, saveButton(session, `Save ${name}`, `v1/tableau/${name}`, name, '*/*', failed), ` ${word}`),
          ),
        ),
      ),
    ),
  );

  async function load() {
    try {
      reports = (await session.json('v1/reports?limit=60')).items;
      if (closed) return;
      list.replaceChildren(
        reports.length
          ? h('ul', { class: 'days' }, reports.map(line))
          : empty('No reports yet', 'A report is created every morning for the previous day.'),
      );
    } catch (e) {
      if (!closed) list.replaceChildren(empty('No reports', e.message));
    }
    drawHead();
  }

  /** With an archived document, also while a new revision is made. */
  const isReadable = (report) => report.generatedAt !== undefined;
  const readable = () => reports.filter(isReadable);

  function line(report) {
    const when = report.sentAt ?? report.generatedAt;
    const detail = [
      STATUS[report.status] ?? report.status,
      when && whenOn(Date.parse(when)),
      report.rides != null && plural(report.rides, 'ride'),
      report.reason,
    ]
      .filter(Boolean)
      .join(' · ');
    return h(
      'li',
      {},
      isReadable(report)
        ? h('button', { type: 'button', class: 'link', 'data-date': report.date, onclick: () => open(report.date, true) }, day(report.date))
        : h('span', {}, day(report.date)),
      h('span', { class: 'note' }, detail),
    );
  }

  function drawHead() {
    const days = readable().map((report) => report.date);
    const at = days.indexOf(shownDate);
    previous.disabled = at < 0 || at === days.length - 1;
    next.disabled = at <= 0;
    const report = reports.find((r) => r.date === shownDate);
    text(
      state,
      report
        ? [STATUS[report.status], report.sentAt && whenOn(Date.parse(report.sentAt)), `day in ${report.zone}`].filter(Boolean).join(' · ')
        : '',
    );
    for (const link of list.querySelectorAll('[data-date]')) {
      if (link.dataset.date === shownDate) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  }

  function move(word) {
    const days = readable().map((report) => report.date);
    const date = days[days.indexOf(shownDate) + (word === 'Next' ? -1 : 1)];
    if (date) open(date);
  }

  async function open(date, scroll = false) {
    failed('');
    const path = `v1/reports/${encodeURIComponent(date)}`;
    try {
      const html = await (await session.request(path, { accept: 'text/html' })).text();
      if (closed) return;
      shown.hidden = false;
      shownDate = date;
      text(title, day(date));
      documents.replaceChildren(
        ...DOCUMENTS.map(([word, extension, type]) => saveButton(session, word, path, `daily-report-${date}.${extension}`, type, failed)),
      );
      framed(paper, html, `Report of ${day(date)}`);
      history.replaceState(null, '', `#/reports/${date}`);
      drawHead();
      if (scroll && innerWidth < 960) shown.scrollIntoView();
    } catch (e) {
      failed(e.message);
    }
  }

  async function run() {
    const date = shownDate;
    if (!confirm(`Make the report of ${day(date)} again and mail it to the recipients?`)) return;
    runAgain.disabled = true;
    failed('');
    try {
      await session.json(`v1/reports/${date}/run`, { method: 'POST' });
      await load();
      awaitRun(date);
    } catch (e) {
      failed(e.message);
      runAgain.disabled = false;
    }
  }

  function awaitRun(date) {
    poll = setTimeout(async () => {
      await load();
      if (closed) return;
      const status = reports.find((report) => report.date === date)?.status;
      if (status === 'due' || status === 'running') {
        awaitRun(date);
        return;
      }
      runAgain.disabled = false;
      if (status === 'failed') failed(reports.find((report) => report.date === date).reason ?? 'The report failed.');
      else if (shownDate === date) open(date);
    }, RUN_POLL_MS);
  }

  async function start() {
    await load();
    const first = rest[0] ?? readable()[0]?.date;
    if (first && !closed) open(first);
  }

  start();
  return {
    close() {
      closed = true;
      clearTimeout(poll);
    },
  };
}
