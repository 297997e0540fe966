import { setTimeout as sleep } from 'node:timers/promises';
import { BotError, errorText } from '../core/errors.ts';
import type { Range } from '../core/facts.ts';
import { type JobKey, waitsForEver } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Doer, Person } from '../core/person.ts';
import type { Preset } from '../core/preset.ts';
import type { LaunchResult, Queue } from '../core/queue.ts';
import { jobNow, type Queues } from '../core/queues.ts';
import type { Destination } from '../core/request.ts';
import type { Resources } from '../core/resources.ts';
import type { LaunchOutcome, LaunchService } from '../core/services/launches.ts';
import type { Clock } from '../core/time.ts';
import type { WaitingLaunch } from '../core/waiting-launch.ts';
import type { JobStore } from '../store/jobs.ts';
import type { Launch, LaunchStore } from '../store/launches.ts';
import type { KeptPerson, WaitingLaunches } from '../store/waiting-launches.ts';
import { createLaunchAfter } from './after.ts';
import { createBegin } from './begin.ts';
import { changesFrom, usualIn } from './changes.ts';
import { checkAssignments, commandText, findPreset, passedOn } from './check.ts';
import { createQueueChoice } from './choose-queue.ts';
import { createJoin, type LaunchedInto } from './join.ts';
import { createWaiting } from './waiting.ts';

/** How often a job that the launcher named is looked for in the queue. */
const LOOKS = 3;
export const LAUNCH_TIMINGS = {
  /** How often a launch under way says how long it has taken. */
  tickMs: 5_000,
  /** How far apart looks for the launched job are. */
  lookAgainMs: 500,
};

export interface LaunchDeps {
  queues: Queues;
  /** When one more job at the end of a queue would start, given these by its scheduler; `refused`: that would not take it. */
  nextStart(queue: Queue, resources?: Resources): Promise<Range | 'refused'>;
  presets(): readonly Preset[];
  launches: LaunchStore;
  waits: WaitingLaunches;
  /** Whoever launches later, with what they are allowed now where they say so. */
  keep(person: Person, at: Destination): KeptPerson;
  jobs: JobStore;
  /** Those of a session by its number; null: of the one in use. */
  experimentsOf(session: number | null): LaunchedInto;
  /** A person's name. */
  nameOf(person: string): string;
  /** Every id of a person. */
  personsOf(person: string): readonly string[];
  clock: Clock;
  log: Log;
  /** Reads a queue; resolves when the database is up to date. */
  settle(queue: string): Promise<void>;
  /** The job of a launch is known, with its owner and its experiment. */
  onAnswered(key: JobKey): void;
  /** A launch has ended, whatever the result. */
  onEnded(): void;
  /** One that waited was taken back; called in the transaction of that. */
  onTakenBack(launch: WaitingLaunch, by: Doer): void;
  timings?: typeof LAUNCH_TIMINGS;
}

/** Launches presets on the queue and joins what was given before (owner, hypothesis, parent) to the job that comes of it. */
export function createLaunchService(deps: LaunchDeps) {
  const { queues, presets, launches, jobs, clock, log, timings = LAUNCH_TIMINGS } = deps;
  const choice = createQueueChoice(deps);
  let underWay = 0;

  function origin(key: JobKey) {
    const launch = launches.ofJob(key);
    return launch && { preset: launch.preset, assignments: launch.assignments, personId: launch.personId };
  }

  function canRetry(key: JobKey): boolean {
    const from = launches.ofJob(key);
    if (
      !from ||
      queues.find(key)?.launch === undefined ||
      deps.experimentsOf(from.session).session.info().closedAt !== null
    )
      return false;
    try {
      checkAssignments(findPreset(presets(), from.preset), from.assignments);
      return true;
    } catch (error) {
      if (error instanceof BotError) return false;
      throw error;
    }
  }

  function changes(against: JobKey | undefined, assignments: Readonly<Record<string, string>>): string {
    const from = against && origin(against);
    if (!from) return '';
    const options = presets().find(({ name }) => name === from.preset)?.options;
    return changesFrom(from.assignments, assignments, options);
  }

  function usual(preset: string, assignments: Readonly<Record<string, string>>): string[] {
    return usualIn(assignments, presets().find(({ name }) => name === preset)?.options ?? {});
  }

  const join = createJoin({
    launches,
    jobs,
    experimentsOf: deps.experimentsOf,
    changes,
    nameOf: deps.nameOf,
    clock,
    log,
  });

  const { check, begin, plan } = createBegin({ ...deps, choice, changes });

  /** A failed launch keeps its hypothesis as a plan, which can be launched. */
  function keep(launch: Launch, command: string | undefined): string | undefined {
    const { preset, assignments, session, experimentId, hypothesis, expected, parent, personId } = launch;
    if (experimentId !== null || hypothesis === null) return experimentId ?? undefined;
    const experiments = deps.experimentsOf(session);
    const plan = {
      hypothesis,
      command,
      owner: deps.nameOf(personId),
      launch: { preset, assignments, expected: expected ?? '', by: personId },
    };
    const isParent = parent !== null && experiments.rows.get(parent) !== undefined;
    const { experiment_id } = experiments.plans.add(isParent ? { ...plan, parent } : plan);
    launches.setExperiment(launch.id, experiment_id);
    return experiment_id;
  }

  /** The whole key of the job that the launcher named, once the database has it; undefined where it does not come. */
  async function seen(queue: Queue, { jobId, enqueuedAt, runDir }: Named): Promise<JobKey | undefined> {
    for (let look = 0; look < LOOKS; look += 1) {
      if (look > 0) await sleep(timings.lookAgainMs);
      await deps
        .settle(queue.name)
        .catch((error) => log.warn({ err: error }, 'the queue could not be read after a launch'));
      const job = queue.snapshot()?.jobs.get(jobId);
      const isIt =
        job &&
        (enqueuedAt === null ? runDir === null || job.runDir === runDir : job.enqueuedAt === enqueuedAt);
      const key = isIt ? { queue: queue.name, jobId, enqueuedAt: job.enqueuedAt } : undefined;
      if (key && jobs.get(key)) return key;
    }
    return undefined;
  }

  /** The queue has taken the job: whatever goes wrong from here on, it exists. */
  async function whenQueued(
    queue: Queue,
    launch: Launch,
    job: Named,
    command: string,
  ): Promise<Partial<LaunchOutcome>> {
    const { jobId, runDir } = job;
    const queued = { state: 'queued' as const, jobId, ...(runDir === null ? {} : { runDir }) };
    const key = await seen(queue, job);
    if (!key) {
      launches.answered(launch.id, jobId, runDir ?? '');
      return {
        ...queued,
        trouble: `The queue's file does not show it yet; its experiment will be written when it does.`,
      };
    }
    const { experimentId, trouble } = join(launch, key, runDir, command);
    deps.onAnswered(key);
    const now = jobNow(queues, key);
    const forEver = now && waitsForEver(now);
    const troubles = [...(forEver ? [`It ${forEver}.`] : []), ...(trouble === undefined ? [] : [trouble])];
    return {
      ...queued,
      trouble: troubles.length === 0 ? undefined : troubles.join(' '),
      ...(experimentId === undefined ? {} : { experimentId }),
    };
  }

  function whenFailed(launch: Launch, result: Failed, command: string): Partial<LaunchOutcome> {
    launches.failed(launch.id);
    let experimentId: string | undefined;
    try {
      experimentId = keep(launch, command);
    } catch (error) {
      log.error({ err: error }, 'the hypothesis of a launch could not be kept');
    }
    const kept =
      experimentId === undefined
        ? ''
        : ` It is kept as ${experimentId}: "queue experiment=${experimentId}" launches it.`;
    return {
      state: 'failed',
      reason: `${result.reason}${kept}`,
      lastLines: result.lastLines,
      ...(experimentId === undefined ? {} : { experimentId }),
    };
  }

  const service: LaunchService = {
    presets,
    check: (request) => check(request).assignments,
    async choose(preset, person, named) {
      const { queue, why } = await choice.choose(findPreset(presets(), preset), named, person);
      return { queue: queue.name, ...(why === undefined ? {} : { why }) };
    },
    preview(name, given) {
      const preset = findPreset(presets(), name);
      const assignments = checkAssignments(preset, given);
      return { assignments, command: commandText(preset, assignments) };
    },
    usual,
    origin,
    canRetry,
    changes,
    waiting: createWaiting(deps),
    launchAfter: createLaunchAfter({ ...deps, check, plan, usual }),

    async launch(request, onProgress): Promise<LaunchOutcome> {
      const asked = findPreset(presets(), request.preset);
      const { queue, why } = await choice.choose(asked, request.queue, request.person);
      const { preset, assignments, command, launch } = begin(request, queue);
      const outcome = (more: Partial<LaunchOutcome>): LaunchOutcome => ({
        state: 'launching',
        preset: preset.name,
        ...(queues.areSeveral ? { queue: queue.name } : {}),
        ...(why === undefined ? {} : { why }),
        assignments,
        usual: usual(preset.name, assignments),
        seconds: (clock() - launch.startedAt) / 1000,
        ...more,
      });
      let line: string | undefined;
      onProgress(outcome({}));
      const tick = setInterval(
        () => onProgress(outcome({ ...(line === undefined ? {} : { line }) })),
        timings.tickMs,
      );
      underWay += 1;
      try {
        const { argv, cwd } = preset;
        const { position } = request;
        const passed = passedOn(preset, assignments);
        const run = {
          ...{ argv, cwd, assignments: passed, resources: preset.slurm },
          ...(position === undefined ? {} : { position }),
        };
        const result = await queue
          .launch(run, (said) => {
            line = said;
          })
          .catch((error): Failed => {
            if (!(error instanceof BotError)) log.error({ err: error }, 'a launch failed');
            return { done: false, reason: errorText(error), lastLines: [] };
          });
        return outcome(
          result.done
            ? await whenQueued(queue, launch, result.job, command)
            : whenFailed(launch, result, command),
        );
      } finally {
        underWay -= 1;
        clearInterval(tick);
        deps.onEnded();
      }
    },
  };

  /** The preset that a job was launched from, where it is still declared. */
  function presetOf(key: JobKey): Preset | undefined {
    const name = launches.ofJob(key)?.preset;
    return presets().find((preset) => preset.name === name);
  }

  return { ...service, underWay: () => underWay, presetOf, join, keep };
}

export type Launches = ReturnType<typeof createLaunchService>;

type Named = Extract<LaunchResult, { done: true }>['job'];
type Failed = Extract<LaunchResult, { done: false }>;
