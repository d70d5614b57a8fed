import { AlertList } from '../alert-card.js';
import { empty, h, panel, text } from '../dom.js';
import { isOutOfRange } from '../fleet.js';
import { count, plural } from '../format.js';

export function alertsView(root, app) {
  const { alerts, feed, fleet } = app;
  const open = new AlertList(app, 'Alerts to acknowledge');
  const done = new AlertList(app, 'Acknowledged alerts', false);
  const summary = h('p', { class: 'note' });
  const outOfRange = h('p', {});
  const nothing = h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, 'Nothing to acknowledge'), outOfRange);
  const noHistory = empty('No acknowledged alerts');
  const fault = h('p', { class: 'fault', role: 'alert' });
  root.append(
    h('div', { class: 'head' }, h('h1', {}, 'Heart-rate alerts'), summary),
    fault,
    panel('To acknowledge', {}, open.node, nothing),
    panel('Acknowledged', {}, done.node, noHistory),
  );
  alerts.load();
  return {
    draw() {
      const waiting = alerts.open;
      const past = alerts.all.filter((a) => a.acknowledgedAt);
      const outside = [...fleet.rides.values()].filter(isOutOfRange).length;
      const live = feed.state === 'live' && alerts.loaded;
      text(outOfRange, outside ? `${plural(outside, 'rider')} out of range now` : 'All measured heart rates are in range.');
      const high = waiting.filter((a) => a.severity === 'critical').length;
      text(summary, `${count(high)} critical, ${count(waiting.length - high)} warnings to acknowledge · for information, not a diagnosis`);
      text(fault, alerts.fault ?? '');
      open.update(waiting);
      done.update(past);
      nothing.hidden = waiting.length > 0 || !live;
      noHistory.hidden = past.length > 0;
    },
  };
}
