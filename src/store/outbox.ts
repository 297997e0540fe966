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
  type Delivery,
  type DeliveryRow,
  deliveryOf,
  FORMS,
  KEY,
  LANES,
  type Lane,
  maskedSource,
  type PostSource,
  refText,
} from './delivery.ts';
import { createTrouble } from './delivery-trouble.ts';
import { ageOfNewCard, stateOfNewCard } from './recovered.ts';
import { createTogether } from './together.ts';
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
    `INSERT INTO deliveries (kind, adapter, channel, subject, within, also_in_channel, lane, state, created_at)
     VALUES ('card', @adapter, @channel, @subject, @within, @alsoInChannel, @lane, ${stateOfNewCard('@subject')}, ${ageOfNewCard('@subject', '@now')})
     ON CONFLICT (subject, adapter, channel) WHERE kind = 'card' DO UPDATE SET wanted = wanted + 1, lane = ${raised}, ${hurried},
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
     VALUES ('post', ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING`,
  );
  const byId = db.prepare<[number], DeliveryRow>('SELECT * FROM deliveries WHERE id = ?');
  const begin = db.prepare(`UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?`);
  const keepBody = db.prepare('UPDATE deliveries SET body = ? WHERE id = ?');
  const finish = db.prepare(
    `UPDATE deliveries SET delivered = @wanted, delivered_hash = CASE kind WHEN 'card' THEN @hash END, ref = @ref, body = NULL, attempts = 0, next_at = 0, not_before = 0,
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
  const beside = `key = (SELECT '${BESIDE}' || ${KEY} FROM deliveries WHERE id = ?)`;
  const besideOf = db.prepare<[number], DeliveryRow>(`SELECT * FROM deliveries WHERE ${beside}`);
  const dropBeside = db.prepare(
    `UPDATE deliveries SET state = 'done', error = NULL, body = NULL WHERE state <> 'done' AND ${beside}`,
  );
  const drop = db.prepare(
    `UPDATE deliveries SET state = CASE WHEN wanted > @wanted THEN 'due' ELSE 'done' END, attempts = 0, error = NULL,
       body = NULL WHERE id = @id`,
  );
  const resume = db.prepare(
    `UPDATE deliveries SET next_at = 0, attempts = 0
     WHERE adapter = ? AND error IS NOT NULL AND form < ${FORMS.length} AND state IN ('due', 'sending')`,
  );
  const leave = db.prepare(
    `UPDATE deliveries SET state = 'left', error = NULL WHERE state IN ('due', 'sending') AND adapter = @adapter
       AND substr(channel, 1, ${DIRECT.length}) <> '${DIRECT}' AND channel NOT IN (SELECT value FROM json_each(@listed))`,
  );
  const hurry = db.prepare(
    `UPDATE deliveries SET not_before = 0 WHERE kind = 'post' AND subject = ? AND state IN ('due', 'sending')`,
  );
  const waiting = db.prepare<[], Destination>(
    `SELECT DISTINCT adapter, channel FROM deliveries WHERE state IN ('due', 'sending')`,
  );
  const waitingCount = db
    .prepare<[], number>(`SELECT count(*) FROM deliveries WHERE state IN ('due', 'sending')`)
    .pluck();

  const threads = createCardThreads(db);
  const turns = createTurns(db, clock);

  return {
    ...threads,
    ...createTrouble(db, clock),
    ...createTogether(db, mask),

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
        const { id, wanted, adapter, channel } = delivery;
        const said = {
          ref: refText(ref, channel),
          form: Math.min(form, FORMS.length - 1),
          isMoved: isMoved ? 1 : 0,
        };
        finish.run({ id, wanted, hash, ...said });
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
    /** How many deliveries are still pending. */
    waitingCount: () => waitingCount.get() ?? 0,
  };
}

export type Outbox = ReturnType<typeof createOutbox>;
