import { DIRECT } from '../core/adapter.ts';
import { type Mask, maskMessage } from '../core/masked.ts';
import type { Message } from '../core/message.ts';
import type { Destination, MessageRef } from '../core/request.ts';
import { maskSecrets } from '../core/secrets.ts';
import type { Clock } from '../core/time.ts';
import { createCardThreads } from './card-threads.ts';
import type { Db } from './db.ts';
import {
  aboveOf,
  BESIDE,
  cardKey,
  type Delivery,
  type DeliveryRow,
  deliveryOf,
  FORMS,
  LANES,
  type Lane,
  maskedSource,
  type PostSource,
  refText,
  transitionsIn,
} from './delivery.ts';
import { createTrouble } from './delivery-trouble.ts';
import { ageOfNewCard, stateOfNewCard } from './recovered.ts';
import { createTurns, type Free, type Track } from './turns.ts';

/**
 * What is to be said where. A card is a level: the wanted state of one subject in one channel, whatever number of
 * changes led to it. A post is an edge, said once. States: `due`, `sending` (an attempt whose outcome is not known
 * if we find it so after a crash), `done`, `dead` (given up; a card is tried again when it is wanted again),
 * `left` (its channel is not in the settings any more).
 *
 * `onPending` hears that something may be due, once for all that one turn brings, and after its transaction has ended: a
 * transaction of better-sqlite3 is synchronous, and a microtask waits for it.
 */
export function createOutbox(
  db: Db,
  clock: Clock,
  onPending: () => void = () => {},
  mask: Mask = maskSecrets,
) {
  let isAnnounced = false;
  function announce(): void {
    if (isAnnounced) return;
    isAnnounced = true;
    queueMicrotask(() => {
      isAnnounced = false;
      onPending();
    });
  }

  const raised = `CASE WHEN state IN ('done', 'dead') THEN @lane ELSE min(lane, @lane) END`;
  const revived = `CASE WHEN state IN ('done', 'dead') THEN 'due' ELSE state END`;
  // What was refused is tried at once when the card is wanted anew.
  const hurried = 'next_at = CASE WHEN form > 0 THEN 0 ELSE next_at END';
  const want = db.prepare(
    `INSERT INTO deliveries (kind, key, adapter, channel, subject, within, also_in_channel, lane, state, created_at)
     VALUES ('card', ${cardKey('@subject', '@adapter', '@channel')}, @adapter, @channel, @subject, @within, @alsoInChannel, @lane, ${stateOfNewCard('@subject')}, ${ageOfNewCard('@subject', '@now')})
     ON CONFLICT (key) DO UPDATE SET wanted = wanted + 1, lane = ${raised}, ${hurried},
       state = CASE state WHEN 'left' THEN 'due' ELSE ${revived} END`,
  );
  const wantAgain = db.prepare(
    `UPDATE deliveries SET wanted = wanted + 1, lane = ${raised}, ${hurried},
       not_before = CASE WHEN state IN ('done', 'dead') THEN @notBefore ELSE min(not_before, @notBefore) END,
       state = ${revived}
     WHERE kind = 'card' AND subject = @subject`,
  );
  const addPost = db.prepare(
    `INSERT INTO deliveries (kind, key, adapter, channel, subject, body, not_before, also_in_channel, lane, created_at)
     VALUES ('post', ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
  );
  const lastUnsaid = db.prepare<[string, string, string | null], DeliveryRow>(
    `SELECT * FROM deliveries WHERE kind = 'post' AND adapter = ? AND channel = ? AND subject IS ?
       AND state IN ('due', 'sending') ORDER BY id DESC LIMIT 1`,
  );
  const byId = db.prepare<[number], DeliveryRow>('SELECT * FROM deliveries WHERE id = ?');
  const begin = db.prepare(`UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?`);
  const keepBody = db.prepare('UPDATE deliveries SET body = ? WHERE id = ?');
  const finish = db.prepare(
    `UPDATE deliveries SET delivered = @wanted, delivered_hash = @hash, ref = @ref, attempts = 0, next_at = 0, not_before = 0,
       form = @form, error = CASE WHEN @form > 0 THEN error END, within = CASE WHEN @isMoved THEN NULL ELSE within END,
       state = CASE WHEN wanted > @wanted THEN 'due' ELSE 'done' END WHERE id = @id`,
  );
  const putBack = db.prepare(
    'UPDATE deliveries SET state = ?, error = ?, next_at = ?, attempts = attempts - ? WHERE id = ?',
  );
  const putOff = db.prepare(
    'UPDATE deliveries SET state = ?, next_at = ?, attempts = attempts - 1 WHERE id = ?',
  );
  const refuse = db.prepare(
    `UPDATE deliveries SET state = 'due', error = @error, form = @form, form_of = @formOf, next_at = @nextAt
     WHERE id = @id`,
  );
  const suspect = db.prepare('UPDATE deliveries SET form = ?, form_of = ? WHERE id = ?');
  const beside = `key = (SELECT '${BESIDE}' || key FROM deliveries WHERE id = ?)`;
  const besideOf = db.prepare<[number], DeliveryRow>(`SELECT * FROM deliveries WHERE ${beside}`);
  const dropBeside = db.prepare(
    `UPDATE deliveries SET state = 'done', error = NULL WHERE state <> 'done' AND ${beside}`,
  );
  const drop = db.prepare(
    `UPDATE deliveries SET state = CASE WHEN wanted > @wanted THEN 'due' ELSE 'done' END, error = NULL WHERE id = @id`,
  );
  const resume = db.prepare(
    `UPDATE deliveries SET next_at = 0, attempts = 0
     WHERE adapter = ? AND error IS NOT NULL AND form < ${FORMS.length} AND state IN ('due', 'sending')`,
  );
  const leave = db.prepare(
    `UPDATE deliveries SET state = 'left', error = NULL WHERE state IN ('due', 'sending') AND adapter = @adapter
       AND substr(channel, 1, ${DIRECT.length}) <> '${DIRECT}' AND channel NOT IN (SELECT value FROM json_each(@listed))`,
  );
  const hurry = db.prepare(`UPDATE deliveries SET not_before = 0 WHERE kind = 'post' AND subject = ?`);
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

  const threads = createCardThreads(db);
  const turns = createTurns(db, clock);

  return {
    ...threads,
    ...createTrouble(db, clock),

    /** The subject's card in this channel, or in the thread of another card there, should show how things stand now. */
    wantCard(
      adapter: string,
      channel: string,
      subject: string,
      {
        within = null,
        alsoInChannel = false,
        lane = LANES.news,
      }: { within?: string | null; alsoInChannel?: boolean; lane?: Lane } = {},
    ): void {
      const said = { adapter, channel, subject, within, alsoInChannel: alsoInChannel ? 1 : 0 };
      want.run({ ...said, lane, now: clock() });
      announce();
    },
    /** The cards that a subject already has should show how things stand now, not before `notBefore` (epoch ms). */
    refreshCards(
      subject: string,
      { notBefore = 0, lane = LANES.looks }: { notBefore?: number; lane?: Lane } = {},
    ): void {
      wantAgain.run({ notBefore, subject, lane });
      announce();
    },
    /** Says something once: a key that is known is not said again. Not before `notBefore` (epoch ms). */
    addPost(
      key: string,
      adapter: string,
      channel: string,
      subject: string | null,
      source: PostSource,
      {
        notBefore = 0,
        alsoInChannel = false,
        lane = LANES.news,
      }: { notBefore?: number; alsoInChannel?: boolean; lane?: Lane } = {},
    ): void {
      addPost.run(
        `${key}:${adapter}:${channel}`,
        adapter,
        channel,
        subject,
        JSON.stringify({ source: maskedSource(source, mask) }),
        notBefore,
        alsoInChannel ? 1 : 0,
        lane,
        clock(),
      );
      announce();
    },
    /**
     * What waits last in a place, and was not tried yet, says more than it did: `more` makes its new source of the present
     * one. Whether there is such a post, and `more` took it.
     */
    extendPost(
      adapter: string,
      channel: string,
      subject: string | null,
      more: (waiting: PostSource) => PostSource | undefined,
    ): boolean {
      const row = lastUnsaid.get(adapter, channel, subject);
      if (row?.state !== 'due' || row.attempts > 0) return false;
      const { source } = deliveryOf(row).body!;
      const extended = more(source);
      if (extended) keepBody.run(JSON.stringify({ source: maskedSource(extended, mask) }), row.id);
      return extended !== undefined;
    },
    /** Posts of this subject that were held back may go out. */
    hurry(subject: string): void {
      hurry.run(subject);
      announce();
    },
    /**
     * The deliveries of a channel whose turn it is, of what the platform's limits leave, beside those that are under way;
     * and when another turn may come (epoch ms).
     */
    turns(
      adapter: string,
      channel: string,
      free: Free = { posts: true, edits: true },
      underWay?: ReadonlyMap<number, Track>,
    ): { now: { delivery: Delivery; track: Track }[]; at?: number } {
      const { now, ...later } = turns(adapter, channel, free, underWay);
      return {
        now: now.map(({ id, track }) => ({ delivery: deliveryOf(byId.get(id)!), track })),
        ...later,
      };
    },
    /** What tells the channel what is said in a thread of it. */
    besideOf({ id }: Delivery): Delivery | undefined {
      const row = besideOf.get(id);
      return row && deliveryOf(row);
    },
    begin: ({ id }: Delivery) => void begin.run(id),
    keepMessage({ id, body }: Delivery, message: Message): void {
      keepBody.run(JSON.stringify({ source: body!.source, message: maskMessage(message, mask) }), id);
    },
    /**
     * It stands on the platform in a form of the version that was taken; a newer wish makes it due again. `isMoved`: it
     * stands in the channel for a thread that is closed, and what is said after it stands under it; the channel is told
     * that once.
     */
    finish: db.transaction(
      (delivery: Delivery, ref: MessageRef, hash: string, form: number, isMoved: boolean): void => {
        const { id, kind, wanted, adapter, channel, subject } = delivery;
        const said = { ref: refText(ref), form: Math.min(form, FORMS.length - 1), isMoved: isMoved ? 1 : 0 };
        finish.run({ id, wanted, hash, ...said });
        if (kind === 'card') threads.addRef(adapter, ref, subject);
        if (!isMoved) return;
        threads.moveThread(aboveOf(delivery)!, adapter, channel, ref);
        dropBeside.run(id);
      },
    ),
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
    /** The platform's limits leave no room for it just now: it has not failed. */
    putOff({ id, doubtful }: Delivery, until: number): void {
      putOff.run(doubtful ? 'sending' : 'due', until, id);
    },
    /** It was refused in so many of its forms; the next is tried from `nextAt` on (epoch ms). */
    refuse({ id }: Delivery, error: string, form: number, formOf: string, nextAt: number): void {
      refuse.run({ id, error, form, formOf, nextAt });
    },
    /** It may be the message's own fault that it gets no answer: its next form is tried. */
    suspect: ({ id }: Delivery, form: number, formOf: string) => void suspect.run(form, formOf, id),
    /** There is nothing to say after all, of the version that was taken. */
    drop: ({ id, wanted }: Pick<Delivery, 'id' | 'wanted'>) => void drop.run({ id, wanted }),
    /** What failed may be tried again now: the platform is back. What it refused in every form, it would refuse again. */
    resume(adapter: string): void {
      resume.run(adapter);
      announce();
    },
    /** What waits for other channels of a platform than those listed, or for somebody alone, is not said. */
    leave: (adapter: string, listed: readonly string[]) =>
      void leave.run({ adapter, listed: JSON.stringify(listed) }),
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
          const besides = posts.flatMap(({ id }) => besideOf.get(id) ?? []);
          if (posts.some(({ state }) => state === 'sending') || besides.some(({ state }) => state !== 'due'))
            continue;
          for (const { id } of besides) drop.run({ id, wanted: 1 });
          for (const { id, body } of posts) {
            const { source } = JSON.parse(body) as { source: PostSource };
            folded.push(...transitionsIn(source));
            drop.run({ id, wanted: 1 });
          }
          forget.run(adapter, channel, subject);
        }
        if (folded.length > 0) away(folded.toSorted((a, b) => a - b));
      },
    ),
    /**
     * Where more than `most` changes of a job wait in its thread to be told one by one, they are told in one post, which
     * `together` makes of their transitions. What may have been sent stays.
     */
    gather: db.transaction(
      (
        adapter: string,
        channel: string,
        subject: string,
        most: number,
        together: (transitions: number[]) => void,
      ): void => {
        const waiting = unsaidPosts
          .all(adapter, channel, subject)
          .filter(({ state }) => state === 'due')
          .map(({ id, body }) => ({ id, source: (JSON.parse(body) as { source: PostSource }).source }));
        const changes = waiting.filter(({ source: { kind } }) => kind === 'transition' || kind === 'changes');
        if (changes.length <= most) return;
        for (const { id } of changes) drop.run({ id, wanted: 1 });
        together(changes.flatMap(({ source }) => transitionsIn(source)));
      },
    ),
    /** How many deliveries are still pending. */
    waitingCount: () => waitingCount.get() ?? 0,
  };
}

export type Outbox = ReturnType<typeof createOutbox>;
