import type { KeptValues } from '../core/adapter-ports.ts';
import { isGuess, type Job, jobKeyText } from '../core/job.ts';
import type { RunResult } from '../notify/reached.ts';

/** As it is kept: no JSON has NaN or infinity, and a run that ended with one is not taken for a person's. */
interface Kept {
  objective: { metric: string; mode: 'min' | 'max'; value: string } | null;
  latest: [tag: string, value: string][];
}

/**
 * What was written of runs whose end was a guess. Where one went on, what stands in its row is still the bot's own, and gives way to what it
 * reaches in the end.
 */
export function createGuessedResults(kept: KeptValues) {
  const nameOf = (job: Job) => `guessed-result:${jobKeyText(job)}`;
  return {
    /** What was written at a guessed end before this one; undefined where there was none. */
    before(job: Job): RunResult | undefined {
      const found = kept.get(nameOf(job)) as Kept | undefined;
      return (
        found && {
          objective: found.objective && { ...found.objective, value: Number(found.objective.value) },
          latest: Object.fromEntries(found.latest.map(([tag, value]) => [tag, Number(value)])),
        }
      );
    },
    /** Keeps what was written of a run, if its end is a guess. */
    keep(job: Job, { objective, latest }: RunResult): void {
      if (!isGuess(job.seen)) return;
      const told: Kept = {
        objective: objective && { ...objective, value: String(objective.value) },
        latest: Object.entries(latest).map(([tag, value]) => [tag, String(value)]),
      };
      kept.set(nameOf(job), told);
    },
  };
}

export type GuessedResults = ReturnType<typeof createGuessedResults>;
