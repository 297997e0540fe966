import type { Message } from '../core/message.ts';
import type { Destination, MessageRef } from '../core/request.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';
import { type Delivery, type DeliveryRow, deliveryOf, type PostSource, refText } from './delivery.ts';

/** How long something is tried before it is given up and reported, milliseconds. */
export const GIVE_UP_MS = 3 * 24 * 3_600_000;
/** How long something may wait for its turn before that is reported, milliseconds. */
const PATIENCE_MS = 60_000;
/** How long what was given up is reported, milliseconds. */
const REPORT_MS = 7 * 24 * 3_600_000;

/**
 * What is to be said where. A card is a level: the wanted state of one subject in one channel, whatever number of
 * changes led to it. A post is an edge, said once. States: `due`, `sending` (an attempt whose outcome is not known
 * if we find it so after a crash), `done`, `dead` (it can never be delivered).
 *
 * `onPending` hears that something may be due, once for all that one turn brings, and after its transaction has ended: a
 * transaction of better-sqlite3 is synchronous, and a microtask waits for it.
 */
export function createOutbox(db: Db, clock: Clock, onPending: () => void = () => {}) {
  let isAnnounced = false;
  function announce(): void {
    if (isAnnounced) return;
    isAnnounced = true;
    queueMicrotask(() => {
      isAnnounced = false;
      onPending();
    });
  }

  const want = db.prepare(
    `INSERT INTO deliveries (kind, key, adapter, channel, subject, within, also_in_channel, created_at)
     VALUES ('card', ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET wanted = wanted + 1, state = CASE state WHEN 'done' THEN 'due' ELSE state END`,
  );
  const wantAgain = db.prepare(
    `UPDATE deliveries SET wanted = wanted + 1, next_at = CASE state WHEN 'done' THEN ? ELSE next_at END,
       state = CASE state WHEN 'done' THEN 'due' ELSE state END
     WHERE kind = 'card' AND subject = ?`,
  );
  const addPost = db.prepare(
    `INSERT INTO deliveries (kind, key, adapter, channel, subject, body, next_at, also_in_channel, created_at)
     VALUES ('post', ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
  );
  const above = `CASE d.kind WHEN 'card' THEN d.within ELSE d.subject END`;
  const cardOf = `SELECT 1 FROM deliveries c WHERE c.kind = 'card' AND c.subject = ${above}
     AND c.adapter = d.adapter AND c.channel = d.channel`;
  const next = db.prepare<[string, string, number], DeliveryRow>(
    `SELECT d.* FROM deliveries d
     WHERE d.adapter = ? AND d.channel = ? AND d.state IN ('due', 'sending') AND d.next_at <= ?
       AND (${above} IS NULL
            OR EXISTS (${cardOf} AND (c.ref IS NOT NULL OR c.state = 'dead')) OR NOT EXISTS (${cardOf}))
     ORDER BY d.id LIMIT 1`,
  );
  const nextAt = db.prepare<[string, string], { at: number | null }>(
    `SELECT min(next_at) AS at FROM deliveries WHERE adapter = ? AND channel = ? AND state IN ('due', 'sending')`,
  );
  const begin = db.prepare(`UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?`);
  const keepBody = db.prepare('UPDATE deliveries SET body = ? WHERE id = ?');
  const finish = db.prepare(
    `UPDATE deliveries SET delivered = @wanted, delivered_hash = @hash, ref = @ref, error = NULL, attempts = 0, next_at = 0,
       state = CASE WHEN wanted > @wanted THEN 'due' ELSE 'done' END WHERE id = @id`,
  );
  const putBack = db.prepare(
    'UPDATE deliveries SET state = ?, error = ?, next_at = ?, attempts = attempts - ? WHERE id = ?',
  );
  const drop = db.prepare(`UPDATE deliveries SET state = 'done', error = NULL WHERE id = ?`);
  const replace = db.prepare(
    `UPDATE deliveries SET ref = NULL, delivered_hash = NULL, replaced = replaced + 1, state = 'due', attempts = 0,
       next_at = 0, thread = CASE WHEN @keepsThread THEN coalesce(thread, ref) END
     WHERE kind = 'card' AND subject = @subject AND adapter = @adapter AND channel = @channel`,
  );
  const resume = db.prepare(
    `UPDATE deliveries SET next_at = 0, attempts = 0
     WHERE adapter = ? AND error IS NOT NULL AND state IN ('due', 'sending')`,
  );
  const giveUp = db.prepare(
    `UPDATE deliveries SET state = 'dead', error = 'given up after three days: ' || coalesce(error, 'no answer')
     WHERE kind = 'post' AND state IN ('due', 'sending') AND error IS NOT NULL AND created_at <= ?`,
  );
  const addRef = db.prepare('INSERT OR REPLACE INTO card_messages (adapter, ref, subject) VALUES (?, ?, ?)');
  const keepThread = db.prepare(
    `UPDATE deliveries SET thread = ? WHERE kind = 'card' AND subject = ? AND adapter = ? AND channel = ?`,
  );
  const card = db.prepare<[string, string, string], DeliveryRow>(
    `SELECT * FROM deliveries WHERE kind = 'card' AND subject = ? AND adapter = ? AND channel = ?`,
  );
  const cardsOf = db.prepare<[string], Destination & { within: string | null }>(
    `SELECT adapter, channel, within FROM deliveries WHERE kind = 'card' AND subject = ? ORDER BY id`,
  );
  const subjectOf = db
    .prepare<[string, string], string>('SELECT subject FROM card_messages WHERE adapter = ? AND ref = ?')
    .pluck();
  const hurry = db.prepare(
    `UPDATE deliveries SET next_at = 0 WHERE kind = 'post' AND subject = ? AND state = 'due' AND attempts = 0`,
  );
  const trouble = db.prepare<
    [number, number],
    { adapter: string; state: string; count: number; error: string | null; oldest: number }
  >(
    `SELECT adapter, state, count(*) AS count, max(error) AS error, min(created_at) AS oldest FROM deliveries
     WHERE error IS NOT NULL AND state <> 'done' AND created_at > ? AND (state = 'dead' OR attempts > 0 OR created_at < ?)
     GROUP BY adapter, state`,
  );
  const waiting = db.prepare<[], Destination>(
    `SELECT DISTINCT adapter, channel FROM deliveries WHERE state IN ('due', 'sending')`,
  );
  const unsaid = db.prepare<[string, string], { subject: string }>(
    `SELECT subject FROM deliveries WHERE kind = 'card' AND adapter = ? AND channel = ? AND subject LIKE '%@%'
       AND ref IS NULL AND state = 'due' ORDER BY id DESC`,
  );
  const unsaidPosts = db.prepare<[string, string, string], { id: number; body: string; state: string }>(
    `SELECT id, body, state FROM deliveries
     WHERE kind = 'post' AND adapter = ? AND channel = ? AND subject = ? AND state IN ('due', 'sending') ORDER BY id`,
  );
  const forget = db.prepare(
    `DELETE FROM deliveries WHERE kind = 'card' AND adapter = ? AND channel = ? AND subject = ?`,
  );
  const waitingCount = db
    .prepare<[], number>(`SELECT count(*) FROM deliveries WHERE state IN ('due', 'sending')`)
    .pluck();

  return {
    /** The subject's card in this channel, or in the thread of another card there, should show how things stand now. */
    wantCard(
      adapter: string,
      channel: string,
      subject: string,
      { within = null, alsoInChannel = false }: { within?: string | null; alsoInChannel?: boolean } = {},
    ): void {
      const key = `card:${subject}:${adapter}:${channel}`;
      want.run(key, adapter, channel, subject, within, alsoInChannel ? 1 : 0, clock());
      announce();
    },
    /** Where a subject has cards. */
    cardsOf: (subject: string) => cardsOf.all(subject),
    /** The cards that a subject already has should show how things stand now, not before `notBefore` (epoch ms). */
    refreshCards(subject: string, notBefore = 0): void {
      wantAgain.run(notBefore, subject);
      announce();
    },
    /** Says something once: a key that is known is not said again. Not before `notBefore` (epoch ms). */
    addPost(
      key: string,
      adapter: string,
      channel: string,
      subject: string | null,
      source: PostSource,
      { notBefore = 0, alsoInChannel = false }: { notBefore?: number; alsoInChannel?: boolean } = {},
    ): void {
      addPost.run(
        `${key}:${adapter}:${channel}`,
        adapter,
        channel,
        subject,
        JSON.stringify({ source }),
        notBefore,
        alsoInChannel ? 1 : 0,
        clock(),
      );
      announce();
    },
    /** Posts of this subject that were held back may go out. */
    hurry(subject: string): void {
      hurry.run(subject);
      announce();
    },
    /** The oldest delivery of a channel that may be tried now. */
    next(adapter: string, channel: string): Delivery | undefined {
      const row = next.get(adapter, channel, clock());
      return row && deliveryOf(row);
    },
    /** When the channel's next attempt is due (epoch ms); null when nothing waits. */
    nextAt(adapter: string, channel: string): number | null {
      return nextAt.get(adapter, channel)?.at ?? null;
    },
    begin: ({ id }: Delivery) => void begin.run(id),
    keepMessage({ id, body }: Delivery, message: Message): void {
      keepBody.run(JSON.stringify({ source: body!.source, message }), id);
    },
    /** It stands on the platform as of the version that was taken; a newer wish makes it due again. */
    finish({ id, kind, wanted, adapter, subject }: Delivery, ref: MessageRef, hash: string): void {
      finish.run({ id, wanted, hash, ref: refText(ref) });
      if (kind === 'card') addRef.run(adapter, refText(ref), subject);
    },
    /** `counts`: whether it was a failed attempt, or only had to wait. */
    putBack(
      { id }: Delivery,
      state: 'due' | 'sending' | 'dead',
      error: string,
      nextAttemptAt: number,
      counts = true,
    ): void {
      putBack.run(state, error, nextAttemptAt, counts ? 0 : 1, id);
    },
    /** There is nothing to say after all. */
    drop: ({ id }: Delivery) => void drop.run(id),
    /** A subject's card is sent again; `keepsThread`: its discussion continues in the old thread. */
    replaceCard(adapter: string, channel: string, subject: string, keepsThread: boolean): void {
      replace.run({ subject, adapter, channel, keepsThread: keepsThread ? 1 : 0 });
    },
    /** What failed may be tried again now: the platform is back. */
    resume(adapter: string): void {
      resume.run(adapter);
      announce();
    },
    /** Posts that failed for too long are given up. */
    giveUp: () => void giveUp.run(clock() - GIVE_UP_MS),
    card(subject: string, adapter: string, channel: string): Delivery | undefined {
      const row = card.get(subject, adapter, channel);
      return row && deliveryOf(row);
    },
    keepThread(subject: string, adapter: string, channel: string, thread: MessageRef): void {
      keepThread.run(refText(thread), subject, adapter, channel);
      addRef.run(adapter, refText(thread), subject);
    },
    /** The subject whose card or thread a message is. */
    subjectOf(adapter: string, ref: MessageRef): string | undefined {
      return subjectOf.get(adapter, refText(ref));
    },
    /** Channels in which something waits. */
    waitingChannels: () => waiting.all(),
    /**
     * Where more than `most` jobs of a channel have not been told at all, the newest are told one by one, and the
     * others in one post: `away` puts it in from their transitions, oldest first. What may have been sent stays.
     */
    fold: db.transaction(
      (adapter: string, channel: string, most: number, away: (transitions: number[]) => void): void => {
        const folded: number[] = [];
        for (const { subject } of unsaid.all(adapter, channel).slice(most)) {
          const posts = unsaidPosts.all(adapter, channel, subject);
          if (posts.some(({ state }) => state === 'sending')) continue;
          for (const { id, body } of posts) {
            const { source } = JSON.parse(body) as { source: PostSource };
            if (source.kind === 'transition' || source.kind === 'ending') folded.push(source.transition);
            drop.run(id);
          }
          forget.run(adapter, channel, subject);
        }
        if (folded.length > 0) away(folded.toSorted((a, b) => a - b));
      },
    ),
    /** How many deliveries are still pending. */
    waitingCount: () => waitingCount.get() ?? 0,
    /** What could not be said so far, by adapter. */
    trouble: () => trouble.all(clock() - REPORT_MS, clock() - PATIENCE_MS),
  };
}

export type Outbox = ReturnType<typeof createOutbox>;
