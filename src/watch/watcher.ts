import { isEnded, isSameJob, type Job, type JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Chart, MetricsService } from '../core/metrics.ts';
import type { KillService } from '../core/services/control.ts';
import type { JobsService } from '../core/services/jobs.ts';
import type { RowsReader } from '../core/services/rows.ts';
import type { SessionReader } from '../core/services/session-info.ts';
import type { Clock } from '../core/time.ts';
import {
  HOST_CONDITIONS,
  KILL_ON_NAN,
  type KillRule,
  type Mute,
  WATCHER,
  type WatchesService,
  type WatchNews,
  type WatchRule,
} from '../core/watch.ts';
import type { OpenEpisode, WatchStore } from '../store/watches.ts';
import { checkRun, type Finding, type RunView } from './conditions.ts';
import type { createIdleHost } from './idle-host.ts';
import type { createTakenGpus } from './taken-gpus.ts';

/**
 * Looks at running jobs and the idle host. A condition that comes to hold opens an episode and is said once; when it
 * is over that is said too. Both are written down together with what is said of them, so that no restart says
 * anything again. What is muted neither opens an episode nor is said to be over.
 */
export function createWatcher(deps: {
  store: WatchStore;
  watches: WatchesService;
  jobs: Pick<JobsService, 'get'>;
  experiments: { session: Pick<SessionReader, 'of'>; rows: Pick<RowsReader, 'newest'> };
  metrics: MetricsService;
  idleHost: ReturnType<typeof createIdleHost>;
  takenGpus: ReturnType<typeof createTakenGpus>;
  kills: KillService;
  /** After how many NaN points in a row the preset of a job kills it; null: never. */
  killOnNan(job: JobKey): number | null;
  draw(job: Job, tag: string | null): Promise<Chart | null>;
  /** Puts it into the outbox; called inside the transaction that writes the episode. */
  tell(key: string, news: WatchNews): void;
  clock: Clock;
  log: Log;
}) {
  const { store, watches, clock, log } = deps;

  /** One check of jobs that run, one after the other: of several queues, each has its own. */
  async function lookAtRuns(running: readonly Job[]): Promise<void> {
    closeEnded();
    closeForgotten();
    for (const job of running) {
      await lookAtRun(job).catch((error) =>
        log.debug({ err: error, job: job.jobId }, 'a run was not watched'),
      );
    }
  }

  /** An ended job has its own post. */
  function closeEnded(): void {
    for (const { id, job } of store.open()) {
      const known = job && deps.jobs.get(job);
      if (job && (!known || isEnded(known.status) || known.removed)) store.end(id, clock());
    }
  }

  /** A rule that was removed while it fired posts nothing more. */
  function closeForgotten(): void {
    const names = new Set([KILL_ON_NAN, ...watches.rules().map(({ rule }) => rule.name)]);
    for (const { id, rule } of store.open()) if (!names.has(rule)) store.end(id, clock());
  }

  async function lookAtRun(job: Job): Promise<void> {
    if (job.startedAt === null) return;
    const { series, writtenAt, sources } = await deps.metrics.paced(job);
    const { objective } = deps.experiments.session.of(job);
    const run: RunView = {
      ...{ series, objective, writtenAt },
      startedAt: job.startedAt * 1000,
      isElsewhere: sources !== undefined,
      now: clock(),
    };
    for (const rule of rulesFor(job)) {
      const episode = openEpisode(rule, job);
      // What cannot be read now is not over.
      if (episode && series.length === 0) continue;
      const finding = checkRun(rule, run, episode !== undefined, episode?.since);
      await follow(rule, job, episode, finding);
      if ('kills' in rule && finding) await kill(rule, job);
    }
  }

  /** Until it is dead or has ended: a kill that was refused, or lost with a crash, is tried at the next look. */
  async function kill(rule: KillRule, job: Job): Promise<void> {
    const episode = openEpisode(rule, job);
    if (!episode || deps.jobs.get(job)?.killedBy) return;
    const outcome = await deps.kills.kill(job, WATCHER, () => {});
    log.warn({ job: job.jobId, outcome }, 'a kill on NaN, as the preset asks for');
    if (outcome.done) return;
    const words = `its preset asks to kill it${outcome.isUnknown ? ': it' : ', but that failed:'} ${outcome.reason}`;
    const news = { rule, job, words, since: episode.since, over: false, chart: null };
    store.transaction(() => deps.tell(`watch:${episode.id}:refused`, news));
  }

  function rulesFor(job: Job): (WatchRule | KillRule)[] {
    const rules = watches
      .rules()
      .map(({ rule }) => rule)
      .filter(
        ({ when, task }) =>
          !HOST_CONDITIONS.includes(when) && (task === undefined || job.taskKey.includes(task)),
      );
    const points = deps.killOnNan(job);
    return points === null ? rules : [...rules, { name: KILL_ON_NAN, when: 'nan', points, kills: true }];
  }

  /** One check of the host, where a queue is busy or none is. */
  async function lookAtHost(isBusy: boolean): Promise<void> {
    for (const { rule } of watches.rules()) {
      if (!HOST_CONDITIONS.includes(rule.when)) continue;
      const episode = openEpisode(rule, null);
      const words =
        rule.when === 'gpu-taken'
          ? await deps.takenGpus.check(rule, episode?.words)
          : await deps.idleHost.check(rule, isBusy, isBusy ? [] : planned(), episode?.words);
      await follow(rule, null, episode, words === null ? null : { tag: null, words });
    }
  }

  function planned(): string[] {
    return deps.experiments.rows
      .newest(PLANNED_SEEN, true)
      .filter(({ status }) => status === 'planned')
      .map((row) => row.experiment_id);
  }

  /** Opens, keeps or closes an episode, depending on what was found. */
  async function follow(
    rule: WatchRule,
    job: Job | null,
    episode: OpenEpisode | undefined,
    finding: Finding | null,
  ): Promise<void> {
    const muted = isMuted(rule, job, watches.mutes());
    if (finding && !episode && !muted) return begin(rule, job, finding);
    if (!episode || finding) return;
    const chart = job && !muted ? await draw(job, null) : null;
    store.transaction(() => {
      store.end(episode.id, clock());
      if (!muted)
        deps.tell(`watch:${episode.id}:over`, {
          rule,
          job,
          words: episode.words,
          since: episode.since,
          over: true,
          chart,
        });
    });
  }

  async function begin(rule: WatchRule, job: Job | null, { tag, words }: Finding): Promise<void> {
    const chart = job ? await draw(job, tag) : null;
    const since = clock();
    store.transaction(() => {
      const id = store.begin({ rule: rule.name, job, since, words });
      deps.tell(`watch:${id}`, { rule, job, words, since, over: false, chart });
    });
  }

  const draw = (job: Job, tag: string | null) =>
    deps.draw(job, tag).catch((error) => {
      log.debug({ err: error, job: job.jobId }, 'no chart of what is watched');
      return null;
    });

  function openEpisode(rule: WatchRule, job: JobKey | null): OpenEpisode | undefined {
    return store.open().find((each) => each.rule === rule.name && isSame(each.job, job));
  }

  return { lookAtRuns, lookAtHost };
}

/** Planned experiments among which those with a hypothesis are looked for. */
const PLANNED_SEEN = 50;

function isSame(a: JobKey | null, b: JobKey | null): boolean {
  return b === null ? a === null : isSameJob(a, b);
}

function isMuted(rule: WatchRule | KillRule, job: JobKey | null, mutes: readonly Mute[]): boolean {
  if ('kills' in rule) return false;
  const { name } = rule;
  return mutes.some(
    (mute) => (mute.rule === null || mute.rule === name) && (mute.job === null || isSame(mute.job, job)),
  );
}

export type Watcher = ReturnType<typeof createWatcher>;
