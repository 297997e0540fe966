import type { SessionInfo, Spent } from '../experiment.ts';
import type { JobKey } from '../job.ts';

/** The session that is seen: what it is after, and what it has cost. */
export interface SessionReader {
  info(): SessionInfo;
  /** What its runs have taken of its budget. */
  spent(): Spent;
  /** The session that a job's row belongs to. */
  of(key: JobKey): SessionInfo;
}
