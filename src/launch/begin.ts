import { BotError } from '../core/errors.ts';
import type { JobKey } from '../core/job.ts';
import type { Preset } from '../core/preset.ts';
import { LAUNCH_MAX_MS, type Queue } from '../core/queue.ts';
import type { Queues } from '../core/queues.ts';
import type { LaunchRequest } from '../core/services/launches.ts';
import type { Clock } from '../core/time.ts';
import type { LaunchStore } from '../store/launches.ts';
import type { WaitingLaunches } from '../store/waiting-launches.ts';
import { checkAssignments, commandText, findPreset } from './check.ts';
import { checkExperiment } from './check-experiment.ts';
import type { QueueChoice } from './choose-queue.ts';
import type { LaunchedInto } from './join.ts';
import { waitsNoMore } from './waiting-note.ts';

/** Checks launches, and writes down those that begin. */
export function createBegin(deps: {
  queues: Queues;
  choice: Pick<QueueChoice, 'certain'>;
  presets(): readonly Preset[];
  launches: LaunchStore;
  waits: Pick<WaitingLaunches, 'launched' | 'ofExperiment' | 'drop'>;
  /** Those of a session by its number; null: of the one in use. */
  experimentsOf(session: number | null): LaunchedInto;
  /** How settings differ from those of a job's launch, in words. */
  changes(against: JobKey | undefined, assignments: Readonly<Record<string, string>>): string;
  /** A person's name. */
  nameOf(person: string): string;
  clock: Clock;
}) {
  const { queues, choice, presets, launches, waits, changes, clock } = deps;

  /** Every check that can refuse a launch before it starts. */
  function check(request: LaunchRequest, chosen?: Queue) {
    const preset = findPreset(presets(), request.preset);
    const assignments = checkAssignments(preset, request.assignments);
    const queue = chosen ?? choice.certain(preset, request.queue, request.person);
    const waiting = queue?.snapshot()?.order.length ?? 0;
    if (queue && request.position !== undefined && request.position > waiting + 1) {
      throw new BotError(
        'bad-position',
        `position ${request.position} is past the end: ${waiting} ${waiting === 1 ? 'job waits' : 'jobs wait'}.`,
        `Give 1 to ${waiting + 1}, or leave it out for the end.`,
        'position',
      );
    }
    // The session is the one in use now, whatever is in use when the launcher has answered.
    const { id: session, name, closedAt } = request.session ?? deps.experimentsOf(null).session.info();
    if (closedAt !== null)
      throw new BotError(
        'session-closed',
        `The session ${name}, in which this would run, is closed.`,
        `"session use ${name}" opens it again.`,
      );
    const experiments = deps.experimentsOf(session);
    const { planned, parent } = checkExperiment(request, experiments);
    if (planned) mustNotBeUnderWay(session, planned.experiment_id);
    const command = commandText(preset, assignments, request.position, queue);
    return { preset, assignments, command, session, experiments, planned, parent };
  }

  function mustNotBeUnderWay(session: number, experimentId: string): void {
    const since = clock() - LAUNCH_MAX_MS;
    const [other] = queues.all.flatMap(
      ({ name }) => launches.underWay(name, session, experimentId, since) ?? [],
    );
    if (!other) return;
    const seconds = Math.round((clock() - other.startedAt) / 1000);
    throw new BotError(
      'launch-under-way',
      `${experimentId} is already being launched, by ${deps.nameOf(other.personId)}, ${seconds} s ago.`,
      'Nothing was launched.',
    );
  }

  /** Checked, planned where it has a name of its own, and written down: one transaction, so that nothing is launched twice. */
  function begin(request: LaunchRequest, queue: Queue) {
    return launches.transaction(() => {
      const checked = check(request, queue);
      const { preset, assignments, session, planned, parent } = checked;
      const { name, hypothesis, expected, person } = request;
      const isNew = name !== undefined;
      const row = isNew ? plan(request, checked) : planned;
      const launch = launches.begin(queue.name, {
        preset: preset.name,
        assignments,
        personId: person.id,
        session,
        experimentId: row?.experiment_id ?? null,
        hypothesis: isNew ? null : (hypothesis ?? null),
        expected: isNew ? null : (expected ?? null),
        parent: isNew ? null : (parent ?? null),
      });
      takenUp(request.waiting, row?.experiment_id, checked, launch.id);
      return { ...checked, launch };
    });
  }

  /** What waited to be launched has been: in the transaction of the launch, so that it is launched once. Error `not-waiting`. */
  function takenUp(
    waiting: number | undefined,
    experimentId: string | undefined,
    { session, experiments }: Pick<Checked, 'session' | 'experiments'>,
    launch: number,
  ): void {
    if (waiting !== undefined && !waits.launched(waiting, launch))
      throw new BotError('not-waiting', 'It does not wait to be launched any more.');
    if (experimentId === undefined) return;
    const other = waits.ofExperiment(session, experimentId);
    if (other) waits.drop(other.id);
    waitsNoMore(experiments, experimentId);
  }

  /** A planned experiment for what was checked. */
  function plan(request: LaunchRequest, { preset, assignments, command, parent, experiments }: Checked) {
    const { name, hypothesis = '', expected = '', person } = request;
    return experiments.plans.add({
      name,
      hypothesis,
      parent,
      command,
      owner: person.name,
      changeSummary: changes(parent === undefined ? undefined : experiments.rows.jobOf(parent), assignments),
      launch: { preset: preset.name, assignments, expected, by: person.id },
    });
  }

  return { check, begin, plan };
}

type Checked = ReturnType<ReturnType<typeof createBegin>['check']>;
export type Begin = ReturnType<typeof createBegin>;
