import { BotError } from '../core/errors.ts';
import { isFollowed } from '../core/followed.ts';
import { jobName, waitsForEver } from '../core/job.ts';
import type { Queues } from '../core/queues.ts';
import type { LaunchOutcome, LaunchRequest, LaunchService } from '../core/services/launches.ts';
import type { JobStore } from '../store/jobs.ts';
import type { LaunchStore } from '../store/launches.ts';
import type { KeptPerson, KeptRequest, WaitingLaunches } from '../store/waiting-launches.ts';
import type { Begin } from './begin.ts';
import { waitedFor } from './waited-for.ts';
import { waitingNote } from './waiting-note.ts';

/** Writes down launches that start when another job has completed: each is a planned experiment until then. */
export function createLaunchAfter(deps: {
  check: Begin['check'];
  plan: Begin['plan'];
  waits: WaitingLaunches;
  queues: Pick<Queues, 'watches'>;
  launches: Pick<LaunchStore, 'transaction'>;
  jobs: Pick<JobStore, 'get' | 'newest'>;
  usual: LaunchService['usual'];
  /** Whoever launches, with what they are allowed now where they said so. */
  keep(person: LaunchRequest['person'], at: Parameters<LaunchService['launchAfter']>[2]): KeptPerson;
}): LaunchService['launchAfter'] {
  const { waits, launches, jobs, queues } = deps;

  return (request, after, at) =>
    launches.transaction((): LaunchOutcome | null => {
      const known = jobs.get(after)!;
      const name = jobName({ ...known, task: undefined });
      if (after.task !== undefined)
        throw new BotError('only-array', 'A launch waits for a whole array.', `after=${name} does.`, 'after');
      if (isFollowed(after))
        throw new BotError(
          'not-completed',
          `${name} is only followed: how it ended will not be known.`,
          'Name a job that a queue started. Nothing was launched.',
          'after',
        );
      const standing = waitedFor(after, jobs, queues);
      if (standing === 'completed') return null;
      if (standing !== 'open')
        throw new BotError(
          'not-completed',
          `${name} ${standing.why}, so nothing starts after it.`,
          'Leave after=… out to queue it anyway. Nothing was launched.',
          'after',
        );
      const { position, ...anywhere } = request;
      const checked = deps.check(anywhere);
      const { preset, assignments, session, experiments } = checked;
      const row = checked.planned ?? deps.plan(request, checked);
      const { experiment_id: experimentId, next_action } = row;
      const other = waits.ofExperiment(session, experimentId);
      if (other)
        throw new BotError(
          'waits-already',
          `${experimentId} waits already: it starts when ${nameOf(other.job)} has completed.`,
          `"cancel ${experimentId}" takes that back. Nothing was changed.`,
          'experiment',
        );
      waits.add({
        kind: 'after',
        job: { queue: after.queue, jobId: after.jobId, enqueuedAt: after.enqueuedAt },
        session,
        experimentId,
        request: keptRequest(request, assignments, checked.planned ? undefined : experimentId),
        person: deps.keep(request.person, at),
        attempt: 0,
        cause: null,
      });
      if (next_action === '') experiments.editor.edit(experimentId, { next_action: waitingNote(name) });
      const forEver = waitsForEver(known);
      return {
        state: 'waiting',
        preset: preset.name,
        ...(request.queue === undefined ? {} : { queue: request.queue }),
        after: name,
        assignments,
        usual: deps.usual(preset.name, assignments),
        experimentId,
        ...(forEver ? { trouble: `${name} ${forEver}, and so does what starts after it.` } : {}),
        seconds: 0,
      };
    });

  function nameOf(key: Parameters<JobStore['get']>[0]): string {
    const job = jobs.get(key);
    return job ? jobName(job) : key.jobId;
  }
}

/** What is kept of a launch. What a new plan says stands in its row. */
function keptRequest(
  request: LaunchRequest,
  assignments: Record<string, string>,
  planned: string | undefined,
): KeptRequest {
  const { preset, queue, position, hypothesis, expected, parent, experimentId, replace } = request;
  const where = { preset, assignments, queue, position };
  return planned === undefined
    ? { ...where, hypothesis, expected, parent, experimentId, replace }
    : { ...where, experimentId: planned };
}
