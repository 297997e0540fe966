import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { RunSettings } from '../core/metrics.ts';
import type { Preset } from '../core/preset.ts';
import { LAUNCH_MAX_MS } from '../core/queue.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Clock } from '../core/time.ts';
import { canonicalNumber } from '../core/yaml-scalar.ts';
import type { Recorded } from '../ingest/tracker.ts';
import type { Launch, LaunchStore } from '../store/launches.ts';
import { commandText } from './check.ts';
import type { Join } from './join.ts';

/** How many of the newest jobs are looked at. */
const JOBS_LOOKED_AT = 200;
/** A scheduler dates submissions in whole seconds. */
const SUBMIT_ROUNDING_MS = 1_000;

/**
 * Launches whose answer was never heard, because the process ended meanwhile or the queue's file was not read in time. A
 * job is taken for theirs where that is certain: enqueued while the launcher could run, by the same user, of the same
 * task, with every setting of the launch, and no other job or launch fits as well.
 */
export function createOrphans(deps: {
  queue: string;
  presets(): readonly Preset[];
  launches: LaunchStore;
  /** The newest first. */
  jobs(limit: number): JobRecord[];
  settingsOf(job: JobRecord): Promise<RunSettings>;
  /** Whether the user that runs xaxbot has started it. */
  isOurs(job: JobRecord): Promise<boolean>;
  join: Join;
  /** Keeps what was to be learnt as a plan; its id, or that of the experiment that was planned already. */
  keep(launch: Launch, command: string | undefined): string | undefined;
  /** A launch that became a job, or (null) whose outcome is unknown. */
  tell(launch: Launch, job: JobKey | null, experimentId: string | undefined): void;
  clock: Clock;
  log: Log;
}) {
  const { queue, presets, launches, clock, log } = deps;
  let work: Promise<void> = Promise.resolve();

  const presetOf = ({ preset }: Launch) => presets().find(({ name }) => name === preset);

  async function fits(job: JobRecord, launch: Launch): Promise<boolean> {
    if (launch.job) return job.jobId === launch.job.jobId && job.runDir === launch.job.runDir;
    const after = job.enqueuedAt * 1000 - launch.startedAt;
    const preset = presetOf(launch);
    if (after < -SUBMIT_ROUNDING_MS || after > LAUNCH_MAX_MS || !preset || !isTaskOf(preset, job.taskKey))
      return false;
    if (!(await deps.isOurs(job))) return false;
    const { settings } = await deps.settingsOf(job).catch(() => ({ settings: {} as Record<string, string> }));
    return Object.entries(launch.assignments).every(
      ([key, value]) => Object.hasOwn(settings, key) && isSameValue(settings[key]!, value),
    );
  }

  /** Matches what is certain; resolves to the launches that have found their job. */
  async function match(
    open: readonly Launch[],
  ): Promise<Map<number, { job: JobKey; experimentId?: string | undefined }>> {
    const found = new Map<number, { job: JobKey; experimentId?: string | undefined }>();
    if (open.length === 0) return found;
    const jobs = deps.jobs(JOBS_LOOKED_AT).filter((job) => launches.ofJob(job) === undefined);
    const pairs: { launch: Launch; job: JobRecord }[] = [];
    for (const launch of open)
      for (const job of jobs) if (await fits(job, launch)) pairs.push({ launch, job });
    for (const { launch, job } of pairs) {
      const rivals = pairs.filter((pair) => pair.launch === launch || pair.job === job);
      if (rivals.length > 1 && !launch.job) continue;
      const preset = presetOf(launch);
      const { queue, jobId, enqueuedAt } = job;
      const command = preset && commandText(preset, launch.assignments);
      const { experimentId } = deps.join(launch, { queue, jobId, enqueuedAt }, job.runDir, command);
      found.set(launch.id, { job: { queue, jobId, enqueuedAt }, experimentId });
    }
    return found;
  }

  /** One search at a time: two at once would find the same job. */
  function inTurn(look: () => Promise<void>): Promise<void> {
    work = work
      .then(look)
      .catch((error) => log.warn({ err: error }, 'interrupted launches were not looked at'));
    return work;
  }

  return {
    /** Of launches that were under way when the process ended: what has become of each is told once. Call once, when the queue is read; `before`: when this process began, epoch ms. */
    recover: (before: number): Promise<void> =>
      inTurn(async () => {
        const since = clock() - LAUNCH_MAX_MS;
        const earlier = launches.open(queue, since);
        const fresh = launches.takeInterrupted(queue, before);
        const found = await match([...earlier, ...fresh]);
        for (const launch of fresh) {
          const joined = found.get(launch.id);
          if (joined) deps.tell(launch, joined.job, joined.experimentId);
          else deps.tell(launch, null, keepQuietly(launch));
        }
        for (const launch of earlier) {
          const joined = found.get(launch.id);
          if (joined) deps.tell(launch, joined.job, joined.experimentId);
        }
      }),

    /** Where jobs have come or begun, one of them may be what such a launch still brings. */
    jobsCame(recorded: readonly Recorded[]): Promise<void> {
      if (!recorded.some(({ transition }) => ['enqueued', 'started'].includes(transition.kind))) return work;
      const open = launches.open(queue, clock() - LAUNCH_MAX_MS);
      if (open.length === 0) return work;
      return inTurn(async () => {
        const still = launches.open(queue, clock() - LAUNCH_MAX_MS);
        const found = await match(still);
        for (const launch of still) {
          const joined = found.get(launch.id);
          if (joined) deps.tell(launch, joined.job, joined.experimentId);
        }
      });
    },

    /** Resolves when all searches are done. */
    settled: (): Promise<void> => work,
  };

  function keepQuietly(launch: Launch): string | undefined {
    const preset = presetOf(launch);
    try {
      return deps.keep(launch, preset && commandText(preset, launch.assignments));
    } catch (error) {
      log.error({ err: error }, 'the hypothesis of a launch could not be kept');
      return undefined;
    }
  }
}

export type Orphans = ReturnType<typeof createOrphans>;

/** Those of several queues, each of which looks at its own, whatever becomes of another. */
export function orphansOfAll(each: ReadonlyMap<string, Orphans>) {
  const all = async (what: (orphans: Orphans) => Promise<void>) => {
    await Promise.all([...each.values()].map(what));
  };
  return {
    recover: async (queue: string, before: number) => each.get(queue)?.recover(before),
    jobsCame: (recorded: readonly Recorded[]) => all((orphans) => orphans.jobsCame(recorded)),
    settled: () => all((orphans) => orphans.settled()),
  };
}

export type OrphansOfAll = ReturnType<typeof orphansOfAll>;

/** `python -m examples.toy` starts tasks of that module; of any other command it cannot be told. */
function isTaskOf({ argv }: Preset, taskKey: string): boolean {
  const module = argv[argv.indexOf('-m') + 1];
  return (
    argv.includes('-m') && module !== undefined && (taskKey === module || taskKey.startsWith(`${module}.`))
  );
}

/** A setting as it was given and as xax wrote it down: `0.0030` is `0.003`. */
function isSameValue(written: string, given: string): boolean {
  const number = canonicalNumber(given.trim());
  return written === given || (number !== null && canonicalNumber(written) === number);
}
