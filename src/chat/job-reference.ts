import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import type { ExperimentRow } from '../core/experiment.ts';
import { type Job, jobIdMeant, parseJobKey } from '../core/job.ts';
import { nearest } from '../core/nearest.ts';
import type { Queue } from '../core/queue.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobStore } from '../store/jobs.ts';

/** How many jobs a wrong reference is compared with. */
const CANDIDATES = 200;

/** A session's experiments, as far as they name jobs. */
export type NamedExperiments = Pick<ExperimentsService, 'rows'>;

/**
 * The job that a reference means: a whole key as buttons carry it, `job-0000007`, `7`, `last` (the newest queued, or the last
 * that began),
 * `running`, or an experiment that has one. Of several jobs with one id, the one the queue still holds.
 * Errors `unknown-job`, naming the nearest; `no-job` for an experiment that was not run.
 */
export function resolveJob(
  reference: string,
  queue: Queue,
  jobs: JobStore,
  experiments?: NamedExperiments,
  last?: 'began',
): Job {
  const text = reference.trim();
  const lower = text.toLowerCase();
  if (lower === 'last') {
    const newest = last === 'began' ? jobs.lastBegun(queue.name) : jobs.list(queue.name, { limit: 1 })[0];
    if (newest) return newest;
    if (jobs.list(queue.name, { limit: 1 }).length > 0)
      throw new BotError(
        'unknown-job',
        'There is no last run: no job in this queue has started.',
        'Name a job by its id.',
      );
    throw new BotError(
      'unknown-job',
      'There is no last job: this queue has never had one.',
      'Queue one first.',
    );
  }
  if (lower === 'running') {
    const id = queue.snapshot()?.running[0];
    const job = id === undefined ? undefined : queue.snapshot()?.jobs.get(id);
    if (job) return jobs.get(job) ?? job;
    throw new BotError('unknown-job', 'No job is running.', 'Name a job by its id, or use "last".');
  }
  const key = parseJobKey(text) ?? parseJobKey(`${queue.name}/${text}`);
  const id = jobIdMeant(text);
  const found = key ? jobs.get(key) : id ? jobs.newest(queue.name, id) : undefined;
  if (found) return found;
  const row = experiments?.rows.get(text);
  if (row) return jobOfExperiment(row, jobs, experiments!);
  throw unknownJob(text, queue, jobs);
}

function jobOfExperiment(
  { experiment_id: id, status, queue_job_id }: ExperimentRow,
  jobs: JobStore,
  experiments: NamedExperiments,
): Job {
  const key = experiments.rows.jobOf(id);
  const job = key && jobs.get(key);
  if (job) return job;
  throw status === 'planned'
    ? new BotError(
        'no-job',
        `${id} has no job yet: it is only planned.`,
        `"queue experiment=${id}" launches one.`,
      )
    : new BotError(
        'no-job',
        `${id} has no job in this queue${queue_job_id === '' ? '' : `; the experiment log names ${queue_job_id}`}.`,
        'Name the job itself.',
      );
}

function unknownJob(text: string, queue: Queue, jobs: JobStore): BotError {
  const ids = [...new Set(jobs.list(queue.name, { limit: CANDIDATES }).map((job) => job.jobId))];
  const number = Number(/\d+/.exec(text)?.[0] ?? Number.NaN);
  const close = Number.isNaN(number)
    ? nearest(text, ids, 3)
    : ids
        .toSorted((a, b) => Math.abs(Number(a.slice(4)) - number) - Math.abs(Number(b.slice(4)) - number))
        .slice(0, 3);
  const hint = ids.length === 0 ? 'This queue has never had a job.' : `Nearest: ${close.join(', ')}.`;
  return new BotError(
    'unknown-job',
    `There is no job "${clip(text, 60)}".`,
    `${hint} "last", "running" or an experiment with a job works too.`,
  );
}
