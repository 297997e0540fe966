import type { NewAuditEntry } from '../store/audit.ts';

/** For how long refusals that are alike are one entry, milliseconds. */
const ALIKE_MS = 10 * 60_000;
/** Of so many kinds a person's refusals are told apart in that time, and all people's together. */
const KINDS_OF_PERSON = 5;
const KINDS = 40;
/** What the refusals beyond are written as. */
const SEVERAL = 'several';

type Refusal = Pick<NewAuditEntry, 'person' | 'adapter' | 'channel' | 'command' | 'jobs' | 'options'> & {
  detail: string;
};

/**
 * Writes down what was refused so that no flood of it fills the database. Of those that are alike (who, where, which command,
 * why) the first of ten minutes is written as it comes, and the others together when the ten minutes are over; beyond 5 kinds of a
 * person, or 40 in all, they are counted as one. A crash loses such a count, never a first one.
 */
export function createTurnedAway({ add, now }: { add(entry: NewAuditEntry): void; now(): number }) {
  const counted = new Map<string, { entry: NewAuditEntry; more: number }>();
  let until = 0;

  /** Writes down how often each came again. */
  function settle(): void {
    const left = [...counted.values()];
    counted.clear();
    for (const { entry, more } of left) if (more > 0) add({ ...entry, options: {}, jobs: [], times: more });
  }

  function kindOf(refusal: Refusal): { key: string; entry: Refusal } {
    const { person, adapter, channel, command, detail } = refusal;
    const key = JSON.stringify([person, adapter, channel, command, detail]);
    if (counted.has(key)) return { key, entry: refusal };
    const own = [...counted.values()].filter(({ entry }) => entry.person === person).length;
    const isOfOne = counted.size < KINDS;
    if (isOfOne && own < KINDS_OF_PERSON) return { key, entry: refusal };
    const who = isOfOne || own > 0 ? { person, adapter, channel } : { person: '', adapter: '', channel: '' };
    return { key: JSON.stringify(who), entry: { ...who, command: null, detail: SEVERAL } };
  }

  return {
    add(refusal: Refusal): void {
      if (now() >= until) {
        settle();
        until = now() + ALIKE_MS;
      }
      const { key, entry } = kindOf(refusal);
      const before = counted.get(key);
      if (before) {
        before.more += 1;
        return;
      }
      const written: NewAuditEntry = { ...entry, event: 'turned-away' };
      counted.set(key, { entry: written, more: 0 });
      add(written);
    },
    /** Once their time is over, or at the end of the process. */
    tick(): void {
      if (now() >= until) settle();
    },
    settle,
  };
}
