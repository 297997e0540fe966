import type { Cause } from '../core/facts.ts';
import type { JobRecord } from '../core/services.ts';
import { diagnose } from '../diagnosis/diagnose.ts';

/** The last lines of a log that are shown of a job somebody killed. */
const LINES_SHOWN = 12;

/** The cause of a failed job, from what xax says of it, who killed it, and the end of its log. */
export function failureCause(job: JobRecord, logLines: readonly string[]): Cause {
  const { kind, text, lines, advice } = diagnose(job, logLines);
  const { killedBy } = job;
  if (killedBy?.signal)
    return {
      text: `killed by ${killedBy.name} (${killedBy.signal})`,
      lines: logLines.slice(-LINES_SHOWN),
      advice: null,
    };
  if (kind !== 'signal') return { text, lines, advice };
  return {
    text: /^ended by SIG(TERM|KILL)/.test(text) ? text.replace('ended by', 'killed outside chat:') : text,
    lines,
    advice,
  };
}
