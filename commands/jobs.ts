import { waitingLaunchBlocks } from '../src/cards/waiting-launches.ts';
import { cellText } from '../src/core/cell-text.ts';
import { clip } from '../src/core/clip.ts';
import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import {
  JOB_STATUSES,
  type JobKey,
  jobKeyText,
  jobName,
  parseJobKey,
  statusWords,
  taskName,
  waitsForEver,
} from '../src/core/job.ts';
import type { Block, Text } from '../src/core/message.ts';
import type { JobRecord } from '../src/core/services/jobs.ts';
import { onQueue } from './queue-meant.ts';

const DEFAULT_LIMIT = 15;
const MAX_LIMIT = 200;
/** The longest cause that a diagnosis gives fits, characters. */
const CAUSE_MAX = 300;

export const jobs = defineCommand({
  name: 'jobs',
  group: 'The queue',
  summary: 'The history of jobs, newest first',
  examples: ['jobs', 'jobs failed', 'jobs task=ToyRegression limit=50', 'jobs owner=ada'],
  options: {
    status: { type: 'choice', choices: JOB_STATUSES, description: 'only jobs with this status' },
    task: { type: 'text', positional: false, description: 'only tasks whose name contains this' },
    owner: { type: 'text', positional: false, description: 'only jobs of this person' },
    on: onQueue('only jobs of this queue'),
    before: {
      type: 'text',
      maxLength: 300,
      positional: false,
      description: 'only older ones than this job, as an answer names it',
    },
    limit: { type: 'integer', min: 1, max: MAX_LIMIT, description: `how many (default ${DEFAULT_LIMIT})` },
  },
  services: ['jobs', 'causes', 'launches'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ status, task, owner, on, before, limit = DEFAULT_LIMIT }, { services }) {
    const filter = {
      status,
      task,
      owner,
      queue: on,
      before: before === undefined ? undefined : keyIn(before),
    };
    const found = services.jobs.list({ ...filter, limit: limit + 1 });
    const jobs: (JobRecord & { cause: string })[] = [];
    for (const job of found.slice(0, limit))
      jobs.push({ ...job, cause: (await services.causes.of(job)) || errorOf(job) });
    // They have no task yet, and stand before the newest job.
    const isAskedFor = before === undefined && task === undefined && (status ?? 'queued') === 'queued';
    const waiting = isAskedFor
      ? services.launches.waiting.list(limit, { ...(on === undefined ? {} : { queues: [on] }), owner })
      : undefined;
    return {
      ...(waiting && waiting.count > 0 ? { launches: waiting } : {}),
      jobs,
      next: found.length > limit ? jobKeyText(jobs.at(-1)!) : null,
    };
  },
  view({ launches, jobs, next }) {
    const later = waitingLaunchBlocks(launches);
    if (jobs.length === 0 && later.length > 0) return { blocks: later };
    if (jobs.length === 0) return { blocks: [{ kind: 'text', text: 'No jobs match.' }] };
    const rows = jobs.map((job): Text[] => [
      { code: jobName(job) },
      taskName(job.taskKey),
      standing(job),
      { time: job.enqueuedAt * 1000, style: 'relative' },
      job.owner ?? '',
      cellText(job.cause, CAUSE_MAX),
    ]);
    const blocks: Block[] = [
      ...later,
      { kind: 'table', columns: ['job', 'task', 'status', 'queued', 'by', 'error'], rows },
    ];
    if (next !== null)
      blocks.push({
        kind: 'text',
        text: ['There are older ones; to see them add ', { code: `before=${next}` }, '.'],
      });
    return { blocks };
  },
});

/** What the queue says went wrong, tells of an end that nobody saw, or of what never starts; of a cancelled job it says only that. */
function errorOf(job: JobRecord): string {
  const { status, error, seen } = job;
  return seen?.because ?? waitsForEver(job) ?? (status === 'cancelled' ? '' : (error ?? ''));
}

/** Error `bad-option`. */
function keyIn(text: string): JobKey {
  const key = parseJobKey(text);
  if (key) return key;
  throw new BotError(
    'bad-option',
    `before is "${clip(text, 60)}", which names no place in the list.`,
    'Give it as the end of the answer before says it.',
    'before',
  );
}

/** Its status, and since when, unless that is when it was queued. */
function standing(job: JobRecord): Text {
  const { removed, startedAt, endedAt } = job;
  const status = statusWords(job);
  const since = endedAt ?? startedAt;
  const words = removed ? `${status}, gone` : status;
  return since === null ? words : [`${words}, `, { time: since * 1000, style: 'relative' }];
}
