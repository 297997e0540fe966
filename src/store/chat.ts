import type { ChatMessage, ChatStore } from '../core/chat-store.ts';
import { type Mask, maskMessage } from '../core/masked.ts';
import type { Message } from '../core/message.ts';
import { maskSecrets } from '../core/secrets.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';

interface Row {
  id: number;
  seq: number;
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

/** The messages of a chat that is kept here (the web chat's, hence its table's name). */
export function createChatStore(db: Db, clock: Clock, mask: Mask = maskSecrets): ChatStore {
  const columns =
    'id, seq, channel, thread, person, person_name, body, replies, last_reply_at, created_at, edited_at';
  const nextSeq = nextNumber('web_changes');
  const insert = db.prepare<unknown[], Row>(
    `INSERT INTO web_messages (id, seq, key, channel, thread, person, person_name, body, created_at)
     VALUES (${nextNumber('web_messages')}, ${nextSeq}, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
  );
  const edit = db.prepare<unknown[], Row>(
    `UPDATE web_messages SET seq = ${nextSeq}, body = ?, edited_at = ? WHERE id = ? RETURNING ${columns}`,
  );
  const replied = db.prepare<unknown[], Row>(
    `UPDATE web_messages SET seq = ${nextSeq}, replies = replies + 1, last_reply_at = ? WHERE id = ? RETURNING ${columns}`,
  );
  const byKey = db.prepare<[string], Row>(`SELECT ${columns} FROM web_messages WHERE key = ?`);
  const byId = db.prepare<[number], Row>(`SELECT ${columns} FROM web_messages WHERE id = ?`);
  const since = db.prepare<[number, number], Row>(
    `SELECT ${columns} FROM web_messages WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  const latest = db.prepare<[], number | null>('SELECT max(seq) FROM web_messages').pluck();
  const newest = db.prepare<[], number | null>('SELECT max(id) FROM web_messages').pluck();
  const page = db.prepare<[string, number, number], Row>(
    `SELECT ${columns} FROM web_messages WHERE channel = ? AND thread IS NULL AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  const thread = db.prepare<[number], Row>(
    `SELECT ${columns} FROM web_messages WHERE thread = ? ORDER BY id`,
  );

  return {
    post: db.transaction((message) => {
      const known = byKey.get(message.key);
      if (known) return { posted: read(known), changed: [] };
      const { key, channel, author } = message;
      const row = insert.get(
        key,
        channel,
        message.thread,
        author?.id ?? null,
        author?.name ?? null,
        JSON.stringify(maskMessage(message.message, mask)),
        clock(),
      )!;
      const root = message.thread === null ? undefined : replied.get(clock(), message.thread);
      return { posted: read(row), changed: [row, root].filter((each) => each !== undefined).map(read) };
    }),
    update(id, message) {
      const row = edit.get(JSON.stringify(maskMessage(message, mask)), clock(), id);
      return row && read(row);
    },
    byKey(key) {
      const row = byKey.get(key);
      return row && read(row);
    },
    byId(id) {
      const row = byId.get(id);
      return row && read(row);
    },
    since: (seq, limit) => since.all(seq, limit).map(read),
    latestSeq: () => latest.get() ?? 0,
    newestId: () => newest.get() ?? 0,
    page: (channel, before, limit) =>
      page
        .all(channel, before ?? Number.MAX_SAFE_INTEGER, limit)
        .reverse()
        .map(read),
    thread: (root) => thread.all(root).map(read),
  };
}

function read(row: Row): ChatMessage {
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
