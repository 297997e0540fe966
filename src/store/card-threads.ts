import type { Destination, MessageRef } from '../core/request.ts';
import type { Db } from './db.ts';
import { type Delivery, type DeliveryRow, deliveryOf, placeOf, refText, STANDS_AT } from './delivery.ts';

/** Where the cards of subjects stand, and where their threads are. */
export function createCardThreads(db: Db) {
  const one = `kind = 'card' AND subject = @subject AND adapter = @adapter AND channel = @channel`;
  const addRef = db.prepare('INSERT OR REPLACE INTO card_messages (adapter, ref, subject) VALUES (?, ?, ?)');
  const card = db.prepare<[object], DeliveryRow>(`SELECT * FROM deliveries WHERE ${one}`);
  const cardsOf = db.prepare<[string], Destination & { within: string | null }>(
    `SELECT adapter, channel, within FROM deliveries WHERE kind = 'card' AND subject = ? ORDER BY id`,
  );
  const subjectOf = db
    .prepare<[object], string>(
      `SELECT subject FROM card_messages WHERE adapter = @adapter AND ref = @ref
       UNION ALL SELECT subject FROM deliveries WHERE kind = 'card' AND adapter = @adapter AND ${STANDS_AT} LIMIT 1`,
    )
    .pluck();
  const subjectOfPost = db
    .prepare<[object], string>(
      `SELECT subject FROM deliveries WHERE kind = 'post' AND subject IS NOT NULL AND adapter = @adapter AND ${STANDS_AT}`,
    )
    .pluck();
  // A card whose thread is not its own tells where it is.
  const keep = db.prepare(
    `UPDATE deliveries SET thread = @thread, closed = NULL, wanted = wanted + coalesce(ref <> @thread, 0),
       state = CASE WHEN state = 'done' AND ref <> @thread THEN 'due' ELSE state END WHERE ${one}`,
  );
  const close = db.prepare(
    `UPDATE deliveries SET closed = CASE WHEN thread IS NULL OR thread IS coalesce(root, ref) THEN @why END,
       root = CASE WHEN thread IS NULL OR thread IS root THEN NULL ELSE root END, thread = NULL WHERE ${one}`,
  );
  const move = db.prepare(`UPDATE deliveries SET closed = NULL, root = @root, thread = NULL WHERE ${one}`);
  const replace = db.prepare(
    `UPDATE deliveries SET ref = NULL, delivered_hash = NULL, replaced = replaced + 1, state = 'due', attempts = 0,
       next_at = 0, form = 0 WHERE ${one}`,
  );

  function cardOf(subject: string, adapter: string, channel: string): Delivery | undefined {
    const row = card.get({ subject, adapter, channel });
    return row && deliveryOf(row);
  }

  /** A message is a subject's card, or begins its thread, besides the one that its delivery names. */
  function keepRef(adapter: string, ref: MessageRef, subject: string): void {
    addRef.run(adapter, refText(ref), subject);
  }

  return {
    card: cardOf,
    /** Where a subject has cards. */
    cardsOf: (subject: string) => cardsOf.all(subject),
    /** The subject whose card or thread a message is. */
    subjectOf: (adapter: string, ref: MessageRef): string | undefined => subjectOf.get(placeOf(adapter, ref)),
    /** The subject in whose thread a message of ours was said. */
    subjectOfPost: (adapter: string, ref: MessageRef): string | undefined =>
      subjectOfPost.get(placeOf(adapter, ref)),
    keepThread(subject: string, adapter: string, channel: string, thread: MessageRef): void {
      const ref = cardOf(subject, adapter, channel)?.ref;
      keep.run({ thread: refText(thread, channel), subject, adapter, channel });
      if (ref?.channel !== thread.channel || ref.id !== thread.id) keepRef(adapter, thread, subject);
    },
    /**
     * The thread of a subject's card takes nothing more. A card that was sent again may have one of its own; else what is
     * said next of the subject stands in the channel, and says `why`.
     */
    closeThread(subject: string, adapter: string, channel: string, why: string): void {
      close.run({ why, subject, adapter, channel });
    },
    /** What is said of the subject from now on stands under this message. */
    moveThread(subject: string, adapter: string, channel: string, root: MessageRef): void {
      move.run({ root: refText(root, channel), subject, adapter, channel });
      keepRef(adapter, root, subject);
    },
    /** A subject's card is sent again; where it had a thread, that stays its thread. */
    replaceCard(subject: string, adapter: string, channel: string): void {
      const ref = cardOf(subject, adapter, channel)?.ref;
      if (ref) keepRef(adapter, ref, subject);
      replace.run({ subject, adapter, channel });
    },
  };
}
