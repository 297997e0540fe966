import type { JobKey } from '../job.ts';

/**
 * What happens around a command. `begun`: something is about to be changed; what came of it (`done`, `refused` by the
 * queue, `failed`) is an entry of its own that refers to it. `turned-away`: nothing was tried. `asked`, `answered`: a question before a
 * deed, and its yes. `proposed`: it waits for somebody's word. `signal`: one went to a job's processes. `signed-in`: a browser of
 * theirs is signed in from now on.
 */
export type AuditEvent =
  | 'begun'
  | Outcome
  | 'turned-away'
  | 'asked'
  | 'answered'
  | 'proposed'
  | 'signal'
  | 'signed-in';
export type Outcome = 'done' | 'refused' | 'failed';

/** What an option was: its value where that is no words of people, else the length of what was written. */
export type Reference = string | number | boolean | { length: number };
export type References = Readonly<Record<string, Reference>>;

export interface AuditEntry {
  id: number;
  /** Epoch milliseconds. */
  at: number;
  event: AuditEvent;
  person: string;
  adapter: string;
  channel: string;
  /** null: none of ours was named. */
  command: string | null;
  options: References;
  /** The id of whoever let an agent do it. */
  approvedBy: string | null;
  /** Why not, which signal, which proposal or question, which login. */
  detail: string | null;
  /** How often the same happened; more than one where many refusals are told in one entry. */
  times: number;
  /** What came of it, and what it made or why it failed; null where nothing is known. */
  outcome: { event: Outcome; at: number; detail: string | null } | null;
}

export interface AuditQuery {
  /** Whatever somebody is written as. */
  person?: string | undefined;
  job?: JobKey | undefined;
  /** Epoch milliseconds. */
  since?: number | undefined;
  /** Only older entries than this one. */
  before?: number | undefined;
  limit: number;
}

export interface AuditService {
  /** The latest first, each with what came of it. */
  list(query: AuditQuery): (AuditEntry & { name: string })[];
}
