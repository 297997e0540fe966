import { BotError } from '../core/errors.ts';
import { parseExperimentKey } from '../core/experiment.ts';
import { isEnded, type Job } from '../core/job.ts';
import type { WhichJob } from '../core/options.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { WaitingLaunchesService } from '../core/services/launches.ts';
import type { JobOrLaunch } from '../core/waiting-launch.ts';
import type { NamedExperiments } from './job-reference.ts';

/** Tells what a word means where a command takes a job, or a launch that waits. */
export interface Meant {
  /**
   * What is named: a job, or, where `orLaunch` is said, a launch that waits where that word names no job, or a job that it
   * repeats. Errors as of a job's reference; `not-waiting` for a launch that waits no more.
   */
  named(
    reference: string,
    among: Pick<ExperimentsService, 'rows' | 'session'> | undefined,
    which?: WhichJob,
  ): JobOrLaunch;
  /** What is meant where nothing is named, by the job that it is said of. */
  of(job: Job, which?: WhichJob): JobOrLaunch;
}

export function createMeant(deps: {
  waiting: Pick<WaitingLaunchesService, 'named' | 'noLonger' | 'retryOf'>;
  resolveJob(reference: string, among: NamedExperiments | undefined, which?: WhichJob): Job;
}): Meant {
  const { waiting, resolveJob } = deps;
  const of = (job: Job, which?: WhichJob): JobOrLaunch =>
    (which?.orLaunch && isEnded(job.status) && waiting.retryOf(job)) || job;

  return {
    of,
    named(reference, among, which) {
      try {
        return of(resolveJob(reference, among, which), which);
      } catch (error) {
        if (!which?.orLaunch || !(error instanceof BotError)) throw error;
        const session = among?.session.info().name ?? '';
        const launch = waiting.named(reference, session);
        if (launch) return launch;
        const why = waiting.noLonger(reference, session);
        if (why === undefined) throw error;
        const name = parseExperimentKey(reference)?.experimentId ?? reference;
        throw new BotError('not-waiting', `${name} ${why}`, 'Nothing was changed.');
      }
    },
  };
}
