import type { SessionInfo, Spent } from '../experiment.ts';
import type { JobKey } from '../job.ts';

/** The current session: its objective, and what it has used. */
export interface SessionReader {
  info(): SessionInfo;
  /** How much of the budget its runs have used. */
  spent(): Spent;
  /** The session that a job's row belongs to. */
  of(key: JobKey): SessionInfo;
}
