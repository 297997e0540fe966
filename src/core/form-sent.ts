import { emptyWords, type OptionSpecs, specOf } from './options.ts';
import { SETTINGS, settingOf } from './setting-fields.ts';

/** Among what a form sends, what stood in its fields when it was opened; no option is called so. */
export const SHOWN = ':shown';
/** The field of a form that has not enough room: the rest of what can be given, as `key=value`. */
export const MORE = ':more';
/** Among what leads back into a form, why it was refused and which option was wrong. */
export const PROBLEM = ':problem';
export const PROBLEM_OPTION = ':problem-option';

/** Two 32-bit FNV-1a hashes, the second from another start and by another odd factor: no change of a text goes unseen by chance. */
const FNV = [
  { start: 0x811c9dc5, factor: 0x01000193 },
  { start: 0x9e3779b9, factor: 0x85ebca6b },
];

/** What stands in a form's fields as it is opened, to be sent along with it; `before`: as it was opened first. */
export function shownText(values: Readonly<Record<string, string>>, before?: string): string {
  const now = Object.entries(values).map(([field, value]) => [field, printOf(value)] as const);
  return JSON.stringify(Object.fromEntries([...now, ...printsIn(before)]));
}

/** What a form asks for, as options and settings; `more` is what its field of that name says. */
export interface Sent {
  named: Record<string, string>;
  assignments: Record<string, string>;
  more: string;
}

/**
 * What was sent, read by what stood in the form: a field that nobody changed asks for nothing, so that it undoes nothing that
 * somebody else did meanwhile, and one that was emptied asks for that where it can be. What a button says is the same without.
 */
export function readSent(specs: OptionSpecs, given: Readonly<Record<string, string>>): Sent {
  const shown = printsIn(given[SHOWN]);
  const named = emptyWords();
  const assignments = emptyWords();
  for (const [field, value] of Object.entries(given)) {
    if (field.startsWith(':')) continue;
    const hadValue = shown.has(field);
    const spec = specOf(specs, field);
    const isUnchanged = hadValue && shown.get(field) === printOf(value);
    if (isUnchanged && !spec?.required && !spec?.resent) continue;
    const key = settingOf(field);
    if (key !== undefined && specOf(specs, SETTINGS)) {
      if (value !== '' || hadValue) assignments[key] = value;
    } else if (value !== '' || spec?.required || (hadValue && spec?.clearable)) named[field] = value;
  }
  return { named, assignments, more: given[MORE] ?? '' };
}

/** What a form sends: what stands in its fields, less those that are empty and were, with what goes along. */
export function sentWith(
  fixed: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const shown = printsIn(fixed[SHOWN]);
  const filled = Object.entries(values).filter(([field, value]) => value !== '' || shown.has(field));
  return { ...Object.fromEntries(filled), ...fixed };
}

/** Of what a form would send, what somebody filled in: with another value on which fields depend, nothing else holds. */
export function filledIn(given: Readonly<Record<string, string>>): Record<string, string> {
  const shown = printsIn(given[SHOWN]);
  return Object.fromEntries(
    Object.entries(given).filter(
      ([field, value]) => !field.startsWith(':') && value !== '' && shown.get(field) !== printOf(value),
    ),
  );
}

function printsIn(text = '{}'): ReadonlyMap<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  } catch {
    return new Map();
  }
}

/** Platforms give back other ends of lines than they were given, and no white space at the ends. */
function printOf(value: string): string {
  const text = value.replace(/\r\n?/g, '\n').trim();
  const hashes = FNV.map(({ start, factor }) => {
    let hash = start;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), factor);
    return hash >>> 0;
  });
  return hashes.map((hash) => hash.toString(36)).join('');
}
