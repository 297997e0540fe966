import { BotError } from '../core/errors.ts';
import { type Job, parseJobKey } from '../core/job.ts';
import type { WhichJob } from '../core/options.ts';
import type { Queues } from '../core/queues.ts';
import type { Destination, MessageRef, RequestContext } from '../core/request.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobsService } from '../core/services/jobs.ts';
import type { JobOrLaunch } from '../core/waiting-launch.ts';
import type { Outbox } from '../store/outbox.ts';
import type { WordContext } from './bind.ts';
import { namesQueuesJob } from './job-reference.ts';
import type { Meant } from './launch-reference.ts';

export interface PlaceDeps {
  jobs: Pick<JobsService, 'get'>;
  outbox: Pick<Outbox, 'subjectOf' | 'subjectOfPost'>;
  /** The experiments of a channel's session. */
  experimentsIn(at: Destination): ExperimentsService;
  queues: Queues;
  meant: Meant;
}

/** What words mean where they are said: which job is implied, which words are experiments, which job a word names. */
export function createPlaces({ jobs, outbox, queues, experimentsIn, meant }: PlaceDeps) {
  /** The job that a thread is about. */
  function threadJob({ adapter, thread }: Pick<RequestContext, 'adapter' | 'thread'>): Job | undefined {
    const subject = thread && outbox.subjectOf(adapter, thread);
    const key = subject === undefined ? undefined : parseJobKey(subject);
    return key && jobs.get(key);
  }

  /** The job that a message of ours is about: its card, what began its thread, or what was said there. */
  function jobAt(adapter: string, message: MessageRef): Job | undefined {
    const subject = outbox.subjectOf(adapter, message) ?? outbox.subjectOfPost(adapter, message);
    const key = subject === undefined ? undefined : parseJobKey(subject);
    return key && jobs.get(key);
  }

  function meantAt(
    at: Destination,
    reference: string | undefined,
    implied: Job | undefined,
    which?: WhichJob,
  ): JobOrLaunch {
    if (reference !== undefined) return meant.named(reference, experimentsIn(at), which);
    if (implied) return meant.of(implied, which);
    throw new BotError(
      'which-job',
      'Which job?',
      "Name one (job-0000007, 7, last, running), or ask in a job's thread.",
    );
  }

  return {
    threadJob,
    jobAt,

    words(at: Destination, implied: Job | undefined): WordContext {
      const { rows } = experimentsIn(at);
      return {
        jobImplied: implied !== undefined,
        namesExperiment: (word) => rows.get(word) !== undefined,
        namesQueuesJob: (word) => namesQueuesJob(word, queues),
      };
    },

    lookups: (at: Destination, implied: Job | undefined) => ({
      inJobThread: implied !== undefined,
      job: (reference: string | undefined, which?: WhichJob) => meantAt(at, reference, implied, which),
    }),

    /** The job of a half-filled form; undefined while it names none. */
    knownJob(at: Destination, reference: string | undefined, implied: Job | undefined): Job | undefined {
      try {
        return meantAt(at, reference || undefined, implied) as Job;
      } catch {
        return undefined;
      }
    },
  };
}

export type Places = ReturnType<typeof createPlaces>;
