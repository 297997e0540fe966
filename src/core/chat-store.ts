import type { Message } from './message.ts';

/** A message of a chat that is kept here, for an adapter without a platform behind it. */
export interface ChatMessage {
  id: number;
  /** The number of its last change: whoever has seen all up to N asks for what is above N. */
  seq: number;
  channel: string;
  /** The message whose thread it is in. */
  thread: number | null;
  /** null: the bot. */
  author: { id: string; name: string } | null;
  message: Message;
  replies: number;
  /** Epoch milliseconds. */
  lastReplyAt: number | null;
  createdAt: number;
  editedAt: number | null;
}

export interface NewChatMessage {
  channel: string;
  thread: number | null;
  author: ChatMessage['author'];
  message: Message;
  /** The same key is said once: a second post gives the first's message back. */
  key: string;
}

/** A chat that is kept here. Each change of a message takes the next number of one sequence. */
export interface ChatStore {
  /** The messages that changed, the new one first; with a thread also its root. Empty when the key was known. */
  post(message: NewChatMessage): { posted: ChatMessage; changed: ChatMessage[] };
  /** undefined when there is no such message. */
  update(id: number, message: Message): ChatMessage | undefined;
  /** Of what happened lately; a key does not come again. */
  byKey(key: string): ChatMessage | undefined;
  byId(id: number): ChatMessage | undefined;
  /** What changed after `seq`, in the order of change, at most `limit`; undefined where that is longer ago than it is told. */
  since(seq: number, limit: number): ChatMessage[] | undefined;
  latestSeq(): number;
  /** The id of the last message that was posted; 0 without one. */
  newestId(): number;
  /** The `limit` messages of a channel's timeline before the message `before`, oldest first. */
  page(channel: string, before: number | null, limit: number): ChatMessage[];
  /** A thread's messages, oldest first, without its root. */
  thread(root: number): ChatMessage[];
}
