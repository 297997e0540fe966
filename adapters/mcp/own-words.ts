import { ENDINGS } from '../../src/core/ending.ts';
import { JOB_STATUSES } from '../../src/core/job.ts';
import { PROPOSAL_STATES } from '../../src/core/proposal-state.ts';
import { isSecretName } from '../../src/core/secret-names.ts';
import { CURSOR_FORM } from '../../src/core/services/feed.ts';
import { TRANSITION_KINDS } from '../../src/core/transition.ts';
import { WATCH_CONDITIONS } from '../../src/core/watch.ts';
import { isForNames, isOwnRow } from './fields.ts';

/** Words that only the bot and xax use; nobody can make a sentence from a closed list. */
const WORDS: ReadonlySet<string> = new Set([
  ...JOB_STATUSES,
  ...TRANSITION_KINDS,
  ...PROPOSAL_STATES,
  ...WATCH_CONDITIONS,
  // Of a launch, an experiment, an objective.
  'launching',
  'planned',
  'superseded',
  'min',
  'max',
  // Of waiting.
  ...ENDINGS,
  'ended',
  'settled',
  'happened',
  'slice',
  'time',
  'stopped',
]);
/** What the bot and xax number: `job-0000007`, `plan-3`; times in ISO 8601, and plain numbers. A key begins with the queue's name. */
const FORMS = [
  /^job-\d{1,12}$/,
  /^plan-\d{1,12}$/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/,
  CURSOR_FORM,
  /^-?\d{1,16}(\.\d{1,16})?(e[+-]?\d{1,3})?$/,
];
const IN_QUEUE = /^job-\d{1,12}@\d+(\.\d+)?$/;
const JOB_ID = /^job-\d{1,12}$/;
/** Names of fields as our own code writes them. */
const FIELD = /^[a-z][A-Za-z0-9_]{0,23}$/;

/**
 * What of a command's data nobody else wrote: its numbers, and texts of closed forms. All other texts are left out, and what
 * a name says is secret. Of an object whose names somebody else may have given, the values stand in a list, in its order; in a
 * list, null holds the place of what is left out, and a list of nothing else is left out whole. `queue`: the queue's name,
 * which begins a job's key; of several, all names, which then stand by themselves too.
 */
export function ownWords(data: unknown, queue: string | readonly string[]): unknown {
  const queues = [queue].flat();
  const ofQueue = (text: string) =>
    queues.some((name) => {
      const within = text.startsWith(`${name}/`) ? text.slice(name.length + 1) : '';
      if (IN_QUEUE.test(within)) return true;
      return queues.length > 1 && (text === name || JOB_ID.test(within));
    });
  const isOwn = (text: string) => WORDS.has(text) || FORMS.some((form) => form.test(text)) || ofQueue(text);

  function kept(value: unknown, isByPeople: boolean): unknown {
    if (typeof value === 'string') return isOwn(value) ? value : undefined;
    if (Array.isArray(value)) return inPlace(value.map((each) => kept(each, isByPeople)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    if (isByPeople && !isOwnRow(value))
      return inPlace(entries.map(([name, each]) => (isSecretName(name) ? undefined : kept(each, true))));
    const own = entries
      .filter(([name]) => FIELD.test(name) && !isSecretName(name))
      .map(([name, each]): [string, unknown] => [name, kept(each, isForNames(name))])
      .filter(([, each]) => each !== undefined);
    return Object.fromEntries(own);
  }

  return kept(data, false);
}

/** A list in which null stands for what is left out; undefined where that is all of it. */
function inPlace(values: readonly unknown[]): unknown {
  const isEmptied = values.length > 0 && values.every((each) => each === undefined);
  return isEmptied ? undefined : values.map((each) => (each === undefined ? null : each));
}
