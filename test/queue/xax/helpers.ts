import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A job as it stands in queue_state.json. */
export type RawJob = Record<string, unknown>;

export interface RawState {
  jobs: Record<string, RawJob>;
  next_job_idx: number;
  queue: string[];
  running_job_id: string | null;
  version: number;
}

/** A job in xax's own form, its keys in the order that xax sorts them. */
export function rawJob(index: number, more: RawJob = {}): [string, RawJob] {
  const jobId = `job-${String(index).padStart(7, '0')}`;
  const runDir = `/srv/runs/run_${index}`;
  const job: RawJob = {
    child_pids: [],
    config_path: `${runDir}/config.yaml`,
    ended_at: null,
    enqueued_at: 1_795_446_000.125 + index,
    error: null,
    job_id: jobId,
    launcher: 'multi',
    observer_log_path: `${runDir}/queue_observer.log`,
    oom_detected: false,
    pid: null,
    process_group_id: null,
    python_executable: '/usr/bin/python3',
    return_code: null,
    run_dir: runDir,
    stage_dir: `${runDir}/code`,
    started_at: null,
    status: 'queued',
    task_key: 'examples.toy.ToyRegression',
    ...more,
  };
  return [jobId, job];
}

export function rawState(jobs: readonly [string, RawJob][], more: Partial<RawState> = {}): RawState {
  return {
    jobs: Object.fromEntries(jobs),
    next_job_idx: jobs.length + 1,
    queue: [],
    running_job_id: null,
    version: 1,
    ...more,
  };
}

/** The text as xax writes it: indented by two, keys sorted. */
export function stateText(state: unknown): string {
  return JSON.stringify(sorted(state), null, 2);
}

/** Replaces the state file as xax does: a temporary file, then a rename. */
export function writeStateFile(home: string, text: string): void {
  const path = join(home, 'queue_state.json');
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
