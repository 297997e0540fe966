import { FLAGS } from '../bits.ts';
import { type Seen, seenOf } from '../seen.ts';
import type { StoredMessage } from '../world.ts';

/** A message as a test reads it: what is stored, and what a person sees. A snapshot. */
export interface MessageView extends Readonly<StoredMessage> {
  ephemeral: boolean;
  /** "xaxbot is thinking…" */
  loading: boolean;
  seen: Seen;
}

export function viewOf(message: StoredMessage): MessageView {
  return {
    ...message,
    ephemeral: message.onlyFor !== null,
    loading: (message.flags & FLAGS.LOADING) !== 0,
    seen: seenOf(message),
  };
}
