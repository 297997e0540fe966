import { createHash, randomBytes } from 'node:crypto';
import type { ChatMessage, ChatStore } from '../core/chat-store.ts';
import type { Message } from '../core/message.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

const LINK_MS = 10 * 60_000;
const SESSION_MS = 30 * 24 * 3_600_000;
/** A session's end is moved on at most this often. */
const SESSION_TOUCH_MS = 3_600_000;

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

/** The messages, links and sessions of a chat that is kept here (the web chat's, hence its tables' names). */
export function createChatStore(db: Db, clock: Clock): ChatStore {
  const columns =
    'id, seq, channel, thread, person, person_name, body, replies, last_reply_at, created_at, edited_at';
  const nextSeq = '(SELECT coalesce(max(seq), 0) + 1 FROM web_messages)';
  const insert = db.prepare<unknown[], Row>(
    `INSERT INTO web_messages (seq, key, channel, thread, person, person_name, body, created_at)
     VALUES (${nextSeq}, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
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
  const page = db.prepare<[string, number, number], Row>(
    `SELECT ${columns} FROM web_messages WHERE channel = ? AND thread IS NULL AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  const thread = db.prepare<[number], Row>(
    `SELECT ${columns} FROM web_messages WHERE thread = ? ORDER BY id`,
  );
  const addLink = db.prepare('INSERT INTO web_links (token_hash, person, expires_at) VALUES (?, ?, ?)');
  const takeLink = db
    .prepare<[string, number], string>(
      'DELETE FROM web_links WHERE token_hash = ? AND expires_at > ? RETURNING person',
    )
    .pluck();
  const addSession = db.prepare('INSERT INTO web_sessions (token_hash, person, expires_at) VALUES (?, ?, ?)');
  const session = db.prepare<[string, number], { person: string; expires_at: number }>(
    'SELECT person, expires_at FROM web_sessions WHERE token_hash = ? AND expires_at > ?',
  );
  const touch = db.prepare('UPDATE web_sessions SET expires_at = ? WHERE token_hash = ?');
  const dropSession = db.prepare('DELETE FROM web_sessions WHERE token_hash = ?');
  const expire = [
    db.prepare('DELETE FROM web_links WHERE expires_at <= ?'),
    db.prepare('DELETE FROM web_sessions WHERE expires_at <= ?'),
  ];

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
        JSON.stringify(message.message),
        clock(),
      )!;
      const root = message.thread === null ? undefined : replied.get(clock(), message.thread);
      return { posted: read(row), changed: [row, root].filter((each) => each !== undefined).map(read) };
    }),
    update(id, message) {
      const row = edit.get(JSON.stringify(message), clock(), id);
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
    page: (channel, before, limit) =>
      page
        .all(channel, before ?? Number.MAX_SAFE_INTEGER, limit)
        .reverse()
        .map(read),
    thread: (root) => thread.all(root).map(read),
    createLink(personId) {
      for (const statement of expire) statement.run(clock());
      const token = newToken();
      addLink.run(hashOf(token), personId, clock() + LINK_MS);
      return token;
    },
    enter(linkToken) {
      const person = takeLink.get(hashOf(linkToken), clock());
      if (person === undefined) return undefined;
      const token = newToken();
      addSession.run(hashOf(token), person, clock() + SESSION_MS);
      return token;
    },
    sessionPerson(sessionToken) {
      const hash = hashOf(sessionToken);
      const row = session.get(hash, clock());
      if (row && row.expires_at < clock() + SESSION_MS - SESSION_TOUCH_MS)
        touch.run(clock() + SESSION_MS, hash);
      return row?.person;
    },
    leave: (sessionToken) => void dropSession.run(hashOf(sessionToken)),
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

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
