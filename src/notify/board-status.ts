import type { BoardStatus, QueueStatus, Reached } from '../core/facts.ts';
import type { JobKey } from '../core/job.ts';
import type { Queue } from '../core/queue.ts';
import { type Queues, runningIn } from '../core/queues.ts';
import type { JobRecord, JobsService } from '../core/services/jobs.ts';
import type { WaitingLaunchesService } from '../core/services/launches.ts';
import { otherEnd } from './cause.ts';
import type { Soon } from './soon.ts';
import type { Starts } from './starts.ts';

/** Waiting jobs, launches that wait, and ended jobs that the board names. */
const BOARD_WAITING = 10;
const BOARD_LAUNCHES = 10;
const BOARD_ENDED = 5;

/** Tells every queue, or only some, as they stand now: the first, and beside it the others. */
export function createBoardStatus(deps: {
  queues: Queues;
  jobs: JobsService;
  starts: Starts;
  soon: Soon;
  launches: Pick<WaitingLaunchesService, 'list'>;
  findOwner(key: JobKey): Promise<string | null>;
  objective(job: JobRecord): Promise<Reached | null>;
  causeOf(job: JobRecord): Promise<string>;
}): (only?: readonly string[]) => Promise<BoardStatus> {
  const { queues, jobs, starts, soon, findOwner, objective, causeOf } = deps;

  function recordOf(key: JobKey | undefined): JobRecord | undefined {
    return key && jobs.get(key);
  }

  /** How well a queue is read; a missing state file, with jobs already known, is one reason why nothing is known. */
  function readingOf(queue: Queue): Pick<QueueStatus, 'problem' | 'unread' | 'lastReadAt'> {
    const health = queue.health();
    const snapshot = queue.snapshot();
    const isMissing = snapshot?.isAbsent === true && jobs.list({ queue: queue.name, limit: 1 }).length > 0;
    const missing = isMissing ? 'its state file is missing. xax creates it again with the next job' : null;
    return {
      problem: health.ok ? missing : health.problem,
      ...(!snapshot || isMissing ? { unread: true } : {}),
      ...(health.ok ? {} : { lastReadAt: health.lastReadAt }),
    };
  }

  async function statusOf(queue: Queue): Promise<Omit<QueueStatus, 'ended'>> {
    const snapshot = queue.snapshot();
    const running = (snapshot?.running ?? [])
      .map((id) => recordOf(snapshot?.jobs.get(id)))
      .filter((job) => job !== undefined);
    const { waiting, count } = await starts.waiting(queue, BOARD_WAITING);
    return {
      queue: queue.name,
      ...{ simulated: queue.simulated, beside: queue.beside },
      ...readingOf(queue),
      ...(queue.startedBy === undefined ? {} : { startedBy: queue.startedBy }),
      observer: snapshot?.observer ?? null,
      running: await Promise.all(
        running.map(async (job) => ({
          job,
          owner: await soon(findOwner(job), job.owner),
          ...(await starts.leftOf(job)),
        })),
      ),
      waiting: await Promise.all(
        waiting.map(async ({ job, startsIn }) => ({
          job,
          owner: await soon(findOwner(job), job.owner),
          startsIn,
        })),
      ),
      waitingCount: count,
    };
  }

  const endedNow = (only: readonly string[] | undefined): Promise<QueueStatus['ended']> =>
    Promise.all(
      jobs.recentlyEnded(BOARD_ENDED, only).map(async (job) => ({
        job,
        owner: job.owner,
        objective: job.status === 'failed' ? null : await soon(objective(job), null),
        summary:
          job.status === 'failed' ? await soon(causeOf(job), '') : otherEnd(job, jobs.transitions(job)),
      })),
    );

  return async (only) => {
    const shown = queues.all.filter((queue) =>
      only ? only.includes(queue.name) : !queue.beside || runningIn(queue).length > 0,
    );
    const [first, ...others] = await Promise.all(shown.map(statusOf));
    const launches = deps.launches.list(BOARD_LAUNCHES, only ? { queues: only } : {});
    return {
      ...first!,
      ended: await endedNow(only),
      ...(launches.count > 0 ? { launches } : {}),
      ...(others.length > 0 ? { others } : {}),
      ...(queues.with('launch').length > 0 ? {} : { canLaunch: false }),
    };
  };
}
