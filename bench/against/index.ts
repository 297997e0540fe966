import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from './measure.ts';
import { measure, type Outcome } from './outcome.ts';
import { table, told } from './print.ts';
import { checkOut, thisTree } from './revision.ts';
import { TARGETS } from './targets.ts';

export interface Asked {
  /** The revision that this tree is compared with. */
  against: string | undefined;
  /** Names of rows; all where empty. */
  only: readonly string[];
  pairs: number | undefined;
  isQuick: boolean;
  /** As it was typed. */
  command: string;
}

/** Exit codes: 1 where a target is missed, 2 where none is and something could not be measured. */
const [MISSED, UNMEASURED] = [1, 2];

/** Measures the rows that were asked for, strictly one after another, and prints them; resolves to the exit code. */
export async function benchAgainst({ against, only, pairs, isQuick, command }: Asked): Promise<number> {
  const unknown = only.filter((name) => !TARGETS.some((target) => target.name === name));
  if (unknown.length > 0) {
    console.error(
      `No row is called ${unknown.join(', ')}. There are: ${TARGETS.map(({ name }) => name).join(', ')}.`,
    );
    return UNMEASURED;
  }
  if (pairs !== undefined && !(Number.isInteger(pairs) && pairs > 0)) {
    console.error('--pairs takes a whole number above 0.');
    return UNMEASURED;
  }
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  const beside = against === undefined ? null : checkOut(against);
  const stop = () => {
    beside?.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  const halt = () => {
    process.off('SIGINT', halt).off('SIGTERM', halt);
    stop();
    process.exit(UNMEASURED);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, halt);
  const made = new Map<string, Promise<unknown>>();
  const run: Run = {
    here: thisTree(),
    revision: beside?.tree ?? null,
    folder,
    isQuick,
    running: new Set(),
    once<T>(key: string, make: () => Promise<T>) {
      if (!made.has(key)) made.set(key, make());
      return made.get(key) as Promise<T>;
    },
  };
  const outcomes: Outcome[] = [];
  try {
    for (const target of TARGETS) {
      if (only.length > 0 && !only.includes(target.name)) continue;
      const outcome = await measure(target, run, pairs);
      console.log(told(outcome));
      outcomes.push(outcome);
    }
  } finally {
    stop();
  }
  console.log(`\n${table(outcomes, { command, at: new Date() })}\n\n${JSON.stringify(outcomes)}`);
  if (outcomes.some(({ verdict }) => verdict === 'MISSED')) return MISSED;
  return outcomes.some(({ verdict }) => verdict === 'unmeasured') ? UNMEASURED : 0;
}
