import { createHash, randomBytes } from 'node:crypto';
import type { PersonId } from '../../src/core/message.ts';
import type { Clock } from '../../src/core/time.ts';

/** How long a link into the chat works, milliseconds. */
const CODE_MS = 10 * 60_000;

/**
 * The codes of links into the chat. Each works once, and for the process that made it only: what somebody else got hold of who
 * listened in its place while it was down is void when it is back.
 */
export function createEntryCodes(clock: Clock) {
  const codes = new Map<string, { person: PersonId; expiresAt: number }>();

  function find(code: string) {
    const found = codes.get(hashOf(code));
    return found && found.expiresAt > clock() ? found.person : undefined;
  }

  return {
    make(person: PersonId): string {
      for (const [hash, { expiresAt }] of codes) if (expiresAt <= clock()) codes.delete(hash);
      const code = randomBytes(32).toString('base64url');
      codes.set(hashOf(code), { person, expiresAt: clock() + CODE_MS });
      return code;
    },
    /** Whom the code lets in; undefined when it is unknown, used or too old. */
    find,
    /** The same, and it lets nobody in again. */
    take(code: string): PersonId | undefined {
      const person = find(code);
      codes.delete(hashOf(code));
      return person;
    },
  };
}

export type EntryCodes = ReturnType<typeof createEntryCodes>;

/** Looked up by its hash, so that how long that takes says nothing of a code. */
function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}
