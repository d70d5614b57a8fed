/** Parses the Prometheus text format into samples {name, labels, value}. */
export function samples(text) {
  const found = [];
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (!match || line.startsWith('#')) continue;
    const labels = {};
    for (const [, key, value] of (match[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[key] = value;
    found.push({ name: match[1], labels, value: Number(match[3]) });
  }
  return found;
}

/** The sum of the samples of a metric; undefined without samples. */
export function sum(all, name, wanted = () => true) {
  const some = all.filter((s) => s.name === name && wanted(s.labels));
  return some.length ? some.reduce((a, s) => a + s.value, 0) : undefined;
}

export function by(all, name, label) {
  return all
    .filter((s) => s.name === name && s.value > 0)
    .map((s) => ({ label: s.labels[label] ?? '', value: s.value }))
    .sort((a, b) => b.value - a.value);
}
