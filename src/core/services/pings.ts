import type { JobKey } from '../job.ts';
import type { PersonId } from '../message.ts';
import type { PingKind } from '../ping.ts';
import type { QuietHours } from '../pings.ts';

/** What somebody is not pinged for, and when. */
export interface PingSettings {
  off: PingKind[];
  quiet: QuietHours | null;
}

/** Somebody is not pinged about a job (null: about anything) until then, epoch milliseconds. */
export interface PingMute {
  job: JobKey | null;
  until: number;
}

/** What each person chose to be pinged for. */
export interface PingsService {
  settings(person: PersonId): PingSettings;
  set(person: PersonId, settings: PingSettings): void;
  /** Those that hold now. */
  mutes(person: PersonId): PingMute[];
  mute(person: PersonId, mute: PingMute): void;
  /** Whether there was one. */
  unmute(person: PersonId, job: JobKey | null): boolean;
  /** The zone of somebody of whom nothing is known: the host's, or the settings'. */
  zone(): string;
}
