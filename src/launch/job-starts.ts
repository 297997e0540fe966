import { whyQuestion } from '../cards/posts.ts';
import type { GpusService } from '../core/gpus.ts';
import { jobKeyText } from '../core/job.ts';
import { gpusHeld } from '../core/job-tasks.ts';
import type { Log } from '../core/log.ts';
import type { PersonId } from '../core/message.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { LaunchService } from '../core/services/launches.ts';
import { isEnding, type Recorded } from '../ingest/tracker.ts';
import type { Facts } from '../notify/facts.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { JobStore } from '../store/jobs.ts';

/** A job that started longer ago is not asked about, milliseconds. */
const ASKED_WITHIN_MS = 10 * 60_000;

/** What is recorded and asked when jobs start. */
export function createJobStarts(deps: {
  experiments: Pick<ExperimentsService, 'rows' | 'editor'>;
  launches: Pick<LaunchService, 'origin'>;
  facts: Pick<Facts, 'changes'>;
  gpus: Pick<GpusService, 'count'>;
  jobs: Pick<JobStore, 'setGpus'>;
  notifier: Pick<Notifier, 'aboutJob'>;
  ownerOf(job: JobRecord): { id: PersonId; name: string } | undefined;
  log: Log;
}) {
  const { experiments, log } = deps;

  return {
    /** Asks once what a job started from a shell is expected to show; not about jobs from long ago. */
    askWhy(recorded: readonly Recorded[]): void {
      for (const { job, transition } of recorded) {
        if (transition.seenAt - transition.at > ASKED_WITHIN_MS) continue;
        const owner = deps.ownerOf(job);
        const isExplained =
          experiments.rows.ofJob(job)?.hypothesis !== '' || deps.launches.origin(job) !== undefined;
        if (owner && !isExplained)
          deps.notifier.aboutJob(`why:${jobKeyText(job)}`, job, whyQuestion(job, owner));
      }
    },

    /** Records how many GPUs the queue held when runs started, if known; of an array how many it had on the average once it is over. */
    countGpus(recorded: readonly Recorded[]): void {
      const counted = recorded.filter(
        (each) => each.transition.kind === 'started' || (each.job.tasks && isEnding(each)),
      );
      for (const { job, transition } of counted) {
        const told = job.tasks ? gpusHeld(job, transition.at) : (job.gpusGiven ?? deps.gpus.count(job.queue));
        Promise.resolve(told)
          .then((count) => {
            if (count !== null) deps.jobs.setGpus(job, count);
          })
          .catch((error) => log.warn({ err: error }, 'on how many GPUs a run began could not be told'));
      }
    },

    /**
     * Records what a run changes, unless someone has said so: the log's readers look there first. That is known when it starts, or, where
     * its stack tells of its settings itself, when it ends.
     */
    describeChanges(recorded: readonly Recorded[], moment: 'start' | 'end'): void {
      for (const { job } of recorded) {
        deps.facts
          .changes(job, '->')
          .then((changes) => {
            const row = experiments.rows.ofJob(job);
            if (!changes || changes.text === '' || row?.change_summary !== '') return;
            if (changes.told === 'in part' || (moment === 'end' && changes.told !== 'later')) return;
            const change_summary = `${changes.text} (against ${changes.experimentId})`;
            experiments.editor.editOfJob(job, { change_summary });
          })
          .catch((error) => log.warn({ err: error, job: job.jobId }, 'what a run changes could not be told'));
      }
    },
  };
}

export type JobStarts = ReturnType<typeof createJobStarts>;
