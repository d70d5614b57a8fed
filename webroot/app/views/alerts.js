import { AlertList } from '../alert-card.js';
import { empty, h, panel, text } from '../dom.js';
import { rangeWord } from '../fleet.js';
import { count, plural } from '../format.js';
import { Silences } from '../silences.js';

export function alertsView(root, app) {
  const { alerts, feed, fleet, session } = app;
  const silences = new Silences(app);
  const withSilence = { ...app, silence: silences.canWrite ? (alert) => silences.fill(alert) : null };
  const open = new AlertList(withSilence, 'Alerts to acknowledge');
  const done = new AlertList(app, 'Acknowledged alerts', false);
  const together = acknowledgeAll(alerts);
  const summary = h('p', { class: 'note' });
  const outOfRange = h('p', {});
  const nothing = h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, 'Nothing to acknowledge'), outOfRange);
  const noHistory = empty('No acknowledged alerts');
  const fault = h('p', { class: 'fault', role: 'alert' });
  root.append(
    h('div', { class: 'head' }, h('h1', {}, 'Heart-rate alerts'), summary, h('div', { class: 'aside' }, app.notices.button())),
    fault,
    panel('To acknowledge', {}, session.may('alerts:write') && together.node, open.node, nothing),
    panel('Silences', {}, silences.node),
    panel('Acknowledged', {}, done.node, noHistory),
  );
  alerts.load();
  return {
    draw() {
      const waiting = alerts.open;
      const past = alerts.all.filter((a) => a.acknowledgedAt);
      const live = feed.state === 'live' && alerts.loaded;
      text(outOfRange, rangeWord(fleet.rides.values()));
      const high = waiting.filter((a) => a.severity === 'critical').length;
      const numbers = `${count(high)} critical, ${plural(waiting.length - high, 'warning')}${alerts.hasMore ? ' and older ones' : ''}`;
      text(summary, alerts.loaded ? `${numbers} to acknowledge · for information, not a diagnosis` : 'For information, not a diagnosis');
      text(fault, alerts.fault ?? '');
      open.update(waiting);
      done.update(past);
      together.update(waiting);
      silences.draw();
      nothing.hidden = waiting.length > 0 || !live;
      noHistory.hidden = past.length > 0 || !alerts.loaded;
    },
  };
}

/** The button that acknowledges all alerts, from two on, and the undo of its last use. */
function acknowledgeAll(alerts) {
  let waiting = [];
  let last = null;
  const comment = h('input', { maxlength: 200, 'aria-label': 'Comment, optional', placeholder: 'Comment, optional', autocomplete: 'off' });
  const all = h('button', { type: 'button', class: 'small', onclick: () => run(acknowledge) });
  const undone = h('button', { type: 'button', class: 'link', onclick: () => run(undo) }, 'Undo');
  const result = h('p', { role: 'status' });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const form = h('div', { class: 'together-form' }, comment, all);
  const node = h('div', { class: 'together' }, form, h('div', { class: 'together-result' }, result, undone), fault);

  async function run(action) {
    all.disabled = undone.disabled = true;
    text(fault, '');
    try {
      await action();
    } catch (e) {
      text(fault, e.message);
    }
    all.disabled = undone.disabled = false;
    update(alerts.open);
  }

  async function acknowledge() {
    const number = waiting.length;
    last = await alerts.acknowledgeAll(waiting, comment.value.trim());
    comment.value = '';
    text(result, `${plural(number, 'alert')} acknowledged.`);
  }

  async function undo() {
    await alerts.undo(last);
    last = null;
    text(result, 'Undone.');
  }

  function update(now) {
    waiting = now;
    form.hidden = waiting.length < 2;
    undone.hidden = last === null;
    text(all, `Acknowledge all ${count(waiting.length)}`);
  }

  update([]);
  return { node, update };
}
