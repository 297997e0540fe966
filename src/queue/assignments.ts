import { BotError } from '../core/errors.ts';

/** Keys that steer the queue or the launcher and are never a task's own. */
const QUEUE_KEYS = new Set(['launcher', 'queue_position', 'queue-position', 'run_dir']);
const KEY = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/;
const VALUE_MAX = 1_000;

/** Why something is not passed on: what is wrong with it, and what to do. */
export interface Refusal {
  what: string;
  hint: string;
}

/** Why xaxbot does not set this key of a task; undefined: it may be set. */
export function refusedKey(key: string): Refusal | undefined {
  if (QUEUE_KEYS.has(key.split('.')[0]!))
    return { what: 'cannot be set from chat', hint: 'The queue sets it; use position=… for the place.' };
  if (!KEY.test(key))
    return { what: 'is no name of a setting', hint: 'Names are letters, digits and _, parted by dots.' };
  return undefined;
}

/**
 * Why a text must not become a value: xax reads values as YAML and then expands `${oc.env:NAME}` into its config,
 * which would write a secret into a file. undefined: it expands to nothing.
 */
export function refusedExpansion(value: string): Refusal | undefined {
  if (value.includes('${'))
    return { what: 'holds "${"', hint: 'xax would expand it; give the value itself.' };
  if (/".*\\/s.test(value))
    return {
      what: 'holds a backslash after a double quote',
      hint: 'xax reads it as YAML, where that can spell "${"; give it without.',
    };
  return undefined;
}

/** Why a text is no value of a setting; undefined: it is one. */
export function refusedValue(value: string): Refusal | undefined {
  const expansion = refusedExpansion(value);
  if (expansion) return expansion;
  if (/[\p{Cc}\u2028\u2029]/u.test(value))
    return { what: 'holds a line break or control character', hint: 'Give it on one line.' };
  if (value.length > VALUE_MAX)
    return { what: `has ${value.length} characters`, hint: `At most ${VALUE_MAX} are accepted.` };
  return undefined;
}

/** Why a word must not stand in a command that is queued; undefined: it may. */
export function refusedWord(word: string): Refusal | undefined {
  if (/^--(launcher|queue[-_]position)(=|$)/.test(word))
    return { what: `holds ${word.split('=')[0]}`, hint: 'xaxbot adds --launcher itself: leave it out.' };
  const key = /^([^=]+)=/.exec(word)?.[1] ?? '';
  if (QUEUE_KEYS.has(key.split('.')[0]!))
    return { what: `sets ${key}`, hint: 'The queue sets it: leave it out.' };
  return refusedExpansion(word);
}

/** Refuses an assignment that must not reach a task's command line. Error `bad-assignment`. */
export function checkAssignment(key: string, value: string): void {
  const shown = key.slice(0, 60);
  const wrongKey = refusedKey(key);
  if (wrongKey) throw refused(`"${shown}" ${wrongKey.what}.`, wrongKey);
  const wrongValue = refusedValue(value);
  if (wrongValue) throw refused(`The value of ${shown} ${wrongValue.what}.`, wrongValue);
}

function refused(message: string, { hint }: Refusal): BotError {
  return new BotError('bad-assignment', message, `${hint} Nothing was launched.`);
}
