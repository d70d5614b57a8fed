import { h } from './dom.js';

const KEY = 'deloton.notices';
const TONE_HZ = 880;
const TONE_S = 0.25;

/** A sound and a desktop notice for each new alert, if the user has switched them on. Off at first. */
export class Notices {
  #on = localStorage.getItem(KEY) === 'on';
  #audio = null;

  constructor(alerts) {
    alerts.addEventListener('raised', ({ detail }) => this.#on && this.#show(detail));
  }

  /** A button that switches them on and off. */
  button() {
    const button = h('button', { type: 'button', class: 'small', 'aria-pressed': String(this.#on) }, 'Sound and notices');
    button.addEventListener('click', async () => {
      this.#on = !this.#on;
      localStorage.setItem(KEY, this.#on ? 'on' : 'off');
      button.setAttribute('aria-pressed', String(this.#on));
      if (!this.#on) return;
      this.#beep();
      if (globalThis.Notification?.permission === 'default') await Notification.requestPermission();
    });
    return button;
  }

  #show(text) {
    this.#beep();
    if (globalThis.Notification?.permission !== 'granted') return;
    try {
      new Notification('Deloton live', { body: text, tag: 'deloton-alert' });
    } catch {
      // Browsers on phones have no notices without a service worker.
    }
  }

  /** Browsers play nothing before the first click in the page. */
  #beep() {
    this.#audio ??= new AudioContext();
    const tone = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    tone.frequency.value = TONE_HZ;
    volume.gain.value = 0.15;
    tone.connect(volume).connect(this.#audio.destination);
    tone.start();
    tone.stop(this.#audio.currentTime + TONE_S);
  }
}
