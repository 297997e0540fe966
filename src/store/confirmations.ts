import { createHash } from 'node:crypto';
import type { Message } from '../core/message.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** How long a question that has expired is told from one that never was, milliseconds. */
const KEPT_MS = 24 * 3_600_000;

export interface Confirmed {
  command: string;
  options: Record<string, string>;
  channel: string;
  /** The name of the session it is about. */
  session: string | null;
  /** What was asked; null where an earlier version asked. */
  question: Message | null;
}

interface Row extends Omit<Confirmed, 'options' | 'question'> {
  options: string;
  question: string | null;
}

/** Questions that wait for a yes: for one person, one adapter and one use. Only the token's hash is kept. */
export function createConfirmations(db: Db, clock: Clock) {
  const insert = db.prepare(
    `INSERT INTO confirmations (token_hash, person, adapter, channel, command, options, session, question, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const take = db.prepare<[string, string, string, number], Row>(
    `DELETE FROM confirmations WHERE token_hash = ? AND person = ? AND adapter = ? AND expires_at > ? RETURNING command, options, channel, session, question`,
  );
  const askedOf = db.prepare<
    [string],
    Pick<Row, 'command' | 'options'> & { person: string; expires_at: number }
  >('SELECT person, command, options, expires_at FROM confirmations WHERE token_hash = ?');
  const expire = db.prepare('DELETE FROM confirmations WHERE expires_at <= ?');
  return {
    /** Keeps what waits for its yes until `expiresAt`, epoch milliseconds; `token`: names it from then on. */
    ask(asked: { token: string; person: string; adapter: string; expiresAt: number } & Confirmed): void {
      expire.run(clock() - KEPT_MS);
      const { token, person, adapter, channel, command, options, session, question, expiresAt } = asked;
      insert.run(
        hashOf(token),
        person,
        adapter,
        channel,
        command,
        JSON.stringify(options),
        session,
        JSON.stringify(question),
        expiresAt,
      );
    },
    /** What was asked, once; undefined for a token that is unknown, used, expired or another's. */
    take(token: string, person: string, adapter: string): Confirmed | undefined {
      const row = take.get(hashOf(token), person, adapter, clock());
      if (!row) return undefined;
      const { options, question } = row;
      return {
        ...row,
        options: JSON.parse(options) as Record<string, string>,
        question: question === null ? null : (JSON.parse(question) as Message),
      };
    },
    /** Whose yes a question waits for, to what, and until when, epoch milliseconds; undefined once it was taken. */
    askedOf(
      token: string,
    ): (Pick<Confirmed, 'command' | 'options'> & { person: string; expiresAt: number }) | undefined {
      const row = askedOf.get(hashOf(token));
      if (!row) return undefined;
      const { person, command, options, expires_at: expiresAt } = row;
      return { person, command, options: JSON.parse(options) as Record<string, string>, expiresAt };
    },
  };
}

export type Confirmations = ReturnType<typeof createConfirmations>;

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
