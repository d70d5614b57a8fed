import { Refused } from './session.js';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const MISSED_FRAMES = 3;
const LOST_AFTER_MS = 20_000;
const WATCH_EVERY_MS = 200;

/**
 * The live connection: a ticket, a socket, a snapshot, frames, acknowledgements; and again from the start, with a new
 * ticket, when it breaks. Its `state` is connecting, live, stale, lost, forbidden or off.
 */
export class Feed extends EventTarget {
  state = 'off';
  detail = '';
  lastFrameAt = 0;
  #session;
  #fleet;
  #bus = null;
  #generation = 0;
  #attempt = 0;
  #retry = null;
  #waiting = null;
  #wanted = new Map();
  #unacknowledged = null;
  #ackPlanned = false;

  constructor(session, fleet) {
    super();
    this.#session = session;
    this.#fleet = fleet;
    setInterval(() => this.#watch(), WATCH_EVERY_MS);
    window.addEventListener('online', () => this.retryNow());
    document.addEventListener('visibilitychange', () => document.hidden || this.retryNow());
  }

  start() {
    this.stop();
    this.#attempt = 0;
    this.#become('connecting');
    this.#connect();
  }

  stop() {
    this.#generation++;
    clearTimeout(this.#retry);
    this.#close();
    this.#become('off');
  }

  /** Only does something while the connection is lost. */
  retryNow() {
    if (!this.#retry || this.#bus) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  /** Hears an address while the connection lives, and again after each reconnect. Returns what ends that. */
  listen(address, heard) {
    const handler = (error, message) => {
      if (!error) heard(JSON.parse(message.body));
    };
    this.#wanted.set(handler, address);
    if (this.#open) this.#bus.registerHandler(address, handler);
    return () => {
      this.#wanted.delete(handler);
      if (this.#open) this.#bus.unregisterHandler(address, handler);
    };
  }

  get #open() {
    return this.#bus?.state === EventBus.OPEN;
  }

  async #connect() {
    const generation = ++this.#generation;
    this.#retry = null;
    try {
      const { ticket } = await this.#session.json('live/tickets', { method: 'POST' });
      if (generation !== this.#generation) return;
      const url = new URL(`eventbus?ticket=${encodeURIComponent(ticket)}`, document.baseURI);
      const bus = new EventBus(url.href, { transports: ['websocket'], vertxbus_ping_interval: 5_000 });
      this.#bus = bus;
      bus.onerror = (e) => e?.failureCode === 403 || console.info('The event bus says', e?.body ?? e?.message ?? e);
      bus.onunhandled = () => {};
      bus.onclose = () => generation === this.#generation && this.#lost('The connection has ended.');
      bus.onopen = () => generation === this.#generation && this.#opened(generation);
    } catch (e) {
      if (generation === this.#generation) this.#failed(e);
    }
  }

  #failed(e) {
    if (e instanceof Refused && e.status === 401) return;
    if (e instanceof Refused && e.status === 403) {
      this.#close();
      this.#become('forbidden', e.message);
    } else {
      this.#lost(e instanceof Refused ? e.message : 'The server does not answer.', e.retryAfterS);
    }
  }

  async #opened(generation) {
    this.#waiting = [];
    const bus = this.#bus;
    bus.registerHandler('live.fleet', (error, message) => {
      if (error || generation !== this.#generation) return;
      const frame = JSON.parse(message.body);
      if (this.#waiting) this.#waiting.push(frame);
      else this.#frame(frame, generation);
      this.#acknowledge(frame.seq);
    });
    for (const [handler, address] of this.#wanted) bus.registerHandler(address, handler);
    await this.#resume(generation);
  }

  /** Takes a snapshot, then the frames that came meanwhile. */
  async #resume(generation) {
    try {
      const snapshot = await this.#session.json('live/fleet');
      if (generation !== this.#generation) return;
      this.#fleet.reset(snapshot);
      const waiting = this.#waiting ?? [];
      this.#waiting = null;
      this.dispatchEvent(new Event('snapshot'));
      for (const frame of waiting) this.#frame(frame, generation);
    } catch (e) {
      if (generation === this.#generation) this.#failed(e);
    }
  }

  #frame(frame, generation) {
    if (this.#waiting) {
      this.#waiting.push(frame);
      return;
    }
    if (!this.#fleet.apply(frame)) {
      this.#waiting = [frame];
      this.#resume(generation);
      return;
    }
    this.lastFrameAt = performance.now();
    this.#attempt = 0;
    this.#become('live');
    this.dispatchEvent(new Event('frame'));
  }

  /** After the frame is drawn, and at once where nothing is drawn. */
  #acknowledge(seq) {
    this.#unacknowledged = seq;
    if (this.#ackPlanned) return;
    this.#ackPlanned = true;
    const answer = () => {
      this.#ackPlanned = false;
      if (this.#open && this.#unacknowledged !== null) this.#bus.send('live.ack', String(this.#unacknowledged));
      this.#unacknowledged = null;
    };
    if (document.hidden) answer();
    else requestAnimationFrame(() => setTimeout(answer));
  }

  #watch() {
    if (this.state !== 'live' && this.state !== 'stale') return;
    const silence = performance.now() - this.lastFrameAt;
    const interval = this.#session.config?.frameIntervalMs ?? 500;
    if (silence > LOST_AFTER_MS) this.#lost('No figures for 20 s.');
    else if (silence > (MISSED_FRAMES + 0.5) * interval) this.#become('stale');
  }

  #lost(why, retryAfterS = null) {
    this.#generation++;
    this.#close();
    const bound = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt++);
    const delay = Math.max(bound / 2 + (Math.random() * bound) / 2, (retryAfterS ?? 0) * 1000);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), delay);
    this.#become(this.lastFrameAt ? 'lost' : 'connecting', why);
  }

  #close() {
    const bus = this.#bus;
    this.#bus = null;
    this.#waiting = null;
    this.#unacknowledged = null;
    if (!bus) return;
    bus.onopen = bus.onclose = () => {};
    try {
      bus.close();
    } catch {
      // It was never opened.
    }
  }

  #become(state, detail = '') {
    if (this.state === state && this.detail === detail) return;
    this.state = state;
    this.detail = detail;
    this.dispatchEvent(new Event('state'));
  }
}
