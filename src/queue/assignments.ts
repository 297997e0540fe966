import { BotError } from '../core/errors.ts';

/** Keys that steer the queue or the launcher and are never a task's own. */
const QUEUE_KEYS = new Set(['launcher', 'queue_position', 'queue-position', 'run_dir']);
const KEY = /^[A-Za-z_][A-Za-z0-9_.]*$/;
const VALUE_MAX = 1_000;

/**
 * Refuses an assignment that must not reach a task's command line: xax expands `${oc.env:NAME}` into its config,
 * which would write a secret into a file. Error `bad-assignment`.
 */
export function checkAssignment(key: string, value: string): void {
  const refuse = (what: string, hint: string) => {
    throw new BotError('bad-assignment', what, `${hint} Nothing was launched.`);
  };
  const shown = key.slice(0, 60);
  if (QUEUE_KEYS.has(key))
    refuse(`${shown} cannot be set from chat.`, 'The queue sets it; use position=… for the place.');
  if (!KEY.test(key)) refuse(`"${shown}" is no name of a setting.`, 'Names are letters, digits, _ and dots.');
  if (value.includes('${'))
    refuse(`The value of ${shown} holds "\${".`, 'xax would expand it; give the value itself.');
  if (/".*\\/s.test(value))
    refuse(
      `The value of ${shown} holds a backslash after a double quote.`,
      'xax reads it as YAML, where that can spell "${"; give it without.',
    );
  if (/[\p{Cc}\u2028\u2029]/u.test(value))
    refuse(`The value of ${shown} holds a line break or control character.`, 'Give it on one line.');
  if (value.length > VALUE_MAX)
    refuse(`The value of ${shown} has ${value.length} characters.`, `At most ${VALUE_MAX} are accepted.`);
}
