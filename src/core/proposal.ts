import { BotError } from './errors.ts';
import type { JobKey } from './job.ts';
import type { Message, PersonId } from './message.ts';
import type { RawOptions } from './options.ts';
import type { Person } from './person.ts';
import type { ProposalState } from './proposal-state.ts';

/** Whether nothing more will become of it. */
export function isSettled({ state }: Pick<Proposal, 'state'>): boolean {
  return state !== 'waiting' && state !== 'running';
}

/** What is said where there is no proposal of that number; `option`: the one that named it. */
export function unknownProposal(id: number, option?: string): BotError {
  return new BotError('unknown-proposal', `There is no proposal ${id}.`, '"proposals" lists them.', option);
}

/** Something an agent wants changed: a command with options that are pinned to what was proposed. Plain JSON. */
export interface Proposal {
  id: number;
  agent: { id: PersonId; name: string };
  /** The adapter and channel it came by. */
  adapter: string;
  channel: string;
  command: string;
  options: RawOptions;
  /** The session in which it runs, whichever is in use by then; null: that of its channel. */
  session: string | null;
  /** What the command itself asks. */
  question: Message | null;
  /** What it is about beyond its words, as what a planned experiment says. */
  details: readonly { name: string; text: string }[];
  /** The job that it is about, in whose thread it is decided; null: about none. */
  job: JobKey | null;
  state: ProposalState;
  /** Epoch milliseconds. */
  proposedAt: number;
  /** Silence until then is a denial; epoch milliseconds. */
  expiresAt: number;
  decidedBy: { id: PersonId; name: string } | null;
  /** Epoch milliseconds. */
  decidedAt: number | null;
  /** Why it was denied, in the words of whoever did. */
  reason: string | null;
  /** What the command answered, and its data. */
  outcome: Message | null;
  result: unknown;
}

/** What agents have proposed, and what happened. */
export interface ApprovalsService {
  /** Newest first. */
  list(limit: number): Proposal[];
  get(id: number): Proposal | undefined;
  /**
   * Runs it, exactly as it was proposed. Errors `unknown-proposal`; `proposal-closed` when it was decided or has
   * expired; `not-allowed` when this is not theirs to decide.
   */
  approve(id: number, by: Person, onProgress: (message: Message) => void): Promise<Proposal>;
  /** Errors as `approve`. */
  deny(id: number, by: Person, reason: string | null): Proposal;
}
