import { notRetriedPost } from '../cards/waiting-launch-post.ts';
import { isEnded, type Job, type JobKey, jobKeyText, jobName } from '../core/job.ts';
import type { Preset, RetryCause } from '../core/preset.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Recorded } from '../ingest/tracker.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { LaunchStore } from '../store/launches.ts';
import type { WaitingLaunches } from '../store/waiting-launches.ts';
import type { LaunchedInto } from './join.ts';

/** The ends that a scheduler itself calls so (job states of Slurm, squeue(1)). */
const CAUSES: Readonly<Record<string, RetryCause>> = { PREEMPTED: 'preempted', NODE_FAIL: 'node_failure' };

/**
 * Writes down which jobs their preset has launched again: those launched from it that their scheduler ended for good, in
 * whichever life, by no person's will. Call it inside the transaction that records their ends.
 */
export function createRetries(deps: {
  waits: WaitingLaunches;
  launches: Pick<LaunchStore, 'ofJob'>;
  presetOf(job: Job): Preset | undefined;
  /** Those of the session that a job is in. */
  experimentsOf(job: JobKey): LaunchedInto;
  nameOf(person: string): string;
  notifier: Pick<Notifier, 'aboutJob'>;
}) {
  const { waits } = deps;

  function ended(job: JobRecord): void {
    const cause = causeOf(job);
    const launch = deps.launches.ofJob(job);
    const retry = deps.presetOf(job)?.retry;
    if (!cause || !launch || !retry?.on.includes(cause)) return;
    // Its first life is what was launched: what was said of it stands there.
    const launched = { ...job, enqueuedAt: launch.enqueuedAt ?? job.enqueuedAt };
    const before = waits.ofLaunch(launch.id);
    const earlier = before?.kind === 'retry' ? before.attempt : 0;
    const attempt = Math.max(earlier, waits.retried(job, launched.enqueuedAt)) + 1;
    if (attempt > retry.most) {
      const why = `It was ${retry.most} ${retry.most === 1 ? 'time' : 'times'} in a row, as often as its preset says.`;
      deps.notifier.aboutJob(`retry:${jobKeyText(job)}`, job, notRetriedPost(cause, jobName(job), why));
      return;
    }
    const { rows, session } = deps.experimentsOf(launched);
    const row = rows.ofJob(launched);
    const parent = before?.kind === 'retry' ? before.request.parent : row?.experiment_id;
    const { preset, assignments, personId } = launch;
    waits.add({
      kind: 'retry',
      job: { queue: job.queue, jobId: job.jobId, enqueuedAt: job.enqueuedAt },
      session: session.info().id,
      experimentId: null,
      request: { preset, assignments, queue: job.queue, hypothesis: row?.hypothesis || undefined, parent },
      person: { id: personId, name: deps.nameOf(personId), rights: null },
      attempt,
      cause,
    });
  }

  return {
    /** What a queue told: an end, or what an end was in truth. */
    take(recorded: readonly Recorded[]): void {
      for (const { job, transition } of recorded)
        if (isEnded(job.status) && (transition.kind === job.status || transition.kind === 'relabelled'))
          ended(job);
    },
  };
}

/** undefined where it ended otherwise, where somebody killed it, where it goes on by itself, and of an array, whose tasks end each in its own way. */
function causeOf({ scheduler, status, seen, killedBy, tasks }: JobRecord): RetryCause | undefined {
  const isOver = status !== 'completed' && seen?.by !== 'requeued' && killedBy === null && !tasks;
  const state = scheduler?.state ?? '';
  return isOver && Object.hasOwn(CAUSES, state) ? CAUSES[state] : undefined;
}

export type Retries = ReturnType<typeof createRetries>;
