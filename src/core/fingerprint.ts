import type { JobKey } from './job.ts';

/** Hashes of what a run was made of. `code` null: not looked at yet; empty: it has no copy of its code. */
export interface Fingerprint {
  settings: string;
  code: string | null;
}

/** A completed run with a value, of whose settings there is another. */
export interface SettingsRepeat extends Fingerprint {
  job: JobKey;
  experimentId: string;
  value: number;
}
