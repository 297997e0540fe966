/** How far a request may be overtaken by later ones of its page and still be taken. */
const OVERTAKEN_MAX = 256;
/** Challenges in use by one browser at a time: its open pages, and those of the last minutes. */
const CHALLENGES_MAX = 64;

/** What is signed with one challenge: its number. */
export interface Counted {
  login: string;
  challenge: string;
  /** When the challenge was made. */
  madeAt: number;
  count: number;
}

interface Seen {
  madeAt: number;
  highest: number;
  recent: Set<number>;
}

/**
 * Which requests have been taken, so that none is taken twice: each has a number under its challenge, and of each challenge a
 * window of numbers is kept (as in RFC 4303, section 3.4.3). Only what was signed is kept, so that nobody else can fill it.
 */
export function createCounts() {
  /** Of each login: its challenges, and up to when all others are over. */
  const logins = new Map<string, { overUntil: number; challenges: Map<string, Seen> }>();

  return {
    /** Whether the challenge is one that may still be used. */
    isOpen({ login, challenge, madeAt }: Counted): boolean {
      const known = logins.get(login);
      return !known || known.challenges.has(challenge) || madeAt > known.overUntil;
    },
    isNew({ login, challenge, count }: Counted): boolean {
      const seen = logins.get(login)?.challenges.get(challenge);
      return !seen || (count > seen.highest - OVERTAKEN_MAX && !seen.recent.has(count));
    },
    add({ login, challenge, madeAt, count }: Counted): void {
      const known = logins.get(login) ?? { overUntil: 0, challenges: new Map() };
      logins.set(login, known);
      const seen = known.challenges.get(challenge) ?? { madeAt, highest: 0, recent: new Set() };
      known.challenges.set(challenge, seen);
      seen.highest = Math.max(seen.highest, count);
      seen.recent.add(count);
      if (seen.recent.size > 2 * OVERTAKEN_MAX)
        for (const each of seen.recent) if (each <= seen.highest - OVERTAKEN_MAX) seen.recent.delete(each);
      if (known.challenges.size <= CHALLENGES_MAX) return;
      const [oldest, { madeAt: over }] = [...known.challenges].reduce((a, b) =>
        a[1].madeAt <= b[1].madeAt ? a : b,
      );
      known.challenges.delete(oldest);
      known.overUntil = over;
    },
  };
}

export type Counts = ReturnType<typeof createCounts>;
