import { ABSENT, h } from './dom.js';
import { nameOf, shareOfMax, stateWord } from './fleet.js';
import { plural } from './format.js';
import { colour } from './theme.js';

const FULL_SCALE_BPM = 200;
const STEPS = [0.5, 0.6, 0.7, 0.8, 0.9];
const MAX_TILE = 104;
const MIN_LABELLED = 34;
/** From this size on a tile shows the rider's name. */
const MIN_NAMED = 76;
const MIN_TILE = 5;
const MARK = 11;
const LABEL_INTERVAL_MS = 10_000;
/** Whether white text is more legible on a colour `#rrggbb` than black text. */
function isDark(colourText) {
  const [r, g, b] = [1, 3, 5].map((i) => (parseInt(colourText.slice(i, i + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18;
}

/**
 * The name, cut between characters to fit.
 *
 * @param widthOf returns the width of a text
 */
export function shortened(name, width, widthOf) {
  if (widthOf(name) <= width) return name;
  const characters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  while (characters.length > 1 && widthOf(`${characters.join('').trimEnd()}…`) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

export const HEAT_WORDS = ['under 50', '50–59', '60–69', '70–79', '80–89', '90 or more'];

/** Every ride as a tile, coloured by heart rate as a share of the rider's maximum. A bike keeps its position. */
export class HeatMap {
  canvas = h('canvas', { class: 'heat', role: 'img', 'aria-label': 'Map of all rides' });
  #tip = h('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });
  node = h('div', { class: 'heat-wrap' }, this.canvas, this.#tip);
  #slots = [];
  #slotOf = new Map();
  #columns = 1;
  #size = MAX_TILE;
  #labelledAt = 0;
  #rides = new Map();
  #now = 0;

  #byBpm;
  #tallest;
  #maxTile;

  /**
   * @param byBpm whether tiles show the share of FULL_SCALE_BPM, for users who may not see the riders' limits
   * @param tallest returns the height that the map may have, px
   * @param maxTile the largest tile, px
   */
  constructor(byBpm = false, tallest = () => (innerWidth < 720 ? 170 : 210), maxTile = MAX_TILE) {
    this.#byBpm = byBpm;
    this.#tallest = tallest;
    this.#maxTile = maxTile;
    this.canvas.addEventListener('pointermove', (e) => this.#point(e));
    this.canvas.addEventListener('pointerleave', () => {
      this.#tip.hidden = true;
    });
    this.canvas.addEventListener('click', (e) => {
      const ride = this.#at(e);
      if (ride) location.hash = `#/ride/${ride.ride}`;
    });
  }

  /** Assigns each bike a position: by serial at first; later bikes take free positions. */
  arrange(rides) {
    const bikes = new Set();
    for (const ride of rides.values()) bikes.add(ride.bike ?? String(ride.ride));
    for (const [bike, slot] of this.#slotOf) {
      if (!bikes.has(bike)) {
        this.#slotOf.delete(bike);
        this.#slots[slot] = null;
      }
    }
    const free = [];
    this.#slots.forEach((ride, slot) => ride === null && free.push(slot));
    free.reverse();
    for (const bike of [...bikes].filter((b) => !this.#slotOf.has(b)).sort()) {
      this.#slotOf.set(bike, free.pop() ?? this.#slots.length);
      if (this.#slotOf.get(bike) === this.#slots.length) this.#slots.push(null);
    }
    this.#slots.fill(null);
    for (const ride of rides.values()) this.#slots[this.#slotOf.get(ride.bike ?? String(ride.ride))] = ride;
    while (this.#slots.length && this.#slots.at(-1) === null) this.#slots.pop();
    this.#rides = rides;
  }

  /** @param ranks the rank of each ride, by its id */
  draw(ranks, now, wanted) {
    const width = this.node.clientWidth;
    if (!width) return;
    this.#now = now;
    const n = Math.max(1, this.#slots.length);
    this.#fit(width, n);
    const height = Math.ceil(n / this.#columns) * this.#size;
    const scale = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) {
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
      this.canvas.style.height = `${height}px`;
    }
    const g = this.canvas.getContext('2d');
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, width, height);
    const classes = [[], [], [], [], [], [], [], []];
    const marked = [];
    const steps = [0, 0, 0, 0, 0, 0];
    this.#slots.forEach((ride, slot) => {
      if (!ride) return;
      const rank = ranks.get(ride.ride);
      const share = this.#byBpm ? (ride.hr === null ? null : ride.hr / FULL_SCALE_BPM) : shareOfMax(ride);
      const step = share === null ? 6 : STEPS.filter((s) => share >= s).length;
      if (step < 6) steps[step]++;
      classes[rank === 'idle' ? 7 : step].push(slot, wanted(ride));
      if (rank === 'high' || rank === 'medium') marked.push(rank, slot);
    });
    const gap = this.#size > 8 ? 2 : 1;
    classes.forEach((slots, step) => {
      g.fillStyle = colour(step < 6 ? `--heat-${step}` : '--heat-none');
      for (let i = 0; i < slots.length; i += 2) {
        const [x, y] = this.#place(slots[i]);
        g.globalAlpha = slots[i + 1] ? 1 : 0.2;
        if (step < 6) this.#tile(g, x, y, this.#size - gap, step, slots[i]);
        else this.#ring(g, x, y, step === 7, slots[i]);
      }
    });
    g.globalAlpha = 1;
    for (let i = 0; i < marked.length; i += 2) this.#mark(g, marked[i], ...this.#place(marked[i + 1]));
    if (now - this.#labelledAt > LABEL_INTERVAL_MS) {
      this.#labelledAt = now;
      const parts = steps.map((k, i) => `${k} at ${HEAT_WORDS[i]} per cent`).filter((p) => !p.startsWith('0 '));
      this.canvas.setAttribute(
        'aria-label',
        `Map of ${plural(this.#rides.size, 'ride')} by heart rate as a share of the rider's maximum: ${parts.join(', ') || 'none measured'}; ${marked.length / 2} with an alert. The list below shows the same rides.`,
      );
    }
  }

  /** The largest tiles with which all rides fit, neither wider nor higher than there is room. */
  #fit(width, n) {
    const tallest = this.#tallest();
    this.#size = MIN_TILE;
    for (let columns = 1; columns * MIN_TILE <= width; columns++) {
      const size = Math.min(this.#maxTile, Math.floor(width / columns), Math.floor(tallest / Math.ceil(n / columns)));
      this.#size = Math.max(this.#size, size);
    }
    this.#columns = Math.max(1, Math.floor(width / this.#size));
  }

  #place(slot) {
    return [(slot % this.#columns) * this.#size, Math.floor(slot / this.#columns) * this.#size];
  }

  /** Tiles of the two lightest colours have an outline; large ones show the heart rate. */
  #tile(g, x, y, size, step, slot) {
    g.fillRect(x, y, size, size);
    if (step <= 1) {
      g.strokeStyle = colour('--edge');
      g.lineWidth = 1;
      g.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
    }
    if (size < MIN_LABELLED) return;
    const fill = g.fillStyle;
    g.fillStyle = isDark(fill) ? '#fff' : '#000';
    this.#label(g, x, y, size, slot);
    g.fillStyle = fill;
  }

  /** The heart rate and, on large tiles, the rider. */
  #label(g, x, y, size, slot) {
    const ride = this.#slots[slot];
    const named = size >= MIN_NAMED;
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.font = `600 ${Math.round(size / 3.2)}px Inter, system-ui, sans-serif`;
    g.fillText(ride.hr === null ? ABSENT : String(ride.hr), x + size / 2, y + size * (named ? 0.42 : 0.5));
    if (!named) return;
    g.font = `500 ${Math.max(11, Math.round(size / 9))}px Inter, system-ui, sans-serif`;
    g.fillText(
      shortened(nameOf(ride), size - 8, (text) => g.measureText(text).width),
      x + size / 2,
      y + size * 0.78,
    );
  }

  /** A hollow tile: no heart rate. A dash: no readings. */
  #ring(g, x, y, idle, slot) {
    const inner = this.#size - (this.#size > 8 ? 3 : 2);
    if (idle) {
      g.fillRect(x + inner * 0.15, y + inner * 0.42, inner * 0.7, Math.max(1, inner * 0.16));
      return;
    }
    g.strokeStyle = g.fillStyle;
    g.lineWidth = this.#size > 8 ? 1.5 : 1;
    g.strokeRect(x + 0.75, y + 0.75, inner - 0.5, inner - 0.5);
    if (this.#size < MIN_LABELLED) return;
    const fill = g.fillStyle;
    g.fillStyle = colour('--quiet');
    this.#label(g, x, y, inner, slot);
    g.fillStyle = fill;
  }

  /** Covers a small tile; on a tile with a label it is in the corner, and the tile has an outline. */
  #mark(g, rank, x, y) {
    const labelled = this.#size >= MIN_LABELLED;
    const size = labelled ? this.#size * 0.22 : Math.max(MARK, this.#size - 3);
    const r = size / 2;
    const cx = labelled ? x + this.#size - r - 5 : Math.max(r, x + this.#size / 2 - 1);
    const cy = labelled ? y + r + 3 : Math.max(r, y + this.#size / 2 - 1);
    if (labelled) {
      g.strokeStyle = colour(rank === 'high' ? '--high' : '--medium');
      g.lineWidth = 4;
      g.strokeRect(x + 2, y + 2, this.#size - 6, this.#size - 6);
    }
    g.beginPath();
    if (rank === 'high') (g.moveTo(cx, cy - r), g.lineTo(cx + r, cy + r * 0.85), g.lineTo(cx - r, cy + r * 0.85));
    else (g.moveTo(cx, cy - r), g.lineTo(cx + r, cy), g.lineTo(cx, cy + r), g.lineTo(cx - r, cy));
    g.closePath();
    g.lineJoin = 'round';
    g.lineWidth = 3;
    g.strokeStyle = colour('--panel');
    g.stroke();
    g.fillStyle = colour(rank === 'high' ? '--high' : '--medium');
    g.fill();
    g.lineWidth = 1;
    g.strokeStyle = colour('--mark-edge');
    g.stroke();
  }

  #at(e) {
    const slot = Math.floor(e.offsetY / this.#size) * this.#columns + Math.floor(e.offsetX / this.#size);
    return e.offsetX < this.#columns * this.#size ? this.#slots[slot] : null;
  }

  #point(e) {
    const ride = this.#at(e);
    this.#tip.hidden = !ride;
    this.canvas.classList.toggle('is-over', Boolean(ride));
    if (!ride) return;
    const share = shareOfMax(ride);
    const bpm = ride.hr === null ? 'No HR signal' : `${ride.hr} bpm${share === null ? '' : ` · ${Math.round(share * 100)} % of max`}`;
    this.#tip.replaceChildren(
      h('b', {}, nameOf(ride)),
      h('span', {}, bpm),
      h(
        'span',
        {},
        ride.state === 'firing'
          ? stateWord(ride, ride.severity === 'critical' ? 'high' : 'medium', this.#now)
          : `${ride.w ?? '–'} W · ${ride.rpm ?? '–'} rpm`,
      ),
    );
    const left = Math.min(e.offsetX + 14, this.node.clientWidth - 190);
    this.#tip.style.transform = `translate(${Math.max(0, left)}px, ${e.offsetY + 14}px)`;
  }
}
