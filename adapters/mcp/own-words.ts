import { JOB_STATUSES } from '../../src/core/job.ts';
import { PROPOSAL_STATES } from '../../src/core/proposal.ts';
import { isSecretName } from '../../src/core/secret-names.ts';
import { TRANSITION_KINDS } from '../../src/core/transition.ts';
import { WATCH_CONDITIONS } from '../../src/core/watch.ts';

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
  'ended',
  'settled',
  'happened',
  'slice',
  'time',
  'stopped',
]);
/** How far somebody has read what happened: `812.9.14`. */
const CURSOR = /^\d{1,15}(?:\.\d{1,15}(?:-\d{1,15}){0,500}){2}$/;
/** What the bot and xax number: `job-0000007`, `plan-3`; and times as the log writes them. A key begins with the queue's name. */
const FORMS = [/^job-\d{1,12}$/, /^plan-\d{1,12}$/, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, CURSOR];
const IN_QUEUE = /^job-\d{1,12}@\d+(\.\d+)?$/;
const JOB_ID = /^job-\d{1,12}$/;
/** Names of fields as our own code writes them. */
const FIELD = /^[a-z][A-Za-z0-9_]{0,23}$/;
/** Fields whose own fields have names that somebody else gave: settings, options, metrics. */
const NAMED_BY_PEOPLE: ReadonlySet<string> = new Set([
  'assignments',
  'config',
  'fixed',
  'given',
  'latest',
  'metrics',
  'named',
  'options',
  'points',
  'dismissed',
  'settings',
  'values',
]);

/**
 * What of a command's data nobody else wrote: its numbers, and texts of closed forms. All other texts, and fields
 * with names that somebody else may have given, are left out, and so is what a name says is secret. `queue`: the queue's
 * name, which begins a job's key; of several, all names, which then stand by themselves too.
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
    if (Array.isArray(value))
      return value.map((each) => kept(each, isByPeople)).filter((each) => each !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    if (isByPeople) return undefined;
    const entries = Object.entries(value)
      .filter(([name]) => FIELD.test(name) && !isSecretName(name))
      .map(([name, each]): [string, unknown] => [name, kept(each, NAMED_BY_PEOPLE.has(name))])
      .filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries);
  }

  return kept(data, false);
}
