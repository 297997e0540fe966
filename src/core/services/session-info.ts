import type { SessionInfo, Spent } from '../experiment.ts';
import type { JobKey } from '../job.ts';

/** The current session: its objective, and what it has used. */
export interface SessionReader {
  info(): SessionInfo;
  /** What its runs have taken of its budget. */
  spent(): Spent;
  /** The session that a job's row belongs to. */
  of(key: JobKey): SessionInfo;
}
