import type { AskHowFar } from '../how-far.ts';

/** A backup of the database. */
export interface MadeBackup {
  path: string;
  /** Epoch milliseconds. */
  at: number;
  bytes: number;
  /** How long it took; absent of one that was made earlier. */
  seconds?: number;
}

export interface BackupsService {
  /** What of the one that is being made is written; null while it is checked, or none is. */
  howFar: AskHowFar;
  /** Makes one now, or waits for the one that is being made. Error `no-backup`. */
  make(): Promise<MadeBackup>;
  /** The latest; undefined where there is none. */
  last(): MadeBackup | undefined;
  /** Why the last attempt failed; null: it did not. */
  problem(): string | null;
}
