import { parseExperimentKey } from '../core/experiment.ts';
import { isSameJob } from '../core/job.ts';
import type { Doer } from '../core/person.ts';
import type { MutationResult } from '../core/queue.ts';
import type { Queues } from '../core/queues.ts';
import type { WaitingLaunchesService } from '../core/services/launches.ts';
import type { WaitingLaunch } from '../core/waiting-launch.ts';
import type { JobStore } from '../store/jobs.ts';
import type { LaunchStore } from '../store/launches.ts';
import type { KeptLaunch, ListedLaunch, WaitingLaunches } from '../store/waiting-launches.ts';
import type { LaunchedInto } from './join.ts';
import { lifeNow } from './waited-for.ts';
import { givenUp, waitsNoMore } from './waiting-note.ts';

/** Launches of other jobs' lives than the one asked about are few: an id is put back a handful of times. */
const OF_ONE_ID = 1_000;

/** Shows what waits to be launched, and takes it back. */
export function createWaiting(deps: {
  waits: WaitingLaunches;
  jobs: Pick<JobStore, 'get' | 'newest'>;
  queues: Pick<Queues, 'nameOf'>;
  launches: Pick<LaunchStore, 'transaction'>;
  /** Those of a session by its number. */
  experimentsOf(session: number): LaunchedInto;
  nameOf(person: string): string;
  /** Every id of a person. */
  personsOf(person: string): readonly string[];
  /** Called in the transaction that takes one back. */
  onTakenBack(launch: WaitingLaunch, by: Doer): void;
}): WaitingLaunchesService {
  const { waits, jobs, queues } = deps;

  function told(wait: ListedLaunch): WaitingLaunch {
    const { id, kind, request, person, sessionName, experimentId, cause } = wait;
    const job = lifeNow(wait.job, jobs);
    return {
      id,
      kind,
      preset: request.preset,
      by: deps.nameOf(person.id),
      person: person.id,
      queue: request.queue ?? null,
      session: sessionName,
      experimentId,
      job,
      after: queues.nameOf(job),
      cause,
    };
  }

  /** What became of one that waits no more, words behind its name. */
  function whatBecame({ state, job, session, experimentId }: KeptLaunch): string {
    const { rows } = deps.experimentsOf(session);
    const launched = experimentId === null ? undefined : rows.jobOf(experimentId);
    const as = launched ? ` as ${queues.nameOf(launched)}` : '';
    if (state === 'launched')
      return `waits no more: it was launched${as} when ${queues.nameOf(lifeNow(job, jobs))} had ended.`;
    if (launched) return `waits no more: it was queued${as}.`;
    const isPlanned = experimentId !== null && rows.get(experimentId)?.status === 'planned';
    return isPlanned ? 'waits no more: it is only planned.' : 'was taken back before.';
  }

  return {
    list(limit, { queues: only, owner } = {}) {
      const filter = { queues: only, persons: owner === undefined ? undefined : deps.personsOf(owner) };
      return { shown: waits.list(filter, limit).map(told), count: waits.count(filter) };
    },

    ofJob(key, limit) {
      const { queue, jobId } = key;
      const those = waits
        .list({ job: { queue, jobId } }, OF_ONE_ID)
        .filter(({ job }) => isSameJob(lifeNow(job, jobs), key));
      return { shown: those.slice(0, limit).map(told), count: those.length };
    },

    named(reference, session) {
      const key = parseExperimentKey(reference);
      const [ofKey] = key ? waits.list({ ...key }, 1) : [];
      const [here] = waits.list({ session, experimentId: reference }, 1);
      const [other, ...others] = waits.list({ experimentId: reference }, 2);
      const meant = ofKey ?? here ?? (others.length === 0 ? other : undefined);
      return meant && told(meant);
    },

    retryOf(key) {
      const those = waits.list({ job: { queue: key.queue, jobId: key.jobId } }, OF_ONE_ID);
      const found = those.find(({ kind, job }) => kind === 'retry' && isSameJob(job, key));
      return found && told(found);
    },

    noLonger(reference, session) {
      const key = parseExperimentKey(reference) ?? { session, experimentId: reference };
      const wait = waits.newestOf(key.session, key.experimentId);
      return wait && whatBecame(wait);
    },

    takeBack: (launch, by) =>
      deps.launches.transaction((): MutationResult => {
        if (!waits.drop(launch.id)) return { done: false, reason: whatBecame(waits.get(launch.id)!) };
        const { session, experimentId } = waits.get(launch.id)!;
        if (experimentId !== null) givenUp(deps.experimentsOf(session), experimentId);
        deps.onTakenBack(launch, by);
        return { done: true };
      }),

    givenUp: (session, experimentId, by) =>
      deps.launches.transaction(() => {
        const [wait] = waits.list({ session, experimentId }, 1);
        if (!wait || !waits.drop(wait.id)) return false;
        waitsNoMore(deps.experimentsOf(wait.session), experimentId);
        deps.onTakenBack(told(wait), by);
        return true;
      }),
  };
}
