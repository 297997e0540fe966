import type { SessionInfo, SessionSettings, Spent } from '../experiment.ts';
import type { AskHowFar } from '../how-far.ts';
import type { JobKey } from '../job.ts';
import type { Destination } from '../request.ts';
import type { ExperimentsService } from './experiments.ts';

export interface KnownSession extends SessionInfo {
  /** null for one that only exists as a folder. */
  experiments: number | null;
  isCurrent: boolean;
  channels: Destination[];
}

/** `at` null: for every channel that has no session of its own. Error `session-name` for a name that cannot be one. */
export interface SessionsService {
  all(): KnownSession[];
  /** Those of a session that the database knows, whatever is in use. */
  experimentsOf(name: string): ExperimentsService | undefined;
  /** As seen from the session that a job belongs to. */
  inSessionOf(key: JobKey): ExperimentsService;
  /** What a session's runs have taken of its budget; null for one that only stands in its folder. */
  spent(name: string): Spent | null;
  /** Errors `session-name`, `session-exists` for what cannot name a new session. */
  mustBeNew(name: string): void;
  /** Errors `session-name`, `unknown-session`, `session-folder`. */
  mustBeKnown(name: string): void;
  /** Errors as `mustBeKnown`, and `session-current` for the one in use. */
  mustBeClosable(name: string): void;
  /** How far the reading of a log that is taken up is; null while none is. */
  howFar: AskHowFar;
  /** Made and used. Errors as `mustBeNew`. */
  create(name: string | undefined, settings: SessionSettings, at: Destination | null): Promise<SessionInfo>;
  /** Errors as `mustBeKnown`. */
  use(name: string, at: Destination | null): Promise<SessionInfo>;
  /** The channel has no session of its own any more; resolves to the one it has then. */
  leave(at: Destination): Promise<SessionInfo>;
  /** Errors as `mustBeKnown`. */
  change(name: string, settings: SessionSettings): SessionInfo;
  /** Its rows and its folder stay. Errors as `mustBeClosable`. */
  close(name: string): SessionInfo;
}
