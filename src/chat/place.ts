import { BotError } from '../core/errors.ts';
import { type Job, parseJobKey } from '../core/job.ts';
import type { WhichJob } from '../core/options.ts';
import type { Queues } from '../core/queues.ts';
import type { Destination, MessageRef, RequestContext } from '../core/request.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobsService } from '../core/services/jobs.ts';
import type { Outbox } from '../store/outbox.ts';
import type { WordContext } from './bind.ts';
import { type NamedExperiments, namesQueuesJob } from './job-reference.ts';

export interface PlaceDeps {
  jobs: Pick<JobsService, 'get'>;
  outbox: Pick<Outbox, 'subjectOf' | 'subjectOfPost'>;
  /** The experiments of a channel's session. */
  experimentsIn(at: Destination): ExperimentsService;
  queues: Queues;
  resolveJob(reference: string, experiments: NamedExperiments, which?: WhichJob): Job;
}

/** What words mean where they are said: which job is implied, which words are experiments, which job a word names. */
export function createPlaces({ jobs, outbox, queues, experimentsIn, resolveJob }: PlaceDeps) {
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

  function jobFor(
    at: Destination,
    reference: string | undefined,
    implied: Job | undefined,
    which?: WhichJob,
  ): Job {
    if (reference !== undefined) return resolveJob(reference, experimentsIn(at), which);
    if (implied) return implied;
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
      job: (reference: string | undefined, which?: WhichJob) => jobFor(at, reference, implied, which),
    }),

    /** The job of a half-filled form; undefined while it names none. */
    knownJob(at: Destination, reference: string | undefined, implied: Job | undefined): Job | undefined {
      try {
        return jobFor(at, reference || undefined, implied);
      } catch {
        return undefined;
      }
    },
  };
}

export type Places = ReturnType<typeof createPlaces>;
