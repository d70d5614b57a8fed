import { Refused } from './session.js';

const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;
const MISSED_FRAMES = 3;
const LOST_AFTER_MS = 20_000;
const CHECK_INTERVAL_MS = 200;

/**
 * The live connection: ticket, socket, snapshot, frames, acknowledgements. After a failure it reconnects with a new
 * ticket. Its `state` is connecting, live, stale, lost, forbidden or off.
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
  #buffered = null;
  #wanted = new Map();
  #unacknowledged = null;
  #ackPlanned = false;

  constructor(session, fleet) {
    super();
    this.#session = session;
    this.#fleet = fleet;
    setInterval(() => this.#check(), CHECK_INTERVAL_MS);
    window.addEventListener('online', () => this.retryNow());
    document.addEventListener('visibilitychange', () => document.hidden || this.retryNow());
  }

  start() {
    this.stop();
    this.#attempt = 0;
    this.#setState('connecting');
    this.#connect();
  }

  stop() {
    this.#generation++;
    clearTimeout(this.#retry);
    this.#close();
    this.#setState('off');
  }

  /** Reconnects at once if a retry is pending. */
  retryNow() {
    if (!this.#retry || this.#bus) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  /** Subscribes to an address, also after each reconnect. Returns a function that unsubscribes. */
  listen(address, receive) {
    const handler = (error, message) => {
      if (!error) receive(JSON.parse(message.body));
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
      bus.onerror = (e) => e?.failureCode === 403 || console.info('Event bus error:', e?.body ?? e?.message ?? e);
      bus.onunhandled = () => {};
      bus.onclose = () => generation === this.#generation && this.#lost('Connection closed.');
      bus.onopen = () => generation === this.#generation && this.#opened(generation);
    } catch (e) {
      if (generation === this.#generation) this.#failed(e);
    }
  }

  #failed(e) {
    if (e instanceof Refused && e.status === 401) return;
    if (e instanceof Refused && e.status === 403) {
      this.#close();
      this.#setState('forbidden', e.message);
    } else {
      this.#lost(e instanceof Refused ? e.message : 'The server does not respond.', e.retryAfterS);
    }
  }

  async #opened(generation) {
    this.#buffered = [];
    const bus = this.#bus;
    bus.registerHandler('live.fleet', (error, message) => {
      if (error || generation !== this.#generation) return;
      const frame = JSON.parse(message.body);
      if (this.#buffered) this.#buffered.push(frame);
      else this.#frame(frame, generation);
      this.#acknowledge(frame.seq);
    });
    for (const [handler, address] of this.#wanted) bus.registerHandler(address, handler);
    await this.#resume(generation);
  }

  /** Loads a snapshot, then applies the frames received meanwhile. */
  async #resume(generation) {
    try {
      const snapshot = await this.#session.json('live/fleet');
      if (generation !== this.#generation) return;
      this.#fleet.reset(snapshot);
      const buffered = this.#buffered ?? [];
      this.#buffered = null;
      this.dispatchEvent(new Event('snapshot'));
      for (const frame of buffered) this.#frame(frame, generation);
    } catch (e) {
      if (generation === this.#generation) this.#failed(e);
    }
  }

  #frame(frame, generation) {
    if (this.#buffered) {
      this.#buffered.push(frame);
      return;
    }
    if (!this.#fleet.apply(frame)) {
      this.#buffered = [frame];
      this.#resume(generation);
      return;
    }
    this.lastFrameAt = performance.now();
    this.#attempt = 0;
    this.#setState('live');
    this.dispatchEvent(new Event('frame'));
  }

  /** Acknowledges after the frame is drawn; at once while the page is hidden. */
  #acknowledge(seq) {
    this.#unacknowledged = seq;
    if (this.#ackPlanned) return;
    this.#ackPlanned = true;
    const send = () => {
      this.#ackPlanned = false;
      if (this.#open && this.#unacknowledged !== null) this.#bus.send('live.ack', String(this.#unacknowledged));
      this.#unacknowledged = null;
    };
    if (document.hidden) send();
    else requestAnimationFrame(() => setTimeout(send));
  }

  #check() {
    if (this.state !== 'live' && this.state !== 'stale') return;
    const silence = performance.now() - this.lastFrameAt;
    const interval = this.#session.config?.frameIntervalMs ?? 500;
    if (silence > LOST_AFTER_MS) this.#lost('No data for 20 s.');
    else if (silence > (MISSED_FRAMES + 0.5) * interval) this.#setState('stale');
  }

  #lost(detail, retryAfterS = null) {
    this.#generation++;
    this.#close();
    const bound = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** this.#attempt++);
    const delay = Math.max(bound / 2 + (Math.random() * bound) / 2, (retryAfterS ?? 0) * 1000);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), delay);
    this.#setState(this.lastFrameAt ? 'lost' : 'connecting', detail);
  }

  #close() {
    const bus = this.#bus;
    this.#bus = null;
    this.#buffered = null;
    this.#unacknowledged = null;
    if (!bus) return;
    bus.onopen = bus.onclose = () => {};
    try {
      bus.close();
    } catch {
      // The socket was not open yet.
    }
  }

  #setState(state, detail = '') {
    if (this.state === state && this.detail === detail) return;
    this.state = state;
    this.detail = detail;
    this.dispatchEvent(new Event('state'));
  }
}
