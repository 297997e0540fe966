import type { Job } from '../core/job.ts';
import { isEnded } from '../core/job.ts';
import type { RunFiles } from '../core/queue.ts';
import type { FoundPlace, RunPlace } from '../core/run-place.ts';
import type { Clock } from '../core/time.ts';
import { findPlace, type PlaceClues } from './find-place.ts';
import { writtenSince } from './fresh.ts';
import { createRunReader, type RunReader } from './run-reader.ts';

/** How often a running job that has not shown where it writes is looked at, milliseconds: a folder is walked for it. */
const LOOK_EVERY_MS = 15_000;

/** How the place of a run is found that is not its job's run folder, and kept. */
export interface ElsewhereDeps {
  known(job: Job): RunPlace | undefined;
  keep(job: Job, place: RunPlace): void;
  /** What may tell; null before it has begun. `settings`: what its own run folder says that it was started with. */
  clues(job: Job, settings: Readonly<Record<string, string>>): Promise<PlaceClues | null>;
  filesIn(job: Job, folder: string): RunFiles;
  clock: Clock;
}

/** Of one job whose run folder has no metrics: what reads them where they are, once that is known. */
export function createElsewhere(deps: ElsewhereDeps) {
  let reader: { place: RunPlace; reader: RunReader } | null = null;
  let candidates: readonly string[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let hasLookedAtEnd = false;

  function open(job: Job, place: RunPlace): NonNullable<typeof reader> {
    const files = writtenSince(deps.filesIn(job, place.folder), (job.startedAt ?? 0) * 1_000);
    return { place, reader: createRunReader(files) };
  }

  async function look(job: Job, own: RunReader): Promise<FoundPlace> {
    const { settings } = await own.settings().catch(() => ({ settings: {} }));
    const clues = await deps.clues(job, settings);
    return clues && findPlace(job, clues, deps.filesIn);
  }

  return {
    /** What reads the run; null while nobody knows where it is. */
    async of(job: Job, own: RunReader): Promise<{ place: RunPlace; reader: RunReader } | null> {
      if (reader) return reader;
      const known = deps.known(job);
      if (known) {
        reader = open(job, known);
        return reader;
      }
      const hasEnded = isEnded(job.status);
      if (job.startedAt === null || (hasEnded ? hasLookedAtEnd : deps.clock() - lookedAt < LOOK_EVERY_MS))
        return null;
      lookedAt = deps.clock();
      const found = await look(job, own);
      hasLookedAtEnd = hasEnded;
      candidates = found && 'candidates' in found ? found.candidates : [];
      if (!found || 'candidates' in found) return null;
      deps.keep(job, found.place);
      reader = open(job, found.place);
      return reader;
    },
    /** The folders that it may be, where it is one of several. */
    candidates: () => candidates,
  };
}

export type Elsewhere = ReturnType<typeof createElsewhere>;
