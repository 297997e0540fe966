import type { ChatMessage } from '../core/chat-store.ts';
import type { Message } from '../core/message.ts';

/** A message of the chat that is kept here, as it stands in its table. */
export interface ChatRow {
  id: number;
  seq: number;
  key: string | null;
  channel: string;
  thread: number | null;
  person: string | null;
  person_name: string | null;
  body: string;
  replies: number;
  last_reply_at: number | null;
  created_at: number;
  edited_at: number | null;
}

export const CHAT_COLUMNS =
  'id, seq, key, channel, thread, person, person_name, body, replies, last_reply_at, created_at, edited_at';

/** The message of a row. */
export function messageIn(row: ChatRow): ChatMessage {
  return {
    id: row.id,
    seq: row.seq,
    channel: row.channel,
    thread: row.thread,
    author: row.person === null ? null : { id: row.person, name: row.person_name ?? row.person },
    message: JSON.parse(row.body) as Message,
    replies: row.replies,
    lastReplyAt: row.last_reply_at,
    createdAt: row.created_at,
    editedAt: row.edited_at,
  };
}
