import { h } from './dom.js';
import { AGE_GROUPS, ageGroupWord, GENDER_WORD, GENDERS } from './format.js';

/** Options of `choose`. */
export const GENDER_OPTIONS = GENDERS.map((gender) => [gender, GENDER_WORD[gender]]);
export const AGE_OPTIONS = AGE_GROUPS.map((group) => [group, ageGroupWord(group)]);

/**
 * A select.
 *
 * @param label its name, and the text of the empty choice
 * @param options [value, text] pairs
 * @param any whether there is an empty choice
 */
export function choose(label, options, value, changed, any = true) {
  const select = h(
    'select',
    { 'aria-label': label, onchange: () => changed(select.value) },
    any && h('option', { value: '' }, label),
    options.map(([key, word]) => h('option', { value: key, selected: key === value }, word)),
  );
  return select;
}

/** The parameters with a value. */
export const filled = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '' && value != null));

/** The time zone of this browser, an IANA name. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
