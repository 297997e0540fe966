import { readFile } from 'node:fs/promises';
import { BotError } from '../core/errors.ts';
import type { ExperimentLogRow } from '../core/experiment.ts';
import type { Job } from '../core/job.ts';
import { experimentIdFor, fieldsFromJob } from '../experiments/from-job.ts';
import { addRow, changeExperimentLog, updateRow } from './change.ts';
import { parseFlags } from './flags.ts';
import { type Answer, absolute, experimentLogPath, type Place } from './place.ts';

type SyncedJob = Parameters<typeof fieldsFromJob>[0] & Pick<Job, 'enqueuedAt'>;

/** `log sync`: what `xax queue status --json` says of the jobs, into the log. */
export async function sync(args: readonly string[], place: Place): Promise<Answer> {
  const flags = parseFlags(args, {
    'status-json': { type: 'string' },
    'log-path': { type: 'string' },
    'experiment-name': { type: 'string' },
    'experiments-dir': { type: 'string' },
    owner: { type: 'string' },
  });
  if (flags['status-json'] === undefined)
    throw new TypeError('--status-json is missing: a file with what "xax queue status --json" prints');
  const jobs = jobsOf(await readFile(absolute(flags['status-json'], place.cwd), 'utf8'));
  const path = await experimentLogPath(flags, place);
  const owner = flags.owner === undefined ? {} : { owner: flags.owner };
  const warnings: string[] = [];
  const give = (rows: ExperimentLogRow[]) => {
    const index = indexOf(rows);
    for (const job of jobs) {
      const row = index.ofJob(job) ?? index.add(experimentIdFor(job, index.has), job.jobId, place.now);
      updateRow(row, { ...fieldsFromJob(job, row.fields), ...owner }, place.now);
    }
  };
  await changeExperimentLog(path, give, { warnings, timings: place.timings });
  return { payload: { log_path: path, synced_jobs: jobs.length }, warnings };
}

/** Finds rows by id and by job, of which both may be many thousands. */
function indexOf(rows: ExperimentLogRow[]) {
  const ids = new Set(rows.map(({ fields }) => fields.experiment_id));
  const byJob = Map.groupBy(rows, ({ fields }) => fields.queue_job_id || fields.experiment_id);
  return {
    has: (id: string) => ids.has(id),
    /** The row that names the job, and its run folder or none. */
    ofJob: ({ jobId, runDir }: SyncedJob) =>
      byJob
        .get(jobId)
        ?.find(({ fields }) => fields.run_dir === '' || runDir === '' || fields.run_dir === runDir),
    add(id: string, jobId: string, now: number): ExperimentLogRow {
      const row = addRow(rows, id, now);
      ids.add(id);
      byJob.set(jobId, [...(byJob.get(jobId) ?? []), row]);
      return row;
    },
  };
}

function jobsOf(text: string): SyncedJob[] {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw new BotError('status-json', `The queue status is not JSON: ${(error as Error).message}.`);
  }
  if (!isObject(payload)) throw new BotError('status-json', 'Queue status JSON payload must be an object');
  const jobs = payload.jobs ?? [];
  if (!Array.isArray(jobs))
    throw new BotError('status-json', 'Queue status JSON payload must include `jobs` as a list');
  return jobs.filter(isObject).flatMap((job) => (isName(job.job_id) ? [jobOf(job)] : []));
}

function jobOf(raw: Record<string, unknown>): SyncedJob {
  return {
    jobId: textOf(raw.job_id),
    status: textOf(raw.status) as Job['status'],
    taskKey: textOf(raw.task_key),
    configPath: textOf(raw.config_path),
    runDir: textOf(raw.run_dir),
    enqueuedAt: numberOf(raw.enqueued_at) ?? 0,
    startedAt: numberOf(raw.started_at),
    endedAt: numberOf(raw.ended_at),
    error: textOf(raw.error) || null,
    returnCode: wholeNumberOf(raw.return_code),
    launcher: textOf(raw.launcher),
  };
}

/** As in the original, a number is no job's id. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function wholeNumberOf(value: unknown): number | null {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : numberOf(value);
}
