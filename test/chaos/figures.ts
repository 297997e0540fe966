import type { TestContext } from 'vitest';

/** What the random numbers of every attack start from; CHAOS_SEED names another. */
export const SEED = Number(process.env.CHAOS_SEED ?? 1);

/** How often an attack is made: in full by `npm run chaos`, fewer times in `npm run test:chaos`. */
export function runs({ full, ci }: { full: number; ci: number }): number {
  return process.env.CHAOS === 'full' ? full : ci;
}

/** A line of the table that `npm run chaos` prints. */
export interface Figure {
  attack: string;
  runs: number;
  /** What came of it, in words: `0 lost, 0 told twice`. */
  result: string;
}

declare module 'vitest' {
  interface TaskMeta {
    figures?: Figure[];
  }
}

/** Puts a line into that table. */
export function figure({ meta }: TestContext['task'], line: Figure): void {
  meta.figures = [...(meta.figures ?? []), line];
}
