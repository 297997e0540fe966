import { createHash, randomInt } from 'node:crypto';
import type { PersonId } from '../core/message.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';

/** How long a link's code may be used and confirmed, milliseconds. */
const CODE_MS = 10 * 60_000;
/** Letters and digits that are not taken for one another. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
/** 32^10: 50 bits, and ten minutes to guess them. */
const CODE_LENGTH = 10;

/** An account at an adapter: of a platform, or a person at an adapter that knows people by their ids. */
export interface Side {
  platform: string;
  account: string;
  name: string;
}

/** A link under way: who began it, and who has given its code at another adapter. */
export interface PendingLink {
  first: Side & { person: PersonId };
  second: (Side & { person: PersonId }) | null;
}

/** Accounts that people have linked to themselves, and links under way. Of a code only its hash is kept. */
export function createIdentities(db: Db, clock: Clock) {
  const personOf = db
    .prepare<[string, string], PersonId>('SELECT person FROM identities WHERE platform = ? AND account = ?')
    .pluck();
  const accountOf = db
    .prepare<[string, string], string>(
      'SELECT account FROM identities WHERE person = ? AND platform = ? ORDER BY linked_at DESC LIMIT 1',
    )
    .pluck();
  const accountsOf = db.prepare<[string], { platform: string; account: string }>(
    'SELECT platform, account FROM identities WHERE person = ?',
  );
  const nameOfAccount = db
    .prepare<[string, string], string>('SELECT name FROM account_names WHERE platform = ? AND account = ?')
    .pluck();
  const accountsCalled = db.prepare<[string], { platform: string; account: string }>(
    'SELECT platform, account FROM account_names WHERE lower(name) = lower(?)',
  );
  const rename = db.prepare(
    `INSERT INTO account_names (platform, account, name) VALUES (?, ?, ?)
     ON CONFLICT (platform, account) DO UPDATE SET name = excluded.name WHERE name <> excluded.name`,
  );
  const add = db.prepare(
    `INSERT INTO identities (platform, account, name, person, linked_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (platform, account) DO UPDATE SET name = excluded.name, person = excluded.person,
       linked_at = excluded.linked_at`,
  );
  const remove = db.prepare('DELETE FROM identities WHERE platform = ? AND account = ?');
  const expire = db.prepare('DELETE FROM link_codes WHERE expires_at <= ?');
  const begin = db.prepare('INSERT INTO link_codes (code_hash, first, expires_at) VALUES (?, ?, ?)');
  const read = db.prepare<[string, number], { first: string; second: string | null }>(
    'SELECT first, second FROM link_codes WHERE code_hash = ? AND expires_at > ?',
  );
  const claim = db.prepare(
    'UPDATE link_codes SET second = ? WHERE code_hash = ? AND second IS NULL AND expires_at > ?',
  );
  const drop = db.prepare('DELETE FROM link_codes WHERE code_hash = ?');

  return {
    personOf: (platform: string, account: string): PersonId | undefined => personOf.get(platform, account),
    accountOf: (person: PersonId, platform: string): string | undefined => accountOf.get(person, platform),
    /** Every account that was linked to a person. */
    accountsOf: (person: PersonId): { platform: string; account: string }[] => accountsOf.all(person),
    /** What an account was called when it was last seen. */
    nameOfAccount: (platform: string, account: string): string | undefined =>
      nameOfAccount.get(platform, account),
    accountsCalled: (name: string): { platform: string; account: string }[] => accountsCalled.all(name),
    rename: (platform: string, account: string, name: string): void =>
      void rename.run(platform, account, name),
    add({ platform, account, name }: Side, person: PersonId): void {
      add.run(platform, account, name, person, clock());
    },
    /** Whether there was such a link. */
    remove: (platform: string, account: string): boolean => remove.run(platform, account).changes > 0,

    /** A code for the other adapter. */
    begin(first: PendingLink['first']): string {
      expire.run(clock());
      const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
      begin.run(hashOf(code), JSON.stringify(first), clock() + CODE_MS);
      return code;
    },
    /** undefined for a code that is unknown or too old. */
    pending(code: string): PendingLink | undefined {
      const row = read.get(hashOf(code), clock());
      if (!row) return undefined;
      return { first: JSON.parse(row.first), second: row.second === null ? null : JSON.parse(row.second) };
    },
    /** Whether nobody had given the code before. */
    claim: (code: string, second: NonNullable<PendingLink['second']>): boolean =>
      claim.run(JSON.stringify(second), hashOf(code), clock()).changes > 0,
    finish: (code: string) => void drop.run(hashOf(code)),
  };
}

export type Identities = ReturnType<typeof createIdentities>;

function hashOf(code: string): string {
  return createHash('sha256').update(code.toUpperCase()).digest('hex');
}
