import { LRUCache } from 'lru-cache';
import { configChanges, distinguishing } from '../core/config-delta.ts';
import { errorText } from '../core/errors.ts';
import { isFollowed } from '../core/followed.ts';
import { isSameJob, type Job, jobKeyText, jobName } from '../core/job.ts';
import { gpusHeld } from '../core/job-tasks.ts';
import type { MetricsService, RunSettings, Series } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobRecord, JobsService } from '../core/services/jobs.ts';
import type { Reference, RunsService } from '../core/services/runs.ts';
import type { Clock } from '../core/time.ts';
import { codeDiff } from './code-diff.ts';
import { sharesOf } from './shares.ts';
import { firstMidnight, usageByDay } from './usage.ts';

const DAY_MS = 86_400_000;
/** Settings that a curve's label names. */
const LABEL_SETTINGS = 4;
/** Pairs of runs whose code was compared. */
const CODE_COUNTS_KEPT = 200;

/** Comparing runs: what a run is compared with, and how the two differ. */
export function createRunsService(deps: {
  jobs: Pick<JobsService, 'get' | 'ranSince' | 'endedSince'>;
  /** As seen from the session of a job. */
  experimentsOf(job: Job): Pick<ExperimentsService, 'rows' | 'results'>;
  metrics: MetricsService;
  runFiles(job: Job): RunFiles;
  clock: Clock;
  /** IANA zone in which days begin. */
  timezone(): string;
  /** The preset by which a job was launched; undefined where it was not from here. */
  presetOf(job: Job): string | undefined;
  /** How many queues there are. */
  queues?: number;
}): RunsService {
  const { jobs, metrics } = deps;
  const codeCounts = new LRUCache<string, { count: number | null }>({ max: CODE_COUNTS_KEPT });

  function references(job: Job): Reference[] {
    const experiments = deps.experimentsOf(job);
    const jobOf = (experimentId: string | undefined): JobRecord | undefined => {
      const key = experimentId ? experiments.rows.jobOf(experimentId) : undefined;
      return key && jobs.get(key);
    };
    const row = experiments.rows.ofJob(job);
    const parent = jobOf(row?.parent_experiment_id);
    const best = jobOf(row && experiments.results.bestBefore(row)?.experiment_id);
    const found: Reference[] = [];
    for (const [why, other] of [['parent', parent] as const, ['best', best] as const]) {
      if (!other || isSameJob(other, job) || found.some((each) => isSameJob(each.job, other))) continue;
      // Another task's settings and curves say nothing beside this one's, unless somebody names it the parent.
      if (why === 'best' && other.taskKey !== job.taskKey) continue;
      found.push({ why, job: other });
    }
    return found;
  }

  async function settingsOf(job: Job): Promise<RunSettings> {
    return metrics.config(job).catch((error: unknown) => ({ settings: {}, problem: errorText(error) }));
  }

  async function changesBetween(from: Job, to: Job): ReturnType<RunsService['changesBetween']> {
    const [before, after] = [await settingsOf(from), await settingsOf(to)];
    for (const [job, { problem }] of [[from, before] as const, [to, after] as const])
      if (problem !== null) return { unknown: `${jobName(job)}: ${problem}` };
    const changes = configChanges(before.settings, after.settings, {
      from: valuesOf(before),
      to: valuesOf(after),
    });
    const lacks = { from: isYetToTell(before, after), to: isYetToTell(after, before) };
    if (lacks.from || lacks.to)
      return {
        changes: changes.filter(
          ({ from, to }) => !(lacks.from && from === null) && !(lacks.to && to === null),
        ),
        told: 'in part',
      };
    return { changes, told: before.isOfStack || after.isOfStack ? 'later' : 'at once' };
  }

  /** Counted once for two runs: their copies of the code no longer change. */
  async function codeFiles(from: Job, to: Job): Promise<number | null> {
    const key = `${jobKeyText(from)} ${jobKeyText(to)}`;
    const known = codeCounts.get(key);
    if (known) return known.count;
    const diff = await codeDiff(deps.runFiles(from), deps.runFiles(to), [jobName(from), jobName(to)]).catch(
      () => null,
    );
    const count = diff?.files.length ?? null;
    codeCounts.set(key, { count });
    return count;
  }

  async function labels(runs: readonly Job[]): Promise<string[]> {
    const configs = await Promise.all(runs.map(settingsOf));
    const settings = distinguishing(
      configs.map((each) => each.settings),
      LABEL_SETTINGS,
      configs.map(valuesOf),
    );
    return runs.map(({ jobId }, index) => `${jobId} ${settings[index]}`.trim());
  }

  return {
    references,
    changesBetween,

    async changes(job) {
      const [reference] = references(job);
      const delta = reference && (await changesBetween(reference.job, job));
      if (!delta || !('changes' in delta)) return null;
      return {
        ...{ against: reference, ...delta },
        codeFiles: await codeFiles(reference.job, job),
      };
    },

    async measured(job, series) {
      const behind: (Reference & { series: Series })[] = [];
      for (const reference of references(job)) {
        const run = await metrics.series(reference.job).catch(() => null);
        const theirs = run?.series.find(({ tag, length }) => tag === series.tag && length > 0);
        if (theirs) behind.push({ ...reference, series: theirs });
      }
      const [own, ...others] = await labels([job, ...behind.map((each) => each.job)]);
      const curves = behind.map(({ why, series: theirs }, index) => ({
        label: `${why} ${others[index]}`,
        series: theirs,
        behind: true,
      }));
      return [{ label: own!, series }, ...curves];
    },

    labels,
    usage(days, queue) {
      const now = deps.clock();
      const since = now - (days + 1) * DAY_MS;
      // What ended before it began took no time, and is counted.
      const unbegun = jobs.endedSince(since).filter(({ startedAt }) => startedAt === null);
      const taken = [...jobs.ranSince(since), ...unbegun]
        .filter((job) => !isFollowed(job) && (queue === undefined || job.queue === queue))
        .map((job) => ({
          job,
          from: (job.startedAt ?? job.endedAt!) * 1000,
          to: job.endedAt === null ? null : job.endedAt * 1000,
          failed: job.status === 'failed',
          gpus: gpusHeld(job, now),
          isUntimed: (job.tasks?.times?.untimed ?? 0) > 0,
        }));
      const byDay = usageByDay(taken, days, now, deps.timezone(), queue === undefined ? deps.queues : 1);
      const from = firstMidnight(days, now, deps.timezone());
      const shares = (of: (job: JobRecord) => string) =>
        sharesOf(
          taken.filter(({ to }) => to === null || to >= from).map((each) => ({ ...each, of: of(each.job) })),
          from,
          now,
        );
      return {
        days: byDay,
        shares: {
          person: shares(({ owner }) => owner ?? ''),
          preset: shares((job) => deps.presetOf(job) ?? ''),
          queue: shares((job) => job.queue),
        },
      };
    },

    codeDiff: (from, to) => codeDiff(deps.runFiles(from), deps.runFiles(to), [jobName(from), jobName(to)]),
  };
}

/** Whether a run may have settings that its stack has not shown, as the other's did: what it lacks of those is unknown, and not unset. */
function isYetToTell(run: RunSettings, other: RunSettings): boolean {
  return run.isEarly === true && other.isOfStack === true;
}

function valuesOf({ settings, values = settings }: RunSettings): Readonly<Record<string, string>> {
  return values;
}
