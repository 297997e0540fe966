import { isFollowed } from '../../core/followed.ts';
import type { Job } from '../../core/job.ts';
import type { MetricsService } from '../../core/metrics.ts';
import type { Queue } from '../../core/queue.ts';
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
  { queues, clock, log, settings, ingest, stores }: Base & { stores: Stores; ingest: Ingest },
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
        known: stores.runPlaces.get,
        keep: stores.runPlaces.put,
        filesIn: (job, folder) => queues.of(job).filesIn(job, folder),
        async clues(job, settings) {
          // Of a followed run its folder was named by somebody.
          if (job.startedAt === null || isFollowed(job)) return null;
          const queue = queues.of(job);
          const { launch, preset } = presetOf(job);
          return {
            startedAt: job.startedAt * 1_000,
            workingFolder: preset?.cwd ?? (await queue.workingFolderOf(job)),
            pattern: preset?.runs ?? queue.runsIn ?? null,
            settings: { ...settings, ...launch?.assignments },
            lines: await linesOf(queue, job),
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

/** What a job printed, its log's last lines: nobody waits for a log that is not there. */
async function linesOf(queue: Queue, job: Job): Promise<string[]> {
  const tails = await Promise.all(
    (['observer', 'task'] as const).map((kind) =>
      queue.readJobLog(job, kind, LINES_READ).catch(() => ({ lines: [] })),
    ),
  );
  return tails.flatMap(({ lines }) => lines);
}
