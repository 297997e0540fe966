import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** How long a question waits for its yes, milliseconds. */
const CONFIRMATION_MS = 10 * 60_000;

export interface Confirmed {
  command: string;
  options: Record<string, string>;
  channel: string;
  /** The name of the session it is about. */
  session: string | null;
}

/** Questions that wait for a yes: for one person, one adapter and one use. Only the token's hash is kept. */
export function createConfirmations(db: Db, clock: Clock) {
  const insert = db.prepare(
    `INSERT INTO confirmations (token_hash, person, adapter, channel, command, options, session, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const take = db.prepare<
    [string, string, string, number],
    { command: string; options: string; channel: string; session: string | null }
  >(
    `DELETE FROM confirmations WHERE token_hash = ? AND person = ? AND adapter = ? AND expires_at > ? RETURNING command, options, channel, session`,
  );
  const expire = db.prepare('DELETE FROM confirmations WHERE expires_at <= ?');
  return {
    ask(question: { person: string; adapter: string } & Confirmed): string {
      expire.run(clock());
      const token = randomBytes(18).toString('base64url');
      const { person, adapter, channel, command, options, session } = question;
      insert.run(
        hashOf(token),
        person,
        adapter,
        channel,
        command,
        JSON.stringify(options),
        session,
        clock() + CONFIRMATION_MS,
      );
      return token;
    },
    /** What was asked, once; undefined for a token that is unknown, used, expired or another's. */
    take(token: string, person: string, adapter: string): Confirmed | undefined {
      const row = take.get(hashOf(token), person, adapter, clock());
      return row && { ...row, options: JSON.parse(row.options) as Record<string, string> };
    },
  };
}

export type Confirmations = ReturnType<typeof createConfirmations>;

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
