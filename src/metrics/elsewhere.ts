import type { Job } from '../core/job.ts';
import { isEnded } from '../core/job.ts';
import type { RunFiles } from '../core/queue.ts';
import type { FoundPlace, RunPlace } from '../core/run-place.ts';
import type { Clock } from '../core/time.ts';
import { findPlace, type PlaceClues } from './find-place.ts';
import { type Lifetime, type Searched, searched, writtenIn } from './fresh.ts';
import { createRunReader, type RunReader } from './run-reader.ts';

/** How often a running job that has not shown where it writes is looked at, milliseconds. */
const LOOK_EVERY_MS = 15_000;

/** How the place of a run is found that is not its job's run folder, and kept. */
export interface ElsewhereDeps {
  known(job: Job): RunPlace | undefined;
  keep(job: Job, place: RunPlace): void;
  /** What may tell. `settings`: what its own run folder says that it was started with. */
  clues(job: Job, settings: Readonly<Record<string, string>>): Promise<Omit<PlaceClues, keyof Lifetime>>;
  filesIn(job: Job, folder: string): RunFiles;
  clock: Clock;
}

/** Of one job whose run folder has no metrics: what reads them where they are, once that is known. */
export function createElsewhere(deps: ElsewhereDeps) {
  let reader: { place: RunPlace; reader: RunReader } | null = null;
  let candidates: readonly string[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let hasLookedAtEnd = false;
  let lifetime: Lifetime = { since: 0, until: null };
  /** Folders are walked once, and followed from then on. */
  const folders = new Map<string, Searched>();

  function open(job: Job, place: RunPlace): NonNullable<typeof reader> {
    const files = writtenIn(deps.filesIn(job, place.folder), () => lifetime);
    return { place, reader: createRunReader(files, lifetime.since) };
  }

  async function look(job: Job, own: RunReader): Promise<FoundPlace> {
    const { settings } = await own.settings().catch(() => ({ settings: {} }));
    const clues = { ...(await deps.clues(job, settings)), ...lifetime };
    return findPlace(job, clues, (folder) => {
      const known = folders.get(folder) ?? searched(deps.filesIn(job, folder));
      folders.set(folder, known);
      return known;
    });
  }

  return {
    /** What reads the run; null while nobody knows where it is. */
    async of(job: Job, own: RunReader): Promise<{ place: RunPlace; reader: RunReader } | null> {
      if (job.startedAt === null) return null;
      const hasEnded = isEnded(job.status);
      lifetime = {
        since: job.startedAt * 1_000,
        until: hasEnded && job.endedAt !== null ? job.endedAt * 1_000 : null,
      };
      if (reader) return reader;
      const known = deps.known(job);
      if (known) {
        reader = open(job, known);
        return reader;
      }
      if (hasEnded ? hasLookedAtEnd : deps.clock() - lookedAt < LOOK_EVERY_MS) return null;
      lookedAt = deps.clock();
      // What appeared in a place that is rarely asked is not to be missed for good.
      if (hasEnded) folders.clear();
      const found = await look(job, own);
      hasLookedAtEnd = hasEnded;
      if (hasEnded) folders.clear();
      candidates = found && 'candidates' in found ? found.candidates : [];
      if (!found || 'candidates' in found) return null;
      folders.clear();
      deps.keep(job, found.place);
      reader = open(job, found.place);
      return reader;
    },
    /** The folders that it may be, where it is one of several. */
    candidates: () => candidates,
  };
}

export type Elsewhere = ReturnType<typeof createElsewhere>;
