import type { PersonId } from './message.ts';

/** A browser that is signed in to the chat that is kept here. */
export interface WebLogin {
  /** SHA-256 of its public key, base64url: no secret. */
  id: string;
  person: PersonId;
  /** A point of P-256 in its uncompressed form, base64url. */
  publicKey: string;
  /** What the browser calls itself, for people. */
  browser: string;
  /** Epoch milliseconds. */
  madeAt: number;
  /** Epoch milliseconds, to within a minute. */
  usedAt: number;
}

/** A login that nobody used for so long is over, milliseconds. */
export const UNUSED_LOGIN_MS = 30 * 24 * 3_600_000;

/** Who is signed in. What works for a login is a signature by its key, and nothing that is stored here. */
export interface WebLogins {
  add(login: Pick<WebLogin, 'id' | 'person' | 'publicKey' | 'browser'>): void;
  /** undefined when it never was, was removed, or is over. */
  find(id: string): WebLogin | undefined;
  /** Keeps it alive. */
  use(login: WebLogin): void;
  /** The last used first. */
  all(): WebLogin[];
  /** Whether there was such a login; whoever listens is told. */
  remove(id: string): boolean;
  onRemoved(listener: () => void): void;
}

/** Digits of a login's name. */
const NAME_DIGITS = 8;

/** What a login of this id is called where people read and type it. */
export function loginName(id: string): string {
  return Buffer.from(id, 'base64url').toString('hex').slice(0, NAME_DIGITS);
}
