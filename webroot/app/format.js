const LOCALE = 'en-GB';
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minute = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(LOCALE, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);

export const count = (value) => (known(value) ? whole.format(value) : '–');
export const tenths = (value) => (known(value) ? tenth.format(value) : '–');
export const timeOfDay = (epochMs) => clock.format(epochMs);
export const hourAndMinute = (epochMs) => minute.format(epochMs);
export const day = (isoDate) => date.format(new Date(`${isoDate}T00:00:00Z`));

const plainDate = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A calendar day without its weekday. */
export const dayOfYear = (isoDate) => plainDate.format(new Date(`${isoDate}T00:00:00Z`));

const shortDate = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' });

/** The time of day, with the date if it is not today. */
export function when(epochMs, now = Date.now()) {
  const sameDay = new Date(epochMs).toDateString() === new Date(now).toDateString();
  return sameDay ? clock.format(epochMs) : `${shortDate.format(epochMs)}, ${clock.format(epochMs)}`;
}

export const dayAndMonth = (epochMs) => shortDate.format(epochMs);

const fullDate = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });

/** Date and time of day, with the year if it is not the current one. */
export function whenOn(epochMs, now = Date.now()) {
  const sameYear = new Date(epochMs).getFullYear() === new Date(now).getFullYear();
  return `${(sameYear ? shortDate : fullDate).format(epochMs)}, ${minute.format(epochMs)}`;
}

const zonedMinute = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
const offsetOf = (epochMs) => new Date(epochMs).getTimezoneOffset();

/**
 * Date, start and end of a ride; without the end while it is open. The end has its date if it is on another day, and both
 * have their time zone if the clocks were changed in between.
 */
export function period(startMs, endMs) {
  const time = endMs && offsetOf(startMs) !== offsetOf(endMs) ? zonedMinute : minute;
  const start = `${fullDate.format(startMs)}, ${time.format(startMs)}`;
  if (!endMs) return start;
  const end = time.format(endMs);
  return new Date(startMs).toDateString() === new Date(endMs).toDateString()
    ? `${start}–${end}`
    : `${start} – ${shortDate.format(endMs)}, ${end}`;
}

/** Without the characters that reorder the text around them. */
export const withoutOverrides = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');

/** The number and the noun, in the plural unless it is one. */
export const plural = (n, noun) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

/** 4:05, or 1:04:05 from an hour on. */
export function elapsed(seconds) {
  if (!known(seconds)) return '–';
  const s = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, '0');
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** 12 s, 12 min, 1 h 4 min, 3 d: for ages and sums. */
export function duration(seconds) {
  if (!known(seconds)) return '–';
  const s = Math.max(0, Math.round(seconds));
  if (s < 120) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 172800) return `${whole.format(Math.floor(s / 3600))} h ${Math.floor((s % 3600) / 60)} min`;
  return `${whole.format(Math.floor(s / 3600))} h`;
}

export const SEVERITY = {
  critical: { kind: 'high', word: 'Critical' },
  warning: { kind: 'medium', word: 'Warning' },
};
export const severity = (name) => SEVERITY[name] ?? SEVERITY.warning;

export const GENDERS = ['female', 'male', 'other', 'unknown'];
export const AGE_GROUPS = ['under-18', '18-24', '25-34', '35-44', '45-54', '55-64', '65-74', '75-plus'];
export const GENDER_WORD = { female: 'Female', male: 'Male', other: 'Other', unknown: 'Unknown' };

export const ageGroupWord = (key) => key?.replace('under-18', 'Under 18').replace('75-plus', '75+').replace('-', '–') ?? 'Unknown';
