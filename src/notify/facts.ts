import { LRUCache } from 'lru-cache';
import { asRead, changesText } from '../core/config-delta.ts';
import { expectedOf, type Objective } from '../core/experiment.ts';
import type { Cause, JobFacts, Reached } from '../core/facts.ts';
import { isEnded, type Job, type JobKey, jobKeyText, jobName } from '../core/job.ts';
import type { GitState, LinkTemplate } from '../core/links.ts';
import type { Log } from '../core/log.ts';
import type { Chart, ChartService, MetricsService, RunSeries, Series } from '../core/metrics.ts';
import type { Queues } from '../core/queues.ts';
import { type FoundPlace, foundPlaceOf } from '../core/run-place.ts';
import { pickObjective } from '../core/series.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobRecord, JobsService } from '../core/services/jobs.ts';
import type { LaunchService } from '../core/services/launches.ts';
import type { RunsService } from '../core/services/runs.ts';
import type { TensorBoard } from '../core/services/tensorboards.ts';
import type { Clock } from '../core/time.ts';
import { isMachineText } from '../experiments/from-job.ts';
import { createBoardStatus } from './board-status.ts';
import type { Causes } from './causes.ts';
import { createLinksOf } from './links-of.ts';
import { createLiveCharts, type LIVE_CHART_TIMINGS } from './live-charts.ts';
import { createOwners } from './owners.ts';
import { type RunResult, reachedIn, resultOf } from './reached.ts';
import { soonOf } from './soon.ts';
import { STARTS_ESTIMATED, type Starts } from './starts.ts';

/** Changed settings that a card names. */
const CHANGES_SHOWN = 6;
/** Launches that wait for a job's end that its card names. */
const LAUNCHES_SHOWN = 3;
/** Ended runs of which it is kept in memory what they reached. */
const ENDED_KEPT = 500;
/** Fewer points make no curve: what there is stands in the card as a number. */
const CURVE_POINTS = 2;

export interface FactDeps {
  queues: Queues;
  jobs: JobsService;
  starts: Starts;
  experiments: Pick<ExperimentsService, 'session' | 'rows'>;
  metrics: MetricsService;
  charts: ChartService;
  runs: RunsService;
  launches: Pick<LaunchService, 'origin' | 'canRetry' | 'usual' | 'waiting'>;
  clock: Clock;
  log: Log;
  causes: Causes;
  setOwner(key: JobKey, owner: string): void;
  /** What cards of jobs link to, by the settings. */
  links?(): readonly LinkTemplate[];
  /** The commit that a job's run recorded. */
  gitOf?(job: Job): Promise<GitState | null>;
  /** The TensorBoard that shows a run now, and what the host is called that it is on. */
  tensorBoardOf?(job: Job): TensorBoard | undefined;
  hostLabel?(): string;
  liveCharts?: typeof LIVE_CHART_TIMINGS;
}

/** What a run's files tell of how it did, and where they are. */
interface Told {
  objective: Reached | null;
  writes: FoundPlace;
}
const NOTHING_TOLD: Told = { objective: null, writes: null };

/**
 * Collects what cards and posts show. What a run's files do not provide (gone, unreadable, damaged) is left out and
 * logged: a card is never held up by them.
 */
export function createFacts(deps: FactDeps) {
  const { queues, starts, jobs, experiments, metrics, runs, clock, log } = deps;
  const soon = soonOf(queues);
  const links = createLinksOf({
    templates: deps.links ?? (() => []),
    gitOf: async (job) => orNull('git state', job, async () => (await deps.gitOf?.(job)) ?? null),
    references: runs.references,
    showing: (job) => deps.tensorBoardOf?.(job),
    hostLabel: deps.hostLabel ?? (() => 'the host'),
  });
  const endedRuns = new LRUCache<string, Told>({ max: ENDED_KEPT });

  async function orNull<T>(what: string, job: JobKey, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      log.debug({ err: error, job: job.jobId }, `no ${what}`);
      return null;
    }
  }

  const findOwner = createOwners({
    jobs,
    lookUp: (job) => orNull('owner', job, async () => ({ owner: await queues.of(job).ownerOf(job) })),
    keep: deps.setOwner,
  });

  /**
   * What tells how the run did: the session's objective as that takes it, else by the rules; and where it is. An ended run's is read
   * once, as soon as it is known which folder it has, and again where another folder, end or objective is declared: its files may be
   * large and no longer change.
   */
  async function told(job: Job): Promise<Told> {
    if (job.startedAt === null) return NOTHING_TOLD;
    const wanted = experiments.session.of(job).objective;
    const key = JSON.stringify([jobKeyText(job), job.endedAt, wanted, metrics.declaredPlace(job)]);
    const known = endedRuns.get(key);
    if (known) return known;
    const run = await orNull('metrics', job, () => valuedBy(wanted)(job));
    const found = run
      ? { objective: reachedIn(run.series, wanted), writes: foundPlaceOf(run) }
      : NOTHING_TOLD;
    if (isEnded(job.status) && !run?.candidates) endedRuns.set(key, found);
    return found;
  }

  const objective = async (job: Job): Promise<Reached | null> => (await told(job)).objective;

  const valuedBy = (wanted: Objective | null) => (job: Job) => metrics.valued(job, wanted?.take);

  const liveCharts = createLiveCharts({ draw: (job) => drawChart(job), clock, timings: deps.liveCharts });

  async function seriesOf(job: Job, tag: string): Promise<Series | null> {
    const run = await orNull('metrics', job, () => metrics.series(job));
    return run?.series.find((each) => each.tag === tag) ?? null;
  }

  /** The objective's curve; while that is none, as before the second validation, what the rules choose of those that are. */
  async function curveOf(job: Job): Promise<Series | null> {
    const run = await orNull('metrics', job, () => metrics.series(job));
    const curves = run?.series.filter(({ length }) => length >= CURVE_POINTS) ?? [];
    return pickObjective(curves, experiments.session.of(job).objective?.metric) ?? null;
  }

  /** A metric's curve, the objective's unless one is named, with those behind it that it is measured against. */
  async function drawChart(job: Job, tag: string | null = null): Promise<Chart | null> {
    const series = tag === null ? await curveOf(job) : await seriesOf(job, tag);
    if (!series || series.length < CURVE_POINTS) return null;
    return deps.charts.draw({
      title: `${jobName(job)} ${series.tag}`,
      curves: await runs.measured(job, series),
    });
  }

  /** What its settings change, in words; for the log with an arrow in ASCII. */
  async function changesOf(job: JobRecord, arrow: '->' | '→' = '→'): Promise<JobFacts['changes']> {
    const found = await orNull('settings', job, () => runs.changes(job));
    if (!found) return null;
    const { why, job: other } = found.against;
    const { told } = found;
    const settings = changesText(found.changes, CHANGES_SHOWN, arrow);
    const code = found.codeFiles
      ? `code in ${found.codeFiles} ${found.codeFiles === 1 ? 'file' : 'files'}`
      : '';
    const text = [settings, code].filter((part) => part !== '').join('; ');
    // What is not known yet is not the same.
    if (told === 'in part' && text === '') return null;
    const experimentId = experiments.rows.ofJob(other)?.experiment_id ?? jobName(other);
    return { why, jobId: other.jobId, experimentId, text, told };
  }

  const boardStatus = createBoardStatus({
    queues,
    jobs,
    starts,
    soon,
    launches: deps.launches.waiting,
    findOwner,
    objective,
    causeOf: deps.causes.text,
  });

  async function resultIn(
    job: JobRecord,
    wanted: Objective | null,
    read: (job: Job) => Promise<RunSeries>,
  ): Promise<RunResult> {
    const run = await orNull('metrics', job, () => read(job));
    return resultOf(run?.series ?? [], wanted);
  }

  return {
    objective,
    canRetry: deps.launches.canRetry,

    /** Undefined when the database does not know the job. */
    async job(key: JobKey): Promise<JobFacts | undefined> {
      const job = jobs.get(key);
      if (!job) return undefined;
      const row = experiments.rows.ofJob(key);
      const queue = queues.find(job);
      const origin = deps.launches.origin(key);
      const index = queue?.snapshot()?.order.indexOf(job.jobId) ?? -1;
      const isWaiting = job.status === 'queued' && index >= 0;
      // Each of them looks at files of its own.
      const [before, run, left, cause, changes, chart, linked] = await Promise.all([
        isWaiting ? starts.waiting(queue!, index < STARTS_ESTIMATED ? index + 1 : 0) : null,
        told(job),
        starts.leftOf(job),
        deps.causes.text(job),
        changesOf(job),
        this.chart(job),
        links.of(job, row?.experiment_id ?? ''),
      ]);
      const next = deps.launches.waiting.ofJob(key, LAUNCHES_SHOWN);
      return {
        job,
        place: isWaiting ? index + 1 : null,
        startsIn: before?.waiting[index]?.startsIn ?? null,
        ...left,
        cause,
        experimentId: row?.experiment_id ?? '',
        ...this.purpose(key),
        result: row && !isMachineText('result_summary', row.result_summary, job) ? row.result_summary : '',
        assignments: origin?.assignments ?? {},
        usual: origin ? deps.launches.usual(origin.preset, origin.assignments) : [],
        canRetry: deps.launches.canRetry(key),
        canMove: queue?.move !== undefined,
        objective: run.objective,
        ...(run.writes ? { writes: run.writes } : {}),
        changes,
        chart,
        ...(next.count > 0 ? { next } : {}),
        links: linked,
        now: clock(),
      };
    },

    cause: (job: JobRecord): Promise<Cause> => deps.causes.cause(job),

    /** Why a job was run, by the log. */
    purpose(key: JobKey): { hypothesis: string; expected: string } {
      const row = experiments.rows.ofJob(key);
      return { hypothesis: asRead(row?.hypothesis ?? ''), expected: row ? expectedOf(row) : '' };
    },

    chart: (job: JobRecord) => orNull('chart', job, () => liveCharts.chart(job)),
    changes: changesOf,
    drawChart,

    findOwner,

    /** What an ended run reached, for the log: the session's objective unless another is given, and the last value of every tag. */
    result: (
      job: JobRecord,
      wanted: Objective | null = experiments.session.of(job).objective,
    ): Promise<RunResult> => resultIn(job, wanted, valuedBy(wanted)),

    /** The same as its event files alone tell it. */
    resultOfEventFiles: (job: JobRecord): Promise<RunResult> =>
      resultIn(job, experiments.session.of(job).objective, metrics.eventSeries),

    status: boardStatus,
  };
}

export type Facts = ReturnType<typeof createFacts>;
