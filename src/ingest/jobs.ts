import type { Job, JobKey } from '../core/job.ts';
import type { JobRecord, KnownJobs } from '../core/services/jobs.ts';
import type { People } from '../identity/people.ts';
import type { JobStore } from '../store/jobs.ts';

/** The jobs of some queues; an owner is whoever is meant by that name, however their jobs were put down. */
export function createJobsService(
  jobs: JobStore,
  queues: readonly string[],
  people: Pick<People, 'spellingsOf'>,
): KnownJobs {
  /** What each queue gives, together: the first by `order`, at most so many. */
  function together(of: (queue: string) => JobRecord[], order: Order, limit?: number): JobRecord[] {
    const found = queues.map(of);
    return found.length === 1 ? found[0]! : found.flat().sort(order).slice(0, limit);
  }

  /** Jobs of one enqueue time stand in the order of their queues. */
  function behind(queue: string, { queue: own, jobId, enqueuedAt }: JobKey) {
    if (queue === own) return { enqueuedAt, jobId };
    return { enqueuedAt, jobId: queues.indexOf(queue) > queues.indexOf(own) ? null : undefined };
  }

  return {
    get: jobs.get,
    newest: jobs.newest,
    lastBegun: (named) =>
      (named === undefined ? queues : [named])
        .flatMap((queue) => jobs.lastBegun(queue) ?? [])
        .sort(begunLast)[0],
    list({ owner, queue, before, ...filter }) {
      const asked = owner === undefined ? filter : { ...filter, owners: people.spellingsOf(owner) };
      const of = (each: string) => jobs.list(each, { ...asked, before: before && behind(each, before) });
      return queue === undefined ? together(of, enqueuedLast, filter.limit) : of(queue);
    },
    recentlyEnded: (limit, only) =>
      together(
        (queue) => (!only || only.includes(queue) ? jobs.recentlyEnded(queue, limit) : []),
        endedLast,
        limit,
      ),
    endedSince: (at) => together((queue) => jobs.endedSince(queue, at / 1000), endedLast),
    ranSince: (at) => together((queue) => jobs.ranSince(queue, at / 1000), enqueuedLast),
    transitions: jobs.transitions,
    usualSeconds: (taskKey, queue) => jobs.usualSeconds(queue, taskKey),
  };
}

type Order = (a: Job, b: Job) => number;

const enqueuedLast: Order = (a, b) => b.enqueuedAt - a.enqueuedAt;
const endedLast: Order = (a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0);
const isRunning = ({ status, removed }: JobRecord) => Number(status === 'running' && !removed);
const begunLast = (a: JobRecord, b: JobRecord) =>
  isRunning(b) - isRunning(a) || (b.startedAt ?? 0) - (a.startedAt ?? 0);
