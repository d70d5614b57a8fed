import { AlertList } from '../alert-card.js';
import { empty, h, panel, text } from '../dom.js';
import { count } from '../format.js';

export function alertsView(root, app) {
  const { alerts } = app;
  const open = new AlertList(app, 'Alerts to acknowledge');
  const done = new AlertList(app, 'Acknowledged alerts');
  const summary = h('p', { class: 'note' });
  const nothing = empty('Nothing to acknowledge', 'New alerts appear here immediately.');
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
      const high = waiting.filter((a) => a.severity === 'critical').length;
      text(summary, `${count(high)} high, ${count(waiting.length - high)} medium to acknowledge · for information, not a diagnosis`);
      text(fault, alerts.fault ?? '');
      open.update(waiting);
      done.update(past);
      nothing.hidden = waiting.length > 0 || !alerts.loaded;
      noHistory.hidden = past.length > 0;
    },
  };
}
