import type { ChatStore } from '../core/chat-store.ts';
import { type Mask, maskMessage } from '../core/masked.ts';
import { maskSecrets } from '../core/secrets.ts';
import type { Clock } from '../core/time.ts';
import { CHAT_COLUMNS, type ChatRow, messageIn } from './chat-rows.ts';
import type { Db } from './db.ts';
import { nextNumber } from './numbering.ts';
import { createPastChat } from './past-chat.ts';

/** The messages of a chat that is kept here (the web chat's, hence its table's name). */
export function createChatStore(db: Db, clock: Clock, mask: Mask = maskSecrets): ChatStore {
  const nextSeq = nextNumber('web_changes');
  const insert = db.prepare<unknown[], ChatRow>(
    `INSERT INTO web_messages (id, seq, key, channel, thread, person, person_name, body, created_at)
     VALUES (${nextNumber('web_messages')}, ${nextSeq}, ?, ?, ?, ?, ?, ?, ?) RETURNING ${CHAT_COLUMNS}`,
  );
  const edit = db.prepare<unknown[], ChatRow>(
    `UPDATE web_messages SET seq = ${nextSeq}, body = ?, edited_at = ? WHERE id = ? RETURNING ${CHAT_COLUMNS}`,
  );
  const replied = db.prepare<unknown[], ChatRow>(
    `UPDATE web_messages SET seq = ${nextSeq}, replies = replies + 1, last_reply_at = ? WHERE id = ? RETURNING ${CHAT_COLUMNS}`,
  );
  const byKey = db.prepare<[string], ChatRow>(`SELECT ${CHAT_COLUMNS} FROM web_messages WHERE key = ?`);
  const byId = db.prepare<[number], ChatRow>(`SELECT ${CHAT_COLUMNS} FROM web_messages WHERE id = ?`);
  const since = db.prepare<[number, number], ChatRow>(
    `SELECT ${CHAT_COLUMNS} FROM web_messages WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  const latest = db.prepare<[], number | null>('SELECT max(seq) FROM web_messages').pluck();
  const newest = db.prepare<[], number | null>('SELECT max(id) FROM web_messages').pluck();
  const page = db.prepare<[string, number, number], ChatRow>(
    `SELECT ${CHAT_COLUMNS} FROM web_messages WHERE channel = ? AND thread IS NULL AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  const past = createPastChat(db);
  const thread = db.prepare<[number], ChatRow>(
    `SELECT ${CHAT_COLUMNS} FROM web_messages WHERE thread = ? ORDER BY id`,
  );

  return {
    post: db.transaction((message) => {
      const known = byKey.get(message.key);
      if (known) return { posted: messageIn(known), changed: [] };
      const { key, channel, author } = message;
      if (message.thread !== null && !byId.get(message.thread)) past.restore(message.thread);
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
      return {
        posted: messageIn(row),
        changed: [row, root].filter((each) => each !== undefined).map(messageIn),
      };
    }),
    update: db.transaction((id, message) => {
      if (!byId.get(id)) past.restore(id);
      const row = edit.get(JSON.stringify(maskMessage(message, mask)), clock(), id);
      return row && messageIn(row);
    }),
    byKey(key) {
      const row = byKey.get(key);
      return row && messageIn(row);
    },
    byId(id) {
      const row = byId.get(id) ?? past.find(id);
      return row && messageIn(row);
    },
    since: (seq, limit) => (seq < past.lastSeq() ? undefined : since.all(seq, limit).map(messageIn)),
    latestSeq: () => latest.get() ?? 0,
    newestId: () => newest.get() ?? 0,
    page(channel, before, limit) {
      const end = before ?? Number.MAX_SAFE_INTEGER;
      return past
        .withPast(page.all(channel, end, limit), channel, end, limit)
        .reverse()
        .map(messageIn);
    },
    thread: (root) =>
      (byId.get(root) ? thread.all(root) : past.thread(root).filter(({ id }) => id !== root)).map(messageIn),
  };
}
