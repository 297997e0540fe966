import type { Cause } from '../core/facts.ts';
import { killText } from '../core/kill.ts';
import { doerText } from '../core/person.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Transition } from '../core/transition.ts';
import { type Diagnosis, diagnose } from '../diagnosis/diagnose.ts';

/** How many last log lines are shown for a killed job. */
const LINES_SHOWN = 12;

/** What the log of a failed job shows, whoever ended it: plain JSON, stored. */
export interface Found extends Pick<Diagnosis, 'kind' | 'text' | 'lines' | 'advice'> {
  /** The log's last lines. */
  last: string[];
}

/** What is known about a job's end besides its log. */
export type Ended = Pick<JobRecord, 'error' | 'returnCode' | 'killedBy'>;

export function foundIn({ error, returnCode }: Ended, logLines: readonly string[]): Found {
  const { kind, text, lines, advice } = diagnose({ error, returnCode }, logLines);
  return { kind, text, lines, advice, last: logLines.slice(-LINES_SHOWN) };
}

/**
 * The cause of a failed job, from what its log gave and who killed it. What exited by itself after a signal may have died
 * of what its log says: both are told, and nothing is advised.
 */
export function causeOf({ killedBy }: Ended, { kind, text, lines, advice, last }: Found): Cause {
  if (killedBy) {
    const isByItself = typeof killedBy.exitCode === 'number';
    const isKnown = kind !== 'unknown' && kind !== 'signal';
    if (!isByItself || !isKnown) return { text: killText(killedBy), lines: last, advice: null };
    return { text: `${killText(killedBy)}: ${text}`, lines, advice: null };
  }
  if (kind !== 'signal') return { text, lines, advice };
  return {
    text: /^ended by SIG(TERM|KILL)/.test(text) ? text.replace('ended by', 'killed outside chat:') : text,
    lines,
    advice,
  };
}

/** About the end of a job that did not fail: who cancelled it, after whose kill it ended, or what tells of it where nobody knows how it ended. */
export function otherEnd(
  { killedBy, error, seen }: Pick<JobRecord, 'killedBy' | 'error' | 'seen'>,
  transitions: readonly Transition[],
): string {
  if (seen) return seen.because;
  if (killedBy) return killText(killedBy);
  const by = transitions.findLast(({ kind }) => kind === 'cancelled')?.by;
  if (by === undefined) return error ?? '';
  return by === null ? 'outside chat' : `by ${doerText(by)}`;
}
