import type { Job } from '../core/job.ts';
import { isEnded } from '../core/job.ts';
import type { RunFiles } from '../core/queue.ts';
import type { FoundPlace, RunPlace } from '../core/run-place.ts';
import type { Clock } from '../core/time.ts';
import { asDeclared, findPlace, type Pattern, type PlaceClues } from './find-place.ts';
import { type Lifetime, writtenIn } from './fresh.ts';
import { createRunReader, type RunReader } from './run-reader.ts';

/**
 * A job that has not shown where it writes is looked at when it has run for so long, and then ever less often: folders are
 * walked for it, and most jobs write to their run folder after a moment. Milliseconds.
 */
export const ELSEWHERE_TIMINGS = { firstMs: 30_000, apartMostMs: 300_000 };

/** How the place of a run is found that is not its job's run folder, and kept. */
export interface ElsewhereDeps {
  known(job: Job): RunPlace | undefined;
  keep(job: Job, place: RunPlace): void;
  /** What somebody declared of where it is; asked at every reading, since it may be declared at any time. */
  declared(job: Job): Pattern | null;
  /** A path as somebody wrote it, with the home that it begins with on the job's host. */
  placed(job: Job, path: string): Promise<string>;
  /** What may tell; null: it is nowhere else. `settings`: what its own run folder says that it was started with. */
  clues(
    job: Job,
    settings: Readonly<Record<string, string>>,
  ): Promise<Omit<PlaceClues, keyof Lifetime | 'ranMs' | 'pattern'> | null>;
  filesIn(job: Job, folder: string): RunFiles;
  clock: Clock;
  timings?: typeof ELSEWHERE_TIMINGS;
}

/** Of one job whose run folder has no metrics: what reads them where they are, once that is known. */
export function createElsewhere({ timings = ELSEWHERE_TIMINGS, ...deps }: ElsewhereDeps) {
  let reader: { place: RunPlace; reader: RunReader } | null = null;
  let candidates: readonly string[] = [];
  let nextAt = Number.NEGATIVE_INFINITY;
  let apart = timings.firstMs;
  let hasLookedAtEnd = false;
  /** What was declared when it was looked for last. */
  let lookedFor: string | null = null;
  let lifetime: Lifetime = { since: 0, until: null };

  function open(job: Job, place: RunPlace): NonNullable<typeof reader> {
    const files = writtenIn(deps.filesIn(job, place.folder), () => lifetime);
    return { place, reader: createRunReader(files, lifetime.since) };
  }

  async function look(job: Job, own: RunReader, pattern: Pattern | null): Promise<FoundPlace> {
    lookedFor = pattern && asDeclared(pattern);
    const { settings } = await own.settings().catch(() => ({ settings: {} }));
    const clues = await deps.clues(job, settings);
    const ranMs = (lifetime.until ?? deps.clock()) - lifetime.since;
    const at = pattern && { ...pattern, at: await deps.placed(job, pattern.path) };
    const all = clues && { ...clues, ...lifetime, pattern: at, ranMs };
    return all && findPlace(job, all, (folder) => deps.filesIn(job, folder));
  }

  function take(job: Job, place: RunPlace): NonNullable<typeof reader> {
    deps.keep(job, place);
    candidates = [];
    reader = open(job, place);
    return reader;
  }

  /** What was found once stays, unless somebody has declared another folder since, and it is there. */
  async function declaredSince(job: Job, own: RunReader): Promise<RunPlace | null> {
    const pattern = deps.declared(job);
    const told = pattern && asDeclared(pattern);
    if (told === null || told === reader?.place.because || told === lookedFor) return null;
    const found = await look(job, own, pattern);
    return found && 'place' in found && found.place.because === told ? found.place : null;
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
      const known = reader?.place ?? deps.known(job);
      if (known) {
        reader ??= open(job, known);
        const other = await declaredSince(job, own);
        return other ? take(job, other) : reader;
      }
      const pattern = deps.declared(job);
      const hasLooked = nextAt > Number.NEGATIVE_INFINITY;
      const isDeclaredSince = hasLooked && pattern !== null && asDeclared(pattern) !== lookedFor;
      const isTime = deps.clock() >= Math.max(nextAt, job.startedAt * 1_000 + timings.firstMs);
      if (!isDeclaredSince && (hasEnded ? hasLookedAtEnd : !isTime)) return null;
      nextAt = deps.clock() + apart;
      apart = Math.min(2 * apart, timings.apartMostMs);
      const found = await look(job, own, pattern);
      hasLookedAtEnd = hasEnded;
      candidates = found && 'candidates' in found ? found.candidates : [];
      return found && 'place' in found ? take(job, found.place) : null;
    },
    /** The folders that it may be, where it is one of several. */
    candidates: () => candidates,
  };
}

export type Elsewhere = ReturnType<typeof createElsewhere>;
