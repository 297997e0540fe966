import type { Mask } from '../core/masked.ts';
import type { Db } from './db.ts';
import {
  BESIDE,
  type DeliveryRow,
  deliveryOf,
  KEY,
  maskedSource,
  type PostSource,
  transitionsIn,
} from './delivery.ts';

/** What waits unsaid, told in fewer messages: what was put into the outbox one by one, and may not have been sent yet. */
export function createTogether(db: Db, mask: Mask) {
  const lastUnsaid = db.prepare<[string, string, string | null], DeliveryRow>(
    `SELECT * FROM deliveries WHERE kind = 'post' AND adapter = ? AND channel = ? AND subject IS ?
       AND state IN ('due', 'sending') ORDER BY id DESC LIMIT 1`,
  );
  const setBody = db.prepare('UPDATE deliveries SET body = ? WHERE id = ?');
  const unsaid = db.prepare<[string, string], { subject: string }>(
    `SELECT subject FROM deliveries WHERE kind = 'card' AND adapter = ? AND channel = ? AND subject LIKE '%@%'
       AND ref IS NULL AND state IN ('due', 'sending') AND state = 'due' ORDER BY id DESC`,
  );
  const unsaidPosts = db.prepare<[string, string, string], { id: number; body: string; state: string }>(
    `SELECT id, body, state FROM deliveries
     WHERE kind = 'post' AND adapter = ? AND channel = ? AND subject = ? AND state IN ('due', 'sending') ORDER BY id`,
  );
  const duePosts = db.prepare<[string], { id: number; body: string }>(
    `SELECT id, body FROM deliveries WHERE kind = 'post' AND subject = ? AND state IN ('due', 'sending') AND state = 'due' AND attempts = 0`,
  );
  const forget = db.prepare(
    `DELETE FROM deliveries WHERE kind = 'card' AND adapter = ? AND channel = ? AND subject = ?`,
  );
  const besideOf = db.prepare<[number], { id: number; state: string }>(
    `SELECT id, state FROM deliveries WHERE key = (SELECT '${BESIDE}' || ${KEY} FROM deliveries WHERE id = ?)`,
  );
  const drop = db.prepare(`UPDATE deliveries SET state = 'done', error = NULL, body = NULL WHERE id = ?`);

  return {
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
      if (extended) setBody.run(JSON.stringify({ source: maskedSource(extended, mask) }), row.id);
      return extended !== undefined;
    },
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
          for (const { id } of besides) drop.run(id);
          for (const { id, body } of posts) {
            const { source } = JSON.parse(body) as { source: PostSource };
            folded.push(...transitionsIn(source));
            drop.run(id);
          }
          forget.run(adapter, channel, subject);
        }
        if (folded.length > 0) away(folded.toSorted((a, b) => a - b));
      },
    ),
    /** What of a subject was not tried yet, and has become no news, is not said. */
    unsay: db.transaction((subject: string, isOld: (source: PostSource) => boolean): void => {
      for (const { id, body } of duePosts.all(subject))
        if (isOld((JSON.parse(body) as { source: PostSource }).source)) drop.run(id);
    }),
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
        for (const { id } of changes) drop.run(id);
        together(changes.flatMap(({ source }) => transitionsIn(source)));
      },
    ),
  };
}
