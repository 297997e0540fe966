import { JOB_STATUSES } from '../../src/core/job.ts';
import { PROPOSAL_STATES } from '../../src/core/proposal.ts';
import { TRANSITION_KINDS } from '../../src/core/transition.ts';
import { WATCH_CONDITIONS } from '../../src/core/watch.ts';

/** Words that only the bot and xax say; from a closed list nobody can make a sentence. */
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
]);
/** What the bot and xax number: `job-0000007`, its key, `plan-3`; and times as the log writes them. */
const FORMS = [
  /^job-\d{1,12}$/,
  /^[A-Za-z0-9._-]{1,64}\/job-\d{1,12}@\d+(\.\d+)?$/,
  /^plan-\d{1,12}$/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
];
/** Names of fields as our own code writes them; a metric or a setting may be called like one, but not say anything. */
const FIELD = /^[a-z][A-Za-z0-9_]{0,23}$/;

/**
 * What of a command's data nobody else wrote: its numbers, and texts of closed forms. All other texts, and fields
 * with names that somebody else may have given, are left out.
 */
export function ownWords(data: unknown): unknown {
  if (typeof data === 'string') return isOwn(data) ? data : undefined;
  if (Array.isArray(data)) return data.map(ownWords).filter((each) => each !== undefined);
  if (typeof data !== 'object' || data === null) return data;
  const kept = Object.entries(data)
    .filter(([name]) => FIELD.test(name))
    .map(([name, value]): [string, unknown] => [name, ownWords(value)])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept);
}

function isOwn(text: string): boolean {
  return WORDS.has(text) || FORMS.some((form) => form.test(text));
}
