import { BotError, errorText } from '../core/errors.ts';
import type { JobKey } from '../core/job.ts';
import type { Preset } from '../core/preset.ts';
import type { Queue } from '../core/queue.ts';
import type { ExperimentsService, LaunchOutcome, LaunchRequest, LaunchService } from '../core/services.ts';
import type { Clock } from '../core/time.ts';
import type { Log } from '../log.ts';
import type { JobStore } from '../store/jobs.ts';
import type { LaunchStore } from '../store/launches.ts';
import { checkAssignments, commandText, findPreset } from './check.ts';

/** How often a launch under way says how long it has taken, milliseconds. */
const TICK_MS = 5_000;

export interface LaunchDeps {
  queue: Queue;
  presets: readonly Preset[];
  launches: LaunchStore;
  jobs: JobStore;
  experiments: ExperimentsService;
  clock: Clock;
  log: Log;
  /** Reads the queue and resolves when the memory has taken what it says. */
  settle(): Promise<void>;
  /** The job of a launch is known, with its owner and its experiment. */
  onAnswered(key: JobKey): void;
}

/** Launches presets on the queue and joins what was given before (owner, hypothesis, parent) to the job that comes of it. */
export function createLaunchService(deps: LaunchDeps): LaunchService & { underWay(): number } {
  const { queue, presets, launches, jobs, clock, log } = deps;
  let underWay = 0;

  /** Those of the channel that asked. */
  const experimentsOf = ({ experiments }: LaunchRequest): ExperimentsService =>
    experiments ?? deps.experiments;

  /** Everything that can be refused before anything is started. */
  function check(request: LaunchRequest) {
    const experiments = experimentsOf(request);
    const preset = findPreset(presets, request.preset);
    const assignments = checkAssignments(preset, request.assignments);
    const waiting = queue.snapshot()?.order.length ?? 0;
    if (request.position !== undefined && request.position > waiting + 1) {
      throw new BotError(
        'bad-position',
        `position ${request.position} is past the end: ${waiting} ${waiting === 1 ? 'job waits' : 'jobs wait'}.`,
        `Give 1 to ${waiting + 1}, or leave it out for the end.`,
      );
    }
    if (request.parent !== undefined && !experiments.get(request.parent)) {
      throw new BotError(
        'unknown-parent',
        `There is no experiment "${request.parent.slice(0, 60)}".`,
        '"hypothesis list" shows them.',
      );
    }
    const planned = request.experimentId === undefined ? undefined : experiments.get(request.experimentId);
    if (request.experimentId !== undefined && planned?.status !== 'planned') {
      const state = planned ? `is ${planned.status}, not planned` : 'does not exist';
      throw new BotError(
        'unknown-experiment',
        `The experiment "${request.experimentId.slice(0, 60)}" ${state}.`,
        'Plan one with "plan".',
      );
    }
    return { preset, assignments };
  }

  /** Gives the job what was said at its launch. */
  function join(key: JobKey, request: LaunchRequest, command: string): string | undefined {
    const experiments = experimentsOf(request);
    jobs.setOwnerPerson(key, request.person.id);
    if (request.experimentId !== undefined) experiments.joinPlan(request.experimentId, key);
    const row = experiments.ofJob(key);
    if (!row) return undefined;
    experiments.editOfJob(key, {
      command,
      owner: row.owner || request.person.id,
      ...(request.hypothesis === undefined ? {} : { hypothesis: request.hypothesis }),
      ...(request.parent === undefined ? {} : { parent_experiment_id: request.parent }),
    });
    return row.experiment_id;
  }

  /** A launch that came to nothing keeps what was to be learnt as a plan. */
  function keepHypothesis(request: LaunchRequest, command: string): string | undefined {
    const { hypothesis, parent, experimentId, person } = request;
    if (hypothesis === undefined || experimentId !== undefined) return experimentId;
    return experimentsOf(request).plan({ hypothesis, parent, command, owner: person.id }).experiment_id;
  }

  return {
    presets: () => presets,
    check: (request) => check(request).assignments,
    preview(name, given) {
      const preset = findPreset(presets, name);
      const assignments = checkAssignments(preset, given);
      return { assignments, command: commandText(preset, assignments) };
    },
    underWay: () => underWay,

    origin(key) {
      const launch = launches.ofJob(key);
      return launch && { preset: launch.preset, assignments: launch.assignments, personId: launch.personId };
    },

    async launch(request, onProgress): Promise<LaunchOutcome> {
      const { preset, assignments } = check(request);
      const command = commandText(preset, assignments, request.position);
      const startedAt = clock();
      const outcome = (more: Partial<LaunchOutcome>): LaunchOutcome => ({
        state: 'launching',
        preset: preset.name,
        assignments,
        seconds: (clock() - startedAt) / 1000,
        ...more,
      });
      const id = launches.begin(queue.name, {
        preset: preset.name,
        assignments,
        personId: request.person.id,
        experimentId: request.experimentId ?? null,
        hypothesis: request.hypothesis ?? null,
        parent: request.parent ?? null,
      });
      let line: string | undefined;
      onProgress(outcome({}));
      const tick = setInterval(() => onProgress(outcome({ line })), TICK_MS);
      underWay += 1;
      try {
        const { argv, cwd } = preset;
        const result = await queue.launch({ argv, cwd, assignments, position: request.position }, (said) => {
          line = said;
        });
        if (!result.done) throw new LaunchFailed(result.reason, result.lastLines);
        await deps.settle();
        const { jobId, runDir } = result.job;
        const enqueuedAt = result.job.enqueuedAt ?? queue.snapshot()?.jobs.get(jobId)?.enqueuedAt;
        const key = enqueuedAt === undefined ? undefined : { queue: queue.name, jobId, enqueuedAt };
        if (!key || !jobs.get(key)) return outcome({ state: 'queued', jobId, runDir: runDir ?? undefined });
        launches.queued(id, key, runDir);
        const experimentId = join(key, request, command);
        deps.onAnswered(key);
        return outcome({ state: 'queued', jobId, runDir: runDir ?? undefined, experimentId });
      } catch (error) {
        launches.failed(id);
        if (!(error instanceof LaunchFailed) && !(error instanceof BotError))
          log.error({ err: error }, 'a launch failed');
        const experimentId = keepHypothesis(request, command);
        const kept =
          request.hypothesis !== undefined && experimentId
            ? ` The hypothesis is kept as ${experimentId}.`
            : '';
        const lastLines = error instanceof LaunchFailed ? error.lastLines : [];
        return outcome({ state: 'failed', reason: `${errorText(error)}${kept}`, lastLines, experimentId });
      } finally {
        underWay -= 1;
        clearInterval(tick);
      }
    },
  };
}

/** The launcher ended without a job; its last words say why. */
class LaunchFailed extends Error {
  readonly lastLines: string[];
  constructor(reason: string, lastLines: string[]) {
    super(reason);
    this.lastLines = lastLines;
  }
}
