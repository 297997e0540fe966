import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import type { ExperimentRow } from '../core/experiment.ts';
import {
  type Job,
  type JobKey,
  jobIdsMeant,
  jobName,
  parseJobKey,
  taskMeant,
  taskName,
} from '../core/job.ts';
import { taskState } from '../core/job-tasks.ts';
import { nearest } from '../core/nearest.ts';
import type { WhichJob } from '../core/options.ts';
import type { Queue } from '../core/queue.ts';
import { type Queues, runningIn } from '../core/queues.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobRecord, KnownJobs } from '../core/services/jobs.ts';

/** A job's number has no more digits. */
const DIGITS_MAX = 20;
/** How many jobs a wrong reference is compared with. */
const CANDIDATES = 200;

/** A session's experiments, as far as they name jobs. */
export type NamedExperiments = Pick<ExperimentsService, 'rows'>;

export interface ReferenceDeps {
  queues: Pick<Queues, 'all' | 'areSeveral' | 'named'>;
  jobs: Pick<KnownJobs, 'get' | 'list' | 'newest' | 'lastBegun'>;
}

/**
 * The job that a reference means: a whole key as buttons carry it, `job-0000007`, `7`, `last` (the newest queued, or the last
 * that began), `running`, each of them also with a queue's name before it (`gpu-02/7`), or an experiment that has one. Of
 * several jobs of a queue with one id, the one that it still holds. Errors `unknown-job`, naming the nearest;
 * `ambiguous-job`, naming the candidates, where several queues have such a job; `unknown-queue`; `no-job` for an experiment
 * that was not run.
 */
export function resolveJob(
  reference: string,
  deps: ReferenceDeps,
  experiments?: NamedExperiments,
  { last, ofQueue }: WhichJob = {},
): Job {
  const { queues, jobs } = deps;
  const text = reference.trim();
  const key = parseJobKey(text);
  const known = (key && jobs.get(key)) ?? keyless(text, deps) ?? taskOfKey(key, jobs);
  if (known) return known;
  const { queue, within } = queueIn(text, queues);
  const row = experiments?.rows.get(text);
  const among = queue ? [queue] : queues.all;
  // What stands before a slash and is no queue's name is part of no job's.
  const isOther = queue === undefined && within !== text;
  if (isOther && row) return jobOfExperiment(row, jobs, experiments!);
  if (isOther && isName(within)) queues.named(text.slice(0, text.lastIndexOf('/')));
  const lower = within.toLowerCase();
  if (lower === 'last') return lastJob(among, deps, last);
  if (lower === 'running') return runningJob(ofQueue ? among.filter(({ beside }) => !beside) : among, deps);
  const ids = jobIdsMeant(within);
  const found = among.flatMap(({ name }) => ids.flatMap((id) => jobs.newest(name, id) ?? []));
  const held = found.filter(({ removed }) => !removed);
  const [job, ...others] = held.length > 0 ? held : found;
  if (job && others.length > 0) throw ambiguous(`"${text}" is`, [job, ...others]);
  if (job) return taskIn(job, taskMeant(within)?.task);
  if (row) return jobOfExperiment(row, jobs, experiments!);
  throw unknownJob(text, among, deps);
}

/** Whether a word may name a job of a queue. */
function isName(word: string): boolean {
  return jobIdsMeant(word).length > 0 || /^(last|running)$/i.test(word);
}

/** Whether a word names a job by a queue's name: `gpu-02/7`. */
export function namesQueuesJob(word: string, queues: Pick<Queues, 'all'>): boolean {
  const { queue, within } = queueIn(word, queues);
  return queue !== undefined && isName(within);
}

/** The queue that stands before a slash, if it is one, and what is left; of another text the part behind its last slash. */
function queueIn(text: string, { all }: Pick<Queues, 'all'>): { queue: Queue | undefined; within: string } {
  const cut = text.lastIndexOf('/');
  const name = text.slice(0, Math.max(0, cut)).toLowerCase();
  return { queue: all.find((each) => each.name.toLowerCase() === name), within: text.slice(cut + 1).trim() };
}

/** A key without its queue, where one has such a job. */
function keyless(text: string, { queues, jobs }: ReferenceDeps): JobRecord | undefined {
  const found = queues.all.flatMap(({ name }) => {
    const key = parseJobKey(`${name}/${text}`);
    return (key && jobs.get(key)) ?? [];
  });
  return found[0];
}

/** The same of one task of an array. */
function taskOfKey(key: JobKey | undefined, jobs: ReferenceDeps['jobs']): Job | undefined {
  const meant = key && taskMeant(key.jobId);
  const job = meant && jobs.get({ ...key, jobId: meant.jobId });
  return job && taskIn(job, meant.task);
}

/** The job, or the task of it that is meant. Error `unknown-job` where it has none of that number. */
function taskIn(job: JobRecord, task: number | undefined): Job {
  if (task === undefined) return job;
  const name = jobName(job);
  if (!job.tasks)
    throw new BotError('unknown-job', `${name} is no array, and has no task ${task}.`, `Name it as ${name}.`);
  if (taskState(job.tasks, task) === undefined)
    throw new BotError(
      'unknown-job',
      `The array ${name} has no task ${task}.`,
      `It has ${job.tasks.total} tasks.`,
    );
  return { ...job, task };
}

function lastJob(among: readonly Queue[], { queues, jobs }: ReferenceDeps, last?: 'began'): Job {
  const [only] = among.length === queues.all.length ? [] : among;
  const newest = only ? jobs.list({ queue: only.name, limit: 1 })[0] : jobs.list({ limit: 1 })[0];
  const found = last === 'began' ? jobs.lastBegun(only?.name) : newest;
  if (found) return found;
  const which = queues.areSeveral && !only ? 'no queue' : 'this queue';
  if (newest)
    throw new BotError(
      'unknown-job',
      which === 'this queue'
        ? 'There is no last run: no job in this queue has started.'
        : 'There is no last run: no job has started in any queue.',
      'Name a job by its id.',
    );
  throw new BotError(
    'unknown-job',
    which === 'this queue'
      ? 'There is no last job: this queue has never had one.'
      : 'There is no last job: no queue has ever had one.',
    'Queue one first.',
  );
}

/** Error `ambiguous-job` where several run. */
function runningJob(among: readonly Queue[], { jobs }: ReferenceDeps): Job {
  const running = among.flatMap(runningIn).map((job) => jobs.get(job) ?? job);
  const [job, ...others] = running;
  if (job && others.length === 0) return job;
  if (job) throw ambiguous('"running" is', running);
  throw new BotError('unknown-job', 'No job is running.', 'Name a job by its id, or use "last".');
}

function ambiguous(what: string, jobs: readonly Job[]): BotError {
  const told = jobs.map((job) => `${jobName(job)} (${taskName(job.taskKey)}, ${job.status})`);
  return new BotError(
    'ambiguous-job',
    `${what} ${jobs.length} jobs: ${told.join(', ')}.`,
    'Name the one that is meant.',
  );
}

function jobOfExperiment(
  { experiment_id: id, status, queue_job_id }: ExperimentRow,
  jobs: ReferenceDeps['jobs'],
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

function unknownJob(text: string, among: readonly Queue[], { queues, jobs }: ReferenceDeps): BotError {
  const newest = among.flatMap(({ name }) => jobs.list({ queue: name, limit: CANDIDATES }));
  const named = new Map(newest.map((job) => [jobName(job), job.jobId]));
  const names = [...named.keys()];
  const end = text.slice(-DIGITS_MAX);
  const number = Number(/\d+$/.exec(end)?.[0] ?? /\d+/.exec(text)?.[0] ?? Number.NaN);
  const away = (name: string) => Math.abs(Number(/\d+/.exec(named.get(name)!)?.[0]) - number);
  const close = Number.isNaN(number)
    ? nearest(text.slice(0, 60), names, 3)
    : names.toSorted((a, b) => away(a) - away(b)).slice(0, 3);
  const nothing = queues.areSeveral ? 'Nothing has been queued there.' : 'This queue has never had a job.';
  const hint = names.length === 0 ? nothing : `Nearest: ${close.join(', ')}.`;
  return new BotError(
    'unknown-job',
    `There is no job "${clip(text, 60)}".`,
    `${hint} "last", "running" or an experiment with a job works too.`,
  );
}
