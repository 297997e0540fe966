import { cellText } from '../src/cards/cell-text.ts';
import { defineCommand } from '../src/core/command.ts';
import { JOB_STATUSES, jobName, taskName } from '../src/core/job.ts';
import type { Text } from '../src/core/message.ts';
import type { JobRecord } from '../src/core/services/jobs.ts';

const DEFAULT_LIMIT = 15;
const MAX_LIMIT = 200;

export const jobs = defineCommand({
  name: 'jobs',
  group: 'The queue',
  summary: 'The history of jobs, newest first',
  examples: ['jobs', 'jobs failed', 'jobs task=ToyRegression limit=50', 'jobs owner=ada'],
  options: {
    status: { type: 'choice', choices: JOB_STATUSES, description: 'only jobs with this status' },
    task: { type: 'text', positional: false, description: 'only tasks whose name contains this' },
    owner: { type: 'text', positional: false, description: 'only jobs of this person' },
    limit: { type: 'integer', min: 1, max: MAX_LIMIT, description: `how many (default ${DEFAULT_LIMIT})` },
  },
  services: ['jobs', 'causes'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ status, task, owner, limit = DEFAULT_LIMIT }, { services }) {
    const jobs: (JobRecord & { cause: string })[] = [];
    for (const job of services.jobs.list({ status, task, owner, limit }))
      jobs.push({ ...job, cause: await services.causes.of(job) });
    return { jobs };
  },
  view({ jobs }) {
    if (jobs.length === 0) return { blocks: [{ kind: 'text', text: 'No jobs match.' }] };
    const rows = jobs.map((job): Text[] => [
      { code: jobName(job) },
      taskName(job.taskKey),
      standing(job),
      { time: job.enqueuedAt * 1000, style: 'relative' },
      job.owner ?? '',
      cellText(job.cause || job.error || ''),
    ]);
    return { blocks: [{ kind: 'table', columns: ['job', 'task', 'status', 'queued', 'by', 'error'], rows }] };
  },
});

/** Its status, and since when, unless that is when it was queued. */
function standing({ status, removed, startedAt, endedAt }: JobRecord): Text {
  const since = endedAt ?? startedAt;
  const words = removed ? `${status}, gone` : status;
  return since === null ? words : [`${words}, `, { time: since * 1000, style: 'relative' }];
}
