import type { JobKey } from '../core/job.ts';
import type { Jobs } from '../core/queue.ts';
import type { StateBreak } from '../core/transition.ts';

/** The numbering of a queue before and after a reading; null: unknown. */
export interface Numbering {
  before: number | null;
  now: number | null;
}

/**
 * Why jobs that were known are no longer in the queue's state; null where none is missing and none came back. Numbers that
 * went back, or an id that another job has by now, tell that the file is another one: an older one where some of the jobs
 * are known from before, else one that was reset. If the numbers continue, records were removed from it.
 * `kept`: how many of the jobs known before are in it; `returned`: how many that had been missing; `setBack`: how many that
 * had ended run in it as they did before.
 */
export function stateBreak(
  gone: readonly JobKey[],
  { kept, returned, setBack }: { kept: number; returned: number; setBack: number },
  jobs: Jobs,
  { before, now }: Numbering,
): StateBreak | null {
  if (gone.length === 0) return returned > 0 || setBack > 0 ? 'older' : null;
  const wentBack = before !== null && now !== null && now < before;
  if (!wentBack && !gone.some(({ jobId }) => jobs.has(jobId))) return 'records';
  return kept > 0 || returned > 0 ? 'older' : 'anew';
}
