import type { Job } from './job.ts';
import { isInterrupted } from './kill.ts';
import type { JobRecord } from './services/jobs.ts';
import { endingSignal, isFromOutside, signalNumber } from './signals.ts';

/**
 * How a job ended. `failed`: by itself, a crash among them. `killed`: by a signal from outside, or after a kill. `unknown`: it is
 * gone from the queue, or the queue lost sight of its process.
 */
export const ENDINGS = ['finished', 'failed', 'cancelled', 'killed', 'unknown'] as const;
export type Ending = (typeof ENDINGS)[number];

/** How a job ended that has, and the number of the signal that ended it; null: none did. */
export function endingOf(job: Pick<Job, 'status' | 'error' | 'returnCode'> & Pick<JobRecord, 'killedBy'>): {
  how: Ending;
  signal: number | null;
} {
  const { status, killedBy } = job;
  if (status === 'completed') return { how: 'finished', signal: null };
  if (status === 'cancelled' && !killedBy) return { how: 'cancelled', signal: null };
  if (status === 'cancelled') return { how: 'killed', signal: endingSignal(job) };
  if (status !== 'failed') return { how: 'unknown', signal: null };
  const signal = endingSignal(job);
  if (killedBy) return { how: 'killed', signal: signal ?? signalNumber(killedBy.signal ?? '') ?? null };
  if (signal !== null) return { how: isFromOutside(signal) ? 'killed' : 'failed', signal };
  return { how: isInterrupted(job) ? 'unknown' : 'failed', signal: null };
}
