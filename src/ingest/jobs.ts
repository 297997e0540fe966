import type { JobsService } from '../core/services/jobs.ts';
import type { People } from '../identity/people.ts';
import type { JobStore } from '../store/jobs.ts';

/** The jobs of one queue; an owner is whoever is meant by that name, however their jobs were put down. */
export function createJobsService(
  jobs: JobStore,
  queue: string,
  people: Pick<People, 'spellingsOf'>,
): JobsService {
  return {
    get: jobs.get,
    list: ({ owner, ...filter }) =>
      jobs.list(queue, owner === undefined ? filter : { ...filter, owners: people.spellingsOf(owner) }),
    recentlyEnded: (limit) => jobs.recentlyEnded(queue, limit),
    endedSince: (at) => jobs.endedSince(queue, at / 1000),
    ranSince: (at) => jobs.ranSince(queue, at / 1000),
    transitions: jobs.transitions,
    usualSeconds: (taskKey) => jobs.usualSeconds(queue, taskKey),
  };
}
