import { dirname, resolve } from 'node:path';
import { isFollowed } from '../../core/followed.ts';
import { isSameJob, type Job } from '../../core/job.ts';
import type { MetricsService } from '../../core/metrics.ts';
import type { Preset } from '../../core/preset.ts';
import type { Queue } from '../../core/queue.ts';
import type { Queues } from '../../core/queues.ts';
import type { RunPlace } from '../../core/run-place.ts';
import { inSlices, type Slices } from '../../core/slices.ts';
import { withoutQuotes } from '../../core/yaml-scalar.ts';
import { isIn, type Pattern } from '../../metrics/find-place.ts';
import { settingsInArguments } from '../../metrics/output-paths.ts';
import { createMetricsService } from '../../metrics/service.ts';
import { soonOf } from '../../notify/soon.ts';
import { createStarts, type Starts } from '../../notify/starts.ts';
import type { Base } from './base.ts';
import type { Ingest } from './ingest.ts';
import type { Stores } from './stores.ts';

/** Of each log of a job. */
const LINES_READ = 400;

/** What runs write, and when by that the next ones start. */
export interface Measures {
  metrics: MetricsService;
  starts: Starts;
}

export function buildMeasures(
  { queues, clock, log, settings, timings, ingest, stores }: Base & { stores: Stores; ingest: Ingest },
  given: Partial<Measures> = {},
): Measures {
  const runFiles: Parameters<typeof createMetricsService>[0]['runFiles'] = (job) =>
    queues.of(job).runFiles(job);
  const presetOf = (job: Job) => {
    const launch = stores.launches.ofJob(job);
    return { launch, preset: settings().presets.find(({ name }) => name === launch?.preset) };
  };
  const metrics =
    given.metrics ??
    createMetricsService({
      runFiles,
      elsewhere: {
        timings: timings.elsewhere,
        known: stores.runPlaces.get,
        keep: stores.runPlaces.put,
        filesIn: (job, folder) => queues.of(job).filesIn(job, folder),
        declared: (job) => (isFollowed(job) ? null : patternOf(presetOf(job).preset, queues.of(job))),
        placed: async (job, path) => (await inPlace(queues.of(job), [path]))[0]!,
        async clues(job, settings) {
          // Of a followed run its folder was named by somebody.
          if (isFollowed(job)) return null;
          const queue = queues.of(job);
          const { launch, preset } = presetOf(job);
          const [folder = null, ...argv] = preset ? await inPlace(queue, [preset.cwd, ...preset.argv]) : [];
          const given = Object.entries(launch?.assignments ?? {});
          return {
            workingFolders: [await queue.workingFolderOf(job), folder].filter((each) => each !== null),
            settings: {
              ...settings,
              ...settingsInArguments(argv),
              ...Object.fromEntries(given.map(([name, scalar]) => [name, withoutQuotes(scalar)])),
            },
            lines: await linesOf(queue, job),
            isOthers: othersFolders(queues, stores.runPlaces.get, job),
          };
        },
      },
      clock,
    });
  return {
    metrics,
    starts: createStarts({ jobs: ingest.jobs, metrics, soon: soonOf(queues), clock, log }),
    ...given,
  };
}

async function inPlace(queue: Queue, words: readonly string[]): Promise<readonly string[]> {
  return queue.placed ? queue.placed(words) : words;
}

function patternOf(preset: Preset | undefined, { runsIn }: Queue): Pattern | null {
  if (preset?.runs !== undefined) return { path: preset.runs, by: 'of its preset' };
  return runsIn === undefined ? null : { path: runsIn, by: 'of its queue' };
}

/** Whether a folder is, or lies in, the run folder of another job, or where one writes that ran at the same time. */
function othersFolders(
  queues: Queues,
  placeOf: (job: Job) => RunPlace | undefined,
  job: Job,
): (folder: string) => Promise<boolean> {
  /** Gone through once somebody asks: most jobs name no folder. */
  let known: Promise<{ runDirs: ReadonlySet<string>; places: readonly RunPlace[] }> | undefined;

  function* goThrough(): Slices<{ runDirs: Set<string>; places: RunPlace[] }> {
    const runDirs = new Set<string>();
    const places: RunPlace[] = [];
    for (const queue of queues.all)
      for (const other of queue.snapshot()?.jobs.values() ?? []) {
        yield;
        if (isSameJob(other, job)) continue;
        runDirs.add(resolve(other.runDir));
        const place = ranTogether(other, job) ? placeOf(other) : undefined;
        if (place) places.push(place);
      }
    return { runDirs, places };
  }

  return async (folder) => {
    known ??= inSlices(goThrough());
    const { runDirs, places } = await known;
    for (let each = folder; ; each = dirname(each)) {
      if (runDirs.has(each)) return true;
      if (each === dirname(each)) break;
    }
    return places.some((place) => isIn(folder, place.folder));
  };
}

function ranTogether(a: Job, b: Job): boolean {
  if (a.startedAt === null || b.startedAt === null) return false;
  const endOf = ({ endedAt }: Job) => endedAt ?? Number.POSITIVE_INFINITY;
  return a.startedAt < endOf(b) && b.startedAt < endOf(a);
}

/** What a job printed, its log's last lines: nobody waits for a log that is not there. */
async function linesOf(queue: Queue, job: Job): Promise<string[]> {
  const tails = await Promise.all(
    (['observer', 'task'] as const).map((kind) =>
      queue.readJobLog(job, kind, LINES_READ).catch(() => ({ lines: [] })),
    ),
  );
  return tails.flatMap(({ lines }) => lines);
}
