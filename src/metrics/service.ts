import { isAbsolute, join, relative } from 'node:path';
import { LRUCache } from 'lru-cache';
import { type Job, type JobStatus, jobKeyText } from '../core/job.ts';
import type { MetricsService, RunSeries, RunSettings } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import type { Clock } from '../core/time.ts';
import { createElsewhere, type Elsewhere, type ElsewhereDeps } from './elsewhere.ts';
import { asDeclared } from './find-place.ts';
import { withoutMetricsLog } from './metrics-log.ts';
import { CONFIG_FILE } from './run-config.ts';
import { createRunReader, type RunReader } from './run-reader.ts';

/** Runs whose points are kept in memory, the running one and the few that were asked for last: their number, bytes, and for how long. */
const RUNS_KEPT = 8;
const BYTES_KEPT = 48 << 20;
const KEPT_MS = 15 * 60_000;
/** A point as its file has it, and as it is merged with other files' and at the pace of event files. */
const BYTES_A_POINT = 3 * 24;

interface Run {
  /** Of the job's run folder. */
  own: RunReader;
  /** Of where it writes, if that is another folder. */
  elsewhere: Elsewhere | null;
  /** The one of both that has the run, as far as is known. */
  reader: RunReader;
  /** How many points it had when it was read last. */
  points: number;
  /** What is being read, and the job's status when that was asked for. */
  reading: { of: JobStatus; found: Promise<RunSeries> } | null;
}

/** Metrics of runs, read from their own files; only what is new is read again. */
export function createMetricsService(deps: {
  runFiles(job: Job): RunFiles;
  /** How a run is found that is not in its run folder; absent: it is not looked for. */
  elsewhere?: Omit<ElsewhereDeps, 'clock'>;
  clock: Clock;
  /** How much memory points may fill that are kept, bytes. */
  bytesKept?: number;
}): MetricsService {
  const bytesKept = deps.bytesKept ?? BYTES_KEPT;
  const runs = new LRUCache<string, Run>({
    max: RUNS_KEPT,
    maxSize: bytesKept,
    ttl: KEPT_MS,
    ttlAutopurge: true,
    // The largest one alone fills the room there is.
    sizeCalculation: ({ points }) => Math.min(bytesKept, Math.max(1, points * BYTES_A_POINT)),
  });

  /** The run, as the most recently used one. */
  function use(job: Job): Run {
    const key = jobKeyText(job);
    const run = runs.get(key) ?? newRun(job);
    runs.set(key, run);
    return run;
  }

  function newRun(job: Job): Run {
    const own = createRunReader(withoutStaged(deps.runFiles(job), job));
    const elsewhere = deps.elsewhere ? createElsewhere({ ...deps.elsewhere, clock: deps.clock }) : null;
    return { own, elsewhere, reader: own, reading: null, points: 0 };
  }

  /**
   * Once for all who ask at the same time; once more for who asks when the job has another status: what was read before
   * a run ended need not hold its last step.
   */
  function read(run: Run, job: Job): Promise<RunSeries> {
    if (run.reading?.of === job.status) return run.reading.found;
    const before = run.reading?.found.catch(() => {});
    const found = Promise.resolve(before)
      .then(() => readWhereItIs(run, job))
      .finally(() => {
        if (run.reading?.found === found) run.reading = null;
      });
    found.then(({ series }) => keep(run, job, series)).catch(() => {});
    run.reading = { of: job.status, found };
    return found;
  }

  /** With the size that it has by now, for which others give way. */
  function keep(run: Run, job: Job, series: RunSeries['series']): void {
    run.points = series.reduce((sum, { length }) => sum + length, 0);
    const key = jobKeyText(job);
    if (runs.peek(key) !== run) return;
    // Set anew, it would keep the size that it had.
    runs.delete(key);
    runs.set(key, run);
  }

  async function readWhereItIs(run: Run, job: Job): Promise<RunSeries> {
    const own = await run.own.read();
    const other = own.absence === null ? null : await run.elsewhere?.of(job, run.own);
    run.reader = other ? other.reader : run.own;
    if (other) return { ...(await other.reader.read()), place: other.place };
    const candidates = own.absence === null ? [] : (run.elsewhere?.candidates() ?? []);
    return candidates.length > 0 ? { ...own, candidates } : own;
  }

  /** What its queue started it with, where its run folder says so, and besides what its stack left where it writes. */
  async function settingsOf(run: Run, job: Job): Promise<RunSettings> {
    const told = await settingsTold(run, job);
    return told.from?.some((path) => path !== CONFIG_FILE) ? { ...told, isOfStack: true } : told;
  }

  async function settingsTold(run: Run, job: Job): Promise<RunSettings> {
    const found = await read(run, job).catch(() => null);
    const own = await run.own.settings();
    if (run.reader === run.own) return found?.absence === null ? own : { ...own, isEarly: true };
    const others = withWholePaths(await run.reader.settings(), found?.place?.folder);
    if (own.problem !== null || others.problem !== null) return others.problem === null ? others : own;
    return {
      settings: { ...others.settings, ...own.settings },
      values: { ...(others.values ?? others.settings), ...(own.values ?? own.settings) },
      problem: null,
      from: [...(own.from ?? [CONFIG_FILE]), ...(others.from ?? [])],
    };
  }

  return {
    series: (job) => read(use(job), job),

    declaredPlace(job) {
      const pattern = deps.elsewhere?.declared(job) ?? null;
      return pattern && asDeclared(pattern);
    },

    eventSeries: (job) => createRunReader(withoutMetricsLog(deps.runFiles(job))).read(),

    async paced(job) {
      const run = use(job);
      const { writtenAt, sources } = await read(run, job);
      return { series: await run.reader.paced(), writtenAt, ...(sources ? { sources } : {}) };
    },

    async valued(job, take) {
      const run = use(job);
      const found = await read(run, job);
      const { reader } = run;
      return { ...found, series: await (take === 'mean' ? reader.paced() : reader.steady()) };
    },

    async progress(job) {
      const run = use(job);
      // Of series that cannot be read the settings and the metrics log may tell all the same.
      const { settings } = await settingsOf(run, job);
      return run.reader.progress(
        job.startedAt === null ? null : job.startedAt * 1_000,
        deps.clock(),
        run.reader === run.own ? undefined : settings,
      );
    },

    config: (job) => settingsOf(use(job), job),

    configOnce: (job) => settingsOf(newRun(job), job),
  };
}

function withWholePaths(settings: RunSettings, folder: string | undefined): RunSettings {
  const { from } = settings;
  return from && folder !== undefined
    ? { ...settings, from: from.map((path) => join(folder, path)) }
    : settings;
}

/** Without the copy of the project's code, in which its data may lie. */
function withoutStaged(files: RunFiles, { runDir, stageDir }: Job): RunFiles {
  const staged = relative(runDir, stageDir);
  if (staged === '' || staged.startsWith('..') || isAbsolute(staged)) return files;
  return {
    ...files,
    entries: async (folder, most) =>
      (await files.entries(folder, most)).filter(({ name }) => join(folder, name) !== staged),
  };
}
