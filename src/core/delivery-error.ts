/**
 * What became of a send or an edit.
 * - `retry`: it was not done, try later.
 * - `doubtful`: it may have been done, look it up by its key.
 * - `refused`: the platform does not take the message as it is; it may take a plainer form.
 * - `unclear`: it was not done, for a reason that nobody knows; treated like `refused`, and believed less.
 * - `never`: it cannot be said there in any form; elsewhere it may be.
 * - `gone`: the message to edit, or to open a thread under, is no longer there. Its thread may be.
 * - `frozen`: the message cannot be edited any more: another is sent in its place, and its thread stays in use.
 * - `closed`: the thread that it belongs in is gone, or takes nothing more.
 */
export type DeliveryOutcome =
  | 'retry'
  | 'doubtful'
  | 'refused'
  | 'unclear'
  | 'never'
  | 'gone'
  | 'frozen'
  | 'closed';

/** What a failure concerns besides the message that met it: all of that fares the same, and nothing else does. */
export type DeliveryScope = 'delivery' | 'thread' | 'channel' | 'platform';

/** What a platform counts together when it limits how fast it may be called. */
export type Paced = 'posts' | 'edits' | 'all';

export interface Reach {
  scope: DeliveryScope;
  /** Nothing is wrong: these have had their share for now, within the scope. */
  paced?: Paced;
}

/** How a send failed, which decides what the deliverer does next. */
export class DeliveryError extends Error {
  readonly outcome: DeliveryOutcome;
  /** How long to wait, milliseconds, where the platform said so or the adapter knows. */
  readonly retryAfterMs: number | undefined;
  readonly scope: DeliveryScope;
  readonly paced: Paced | undefined;

  constructor(
    outcome: DeliveryOutcome,
    message: string,
    retryAfterMs?: number,
    { scope, paced }: Reach = { scope: outcome === 'closed' ? 'thread' : 'delivery' },
  ) {
    super(message);
    this.name = 'DeliveryError';
    this.outcome = outcome;
    this.retryAfterMs = retryAfterMs;
    this.scope = scope;
    this.paced = paced;
  }
}

/** Whether the platform does not take a message as it is, though it may take another in its place. */
export function isNotTaken(error: unknown): error is DeliveryError {
  return error instanceof DeliveryError && (error.outcome === 'refused' || error.outcome === 'unclear');
}
