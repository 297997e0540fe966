import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { settingField } from '../core/setting-fields.ts';

/** Keys that steer the queue or the launcher and are never a task's own. */
const QUEUE_KEYS = new Set(['launcher', 'queue_position', 'queue-position', 'run_dir', 'runs_dir']);
const KEY = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/;
const VALUE_MAX = 1_000;
/** xax looks first whether there is a file of the name `key=value`, and Python fails at a longer name (NAME_MAX of Linux). */
const FILE_NAME_MAX_BYTES = 255;

/** Why something is not passed on: what is wrong with it, and what to do. */
export interface Refusal {
  what: string;
  hint: string;
}

/** Why xaxbot refuses to set this key of a task; undefined: it may be set. */
export function refusedKey(key: string): Refusal | undefined {
  if (QUEUE_KEYS.has(key.split('.')[0]!))
    return { what: 'cannot be set from chat', hint: 'The queue sets it; use position=… instead.' };
  if (!KEY.test(key))
    return { what: 'is not a setting name', hint: 'Names are letters, digits and _, separated by dots.' };
  return undefined;
}

/**
 * Why a text must not stand in a command: xax reads values as YAML and then expands `${oc.env:NAME}` into its config,
 * which would write a secret into a file. undefined: it expands to nothing.
 */
export function refusedExpansion(value: string): Refusal | undefined {
  if (value.includes('${'))
    return { what: 'contains "${"', hint: 'xax would expand it; give the value itself.' };
  if (/".*\\/s.test(value))
    return {
      what: 'contains a backslash after a double quote',
      hint: 'xax reads it as YAML, where that can spell "${"; remove it.',
    };
  return undefined;
}

/** Why values may not contain such characters: an argument or a YAML line cannot hold them unchanged. */
function refusedCharacters(value: string): Refusal | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(value))
    return { what: 'contains a line break or control character', hint: 'Give it on one line.' };
  if (/[\p{Cs}\uFFFE\uFFFF]/u.test(value))
    return { what: 'contains a character that YAML does not allow', hint: 'Remove it.' };
  return undefined;
}

/** Why a text is no value of a setting; undefined: it is one. */
export function refusedValue(value: string): Refusal | undefined {
  const refused = refusedExpansion(value) ?? refusedCharacters(value);
  if (refused || value.length <= VALUE_MAX) return refused;
  return { what: `has ${value.length} characters`, hint: `At most ${VALUE_MAX} are accepted.` };
}

/** Why a word must not stand in a command that is queued; undefined: it may. */
export function refusedWord(word: string): Refusal | undefined {
  if (/^--(launcher|queue[-_]position)(=|$)/.test(word))
    return { what: `contains ${word.split('=')[0]}`, hint: 'xaxbot adds --launcher itself: leave it out.' };
  const key = /^([^=]+)=/.exec(word)?.[1] ?? '';
  if (QUEUE_KEYS.has(key.split('.')[0]!))
    return { what: `sets ${key}`, hint: 'The queue sets it: leave it out.' };
  return refusedExpansion(word);
}

/** Refuses a key or a text that must not reach a task. Error `bad-assignment`. */
export function checkTyped(key: string, value: string): void {
  refuse(key, refusedKey(key), refusedValue(value));
}

/** Refuses an assignment that must not reach a task's command line; its value is YAML. Error `bad-assignment`. */
export function checkAssignment(key: string, scalar: string): void {
  const refusedScalar = refusedExpansion(scalar) ?? refusedCharacters(scalar);
  refuse(key, refusedKey(key), refusedScalar ?? refusedLength(key, scalar));
}

function refusedLength(key: string, scalar: string): Refusal | undefined {
  const [name = ''] = `${key}=${scalar}`.split('/');
  const bytes = Buffer.byteLength(name);
  if (bytes <= FILE_NAME_MAX_BYTES) return undefined;
  return {
    what: `takes ${bytes} bytes with its name, or up to its first "/"`,
    hint: `xax accepts ${FILE_NAME_MAX_BYTES}, since it first looks for a file with that name. Give a shorter one.`,
  };
}

function refuse(key: string, wrongKey: Refusal | undefined, wrongValue: Refusal | undefined): void {
  const shown = clip(key, 60);
  if (wrongKey) throw refused(`"${shown}" ${wrongKey.what}.`, wrongKey, key);
  if (wrongValue) throw refused(`The value of ${shown} ${wrongValue.what}.`, wrongValue, key);
}

function refused(message: string, { hint }: Refusal, key: string): BotError {
  return new BotError('bad-assignment', message, `${hint} Nothing was launched.`, settingField(key));
}
