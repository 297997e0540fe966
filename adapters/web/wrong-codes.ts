import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/core/time.ts';

/** A wrong code is answered so much later for each other one of the last minute, and at most by the longest, milliseconds. */
const STEP_MS = 50;
const LONGEST_MS = 1_000;
/** Answers that are held back at a time; others are given at once, so that holding them costs no more. */
const HELD_MAX = 20;

/** Wrong codes: counted, and answered ever more slowly. A right one never waits for them. */
export function createWrongCodes(clock: Clock) {
  let total = 0;
  let minute = 0;
  let inMinute = 0;
  let held = 0;

  return {
    /** Resolves when one more may be answered. */
    async add(): Promise<void> {
      const now = Math.floor(clock() / 60_000);
      if (now !== minute) [minute, inMinute] = [now, 0];
      total += 1;
      inMinute += 1;
      if (held >= HELD_MAX) return;
      held += 1;
      await sleep(Math.min(LONGEST_MS, (inMinute - 1) * STEP_MS), undefined, { ref: false });
      held -= 1;
    },
    /** Since the start. */
    count: () => total,
  };
}

export type WrongCodes = ReturnType<typeof createWrongCodes>;
