import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CHAT_COLUMNS, type ChatRow } from './chat-rows.ts';
import type { Db } from './db.ts';

/** So many threads stand in one text: with more of them it is hardly smaller, and takes longer to read. */
const THREADS = 50;

interface Kept {
  id: number;
  channel: string;
  threads: Buffer;
}

/**
 * The threads of the web chat in which nothing has happened for long: they take a twentieth of the room, are read as any other, and
 * become rows again when something of them changes. The newest message and the last change are always rows, as numbers go on from them.
 */
export function createPastChat(db: Db) {
  const columns = 'id, channel, threads';
  const around = db.prepare<[number, number], Kept>(
    `SELECT ${columns} FROM web_past WHERE id IN (SELECT id FROM web_past WHERE first <= ? AND last >= ?)`,
  );
  const before = db.prepare<[string, number, number], { id: number; last_root: number }>(
    'SELECT id, last_root FROM web_past WHERE channel = ? AND last_root > ? AND first < ? ORDER BY last_root DESC',
  );
  const one = db.prepare<[number], Kept>(`SELECT ${columns} FROM web_past WHERE id = ?`);
  const every = db.prepare<[], number>('SELECT id FROM web_past ORDER BY id').pluck();
  const ofPersons = db.prepare<[string], Kept>(
    `SELECT ${columns} FROM web_past WHERE EXISTS (
       SELECT 1 FROM json_each(persons) WHERE value IN (SELECT value FROM json_each(?))) ORDER BY id`,
  );
  const lastSeq = db.prepare<[], number | null>('SELECT max(last_seq) FROM web_past').pluck();
  const add = db.prepare(
    `INSERT INTO web_past (channel, first, last, last_root, last_seq, persons, threads)
     VALUES (@channel, @first, @last, @lastRoot, @lastSeq, @persons, @threads)`,
  );
  const change = db.prepare(
    `UPDATE web_past SET first = @first, last = @last, last_root = @lastRoot, last_seq = @lastSeq, persons = @persons,
       threads = @threads WHERE id = @id`,
  );
  const drop = db.prepare('DELETE FROM web_past WHERE id = ?');

  const nextChannel = db
    .prepare<[string], string | null>(
      'SELECT min(channel) FROM web_messages WHERE thread IS NULL AND channel > ?',
    )
    .pluck();
  const quiet = db.prepare<{ channel: string; at: number }, ChatRow>(
    `SELECT ${CHAT_COLUMNS} FROM web_messages m
     WHERE channel = @channel AND thread IS NULL AND created_at < @at AND coalesce(last_reply_at, 0) < @at
       AND coalesce(edited_at, 0) < @at
       AND NOT EXISTS (SELECT 1 FROM web_messages WHERE thread = m.id AND edited_at >= @at)
     ORDER BY id LIMIT ${THREADS}`,
  );
  const replies = db.prepare<[number], ChatRow>(
    `SELECT ${CHAT_COLUMNS} FROM web_messages WHERE thread = ? ORDER BY id`,
  );
  const newest = db.prepare<[], { id: number; seq: number }>(
    'SELECT (SELECT max(id) FROM web_messages) AS id, (SELECT max(seq) FROM web_messages) AS seq',
  );
  const isAnyDoubtful = db
    .prepare<[number], number>(
      `SELECT EXISTS (SELECT 1 FROM deliveries
       WHERE state IN ('due', 'sending') AND state = 'sending' AND ref IS NULL AND created_at < ?)`,
    )
    .pluck();
  const remove = db.prepare('DELETE FROM web_messages WHERE id = ?');
  const insert = db.prepare(
    `INSERT INTO web_messages (${CHAT_COLUMNS}) VALUES (${CHAT_COLUMNS.replace(/\w+/g, '@$&')})`,
  );

  /** Puts rows into the place of those that a text holds. */
  function rewrite(id: number, rows: readonly ChatRow[]): void {
    if (rows.length === 0) drop.run(id);
    else change.run({ id, ...textOf(rows) });
  }

  function holding(id: number): { kept: Kept; rows: ChatRow[] } | undefined {
    for (const kept of around.all(id, id)) {
      const rows = rowsIn(kept);
      if (rows.some((row) => row.id === id)) return { kept, rows };
    }
    return undefined;
  }

  /** Its thread, the root first. */
  function threadOf(id: number, rows: readonly ChatRow[]): ChatRow[] {
    const { thread } = rows.find((row) => row.id === id)!;
    const root = thread ?? id;
    return rows.filter((row) => row.id === root || row.thread === root).sort((a, b) => a.id - b.id);
  }

  return {
    /** The number of the last change of what is past; 0 where nothing is. */
    lastSeq: (): number => lastSeq.get() ?? 0,
    find: (id: number): ChatRow | undefined => holding(id)?.rows.find((row) => row.id === id),
    /** The thread of a message, its root first; empty where it is none of the past. */
    thread(id: number): ChatRow[] {
      const found = holding(id);
      return found ? threadOf(id, found.rows) : [];
    },
    /** With the messages of a channel's timeline before one, the last first, those of the past, at most `limit` in all. */
    withPast(rows: readonly ChatRow[], channel: string, beforeId: number, limit: number): ChatRow[] {
      let merged = [...rows];
      const floor = () => (merged.length < limit ? 0 : merged[limit - 1]!.id);
      for (const { id, last_root } of before.all(channel, floor(), beforeId)) {
        if (last_root < floor()) break;
        const roots = rowsIn(one.get(id)!).filter((row) => row.thread === null && row.id < beforeId);
        merged = [...merged, ...roots].sort((a, b) => b.id - a.id).slice(0, limit);
      }
      return merged;
    },
    /** Makes rows of the thread of a message again, as something of it changes; call it in that transaction. */
    restore(id: number): void {
      const found = holding(id);
      if (!found) return;
      const thread = threadOf(id, found.rows);
      rewrite(
        found.kept.id,
        found.rows.filter((row) => !thread.includes(row)),
      );
      for (const row of thread) insert.run(row);
    },
    /**
     * Takes some threads of a channel in which nothing has happened since `at` (epoch ms) out of the rows; whether there may be
     * more. None while it is open whether something of that time was said: that would be looked for among the rows.
     */
    keepSome: db.transaction((at: number): boolean => {
      if (isAnyDoubtful.get(at) === 1) return false;
      const last = newest.get()!;
      for (let channel = nextChannel.get(''); channel; channel = nextChannel.get(channel)) {
        const roots = quiet.all({ channel, at });
        if (roots.length < THREADS) continue;
        const threads = roots.map((root) => [root, ...replies.all(root.id)]);
        const rows = threads
          .filter((thread) => !thread.some(({ id, seq }) => id === last.id || seq === last.seq))
          .flat();
        add.run({ channel, ...textOf(rows) });
        // A root goes after what refers to it.
        for (const { id, thread } of rows) if (thread !== null) remove.run(id);
        for (const { id, thread } of rows) if (thread === null) remove.run(id);
        return true;
      }
      return false;
    }),
    /** What somebody wrote, by all ids of theirs as a JSON list. */
    of(persons: string): ChatRow[] {
      const theirs = new Set(JSON.parse(persons) as string[]);
      return ofPersons
        .all(persons)
        .flatMap((kept) => rowsIn(kept).filter(({ person }) => theirs.has(person ?? '')));
    },
    /** Puts a body in the place of all that somebody wrote. */
    replaceOf(persons: string, body: string): void {
      const theirs = new Set(JSON.parse(persons) as string[]);
      for (const kept of ofPersons.all(persons))
        rewrite(
          kept.id,
          rowsIn(kept).map((row) => (theirs.has(row.person ?? '') ? { ...row, body } : row)),
        );
    },
    /** Puts a text in the place of others, wherever they stand; all as they are spelt in JSON. */
    replaceTexts(texts: readonly string[], instead: string): void {
      for (const id of every.all()) {
        const rows = rowsIn(one.get(id)!);
        const clean = (body: string) =>
          texts.reduce((left, text) => left.replaceAll(text, () => instead), body);
        const changed = rows.map((row) => ({ ...row, body: clean(row.body) }));
        if (changed.some(({ body }, index) => body !== rows[index]!.body)) rewrite(id, changed);
      }
    },
  };
}

export type PastChat = ReturnType<typeof createPastChat>;

/** The text of threads, uncompressed, as JSON. */
export function pastText(threads: Uint8Array): string {
  return inflateRawSync(threads).toString();
}

function rowsIn({ channel, threads }: Kept): ChatRow[] {
  const rows = JSON.parse(pastText(threads)) as (Omit<ChatRow, 'channel' | 'body'> & { body: unknown })[];
  return rows.map((row) => ({ ...row, channel, body: JSON.stringify(row.body) }));
}

/** What is kept of rows of a channel. */
function textOf(rows: readonly ChatRow[]) {
  const ids = rows.map(({ id }) => id);
  const persons = rows.flatMap(({ person }) => person ?? []);
  const text = JSON.stringify(
    rows.map(({ channel, body, ...row }) => ({ ...row, body: JSON.parse(body) as unknown })),
  );
  return {
    first: Math.min(...ids),
    last: Math.max(...ids),
    lastRoot: Math.max(...rows.flatMap(({ id, thread }) => (thread === null ? id : []))),
    lastSeq: Math.max(...rows.map(({ seq }) => seq)),
    persons: JSON.stringify([...new Set(persons)]),
    threads: deflateRawSync(text),
  };
}
