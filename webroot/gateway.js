const EVERY_MS = 5000;
const element = (id) => document.getElementById(id);

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

function duration(seconds) {
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** Sums the samples of a metric whose labels contain a text; undefined if there are none. */
function sum(lines, name, labels = '') {
  const values = lines
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.length ? values.reduce((a, b) => a + b, 0) : undefined;
}

function numbersOf(text) {
  const lines = text.split('\n');
  const version = /deloton_build_info\{[^}]*version="([^"]*)"/.exec(text);
  const heap = sum(lines, 'jvm_memory_used_bytes', 'area="heap"');
  const lag = lines.filter((l) => l.startsWith('deloton_event_loop_lag_seconds_max')).map((l) => Number(l.split(' ').pop()));
  return [
    ['Version', version?.[1]],
    ['Up for', ...[sum(lines, 'process_uptime_seconds')].filter((v) => v !== undefined).map(duration)],
    ['Heap in use', heap && `${number.format(heap / 1048576)} MiB`],
    ['Event loop lag', lag.length ? `${number.format(Math.max(...lag) * 1000)} ms` : undefined],
    ['Readings stored', ...[sum(lines, 'deloton_ingest_readings_total')].filter((v) => v !== undefined).map(number.format)],
  ].filter(([, value]) => value !== undefined);
}

function cell(tag, text, className = '') {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = className;
  return node;
}

function show(up, text) {
  element('state').textContent = text;
  element('state').className = `state ${up ? 'up' : 'down'}`;
}

async function refresh() {
  try {
    const [ready, metrics] = await Promise.all([fetch('health/ready'), fetch('metrics')]);
    const health = await ready.json();
    show(health.status === 'UP', health.status === 'UP' ? 'Ready' : 'Not ready');
    element('checks').replaceChildren(...health.checks.map((check) => {
      const row = document.createElement('tr');
      const name = cell('th', check.name);
      name.scope = 'row';
      const up = check.status === 'UP';
      row.append(name, cell('td', up ? 'Up' : 'Down', up ? 'up' : 'down'), cell('td', check.reason ?? ''));
      return row;
    }));
    element('numbers').replaceChildren(...numbersOf(await metrics.text()).map(([name, value]) => {
      const pair = document.createElement('div');
      pair.append(cell('dt', name), cell('dd', value));
      return pair;
    }));
    element('asked').textContent = `As of ${clock.format(new Date())}`;
  } catch {
    show(false, 'No answer');
  }
  setTimeout(refresh, EVERY_MS);
}

refresh();
