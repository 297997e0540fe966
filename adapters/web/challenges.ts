import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../src/core/time.ts';

/** How long a challenge may be signed, milliseconds. */
const CHALLENGE_MS = 5 * 60_000;

/**
 * What a browser signs together with its request (the server-provided nonce of RFC 9449, section 8): a time and a random number
 * that only this process can have made, so that nothing is kept of one until it is used. A signature for another process, or
 * made ahead for later, is worth nothing.
 */
export function createChallenges(clock: Clock) {
  const secret = randomBytes(32);
  const sealOf = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');

  return {
    make(): string {
      const text = `${clock().toString(36)}.${randomBytes(12).toString('base64url')}`;
      return `${text}.${sealOf(text)}`;
    },
    /** When it was made, epoch milliseconds; undefined when that was not here, or too long ago. */
    madeAt(challenge: string): number | undefined {
      const end = challenge.lastIndexOf('.');
      const given = Buffer.from(challenge.slice(end + 1));
      const expected = Buffer.from(sealOf(challenge.slice(0, Math.max(0, end))));
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const madeAt = Number.parseInt(challenge, 36);
      return madeAt > clock() - CHALLENGE_MS ? madeAt : undefined;
    },
  };
}

export type Challenges = ReturnType<typeof createChallenges>;
