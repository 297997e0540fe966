import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Record = { [field: string]: unknown };

const ENDS = ['completed', 'completed', 'failed', 'cancelled'];
/** Between two jobs of the history, seconds. */
const APART_S = 60;

/**
 * A queue state as xax writes it: `count` jobs, the last of which runs. Where `runs` is a folder, those that come or run have theirs in
 * it. `clock`: when what comes later comes, epoch milliseconds.
 */
export function createStateFile(home: string, count: number, runs?: string, clock: () => number = Date.now) {
  /** Each job as it stands in the file; what has ended stays as it was written. */
  const texts = new Map<string, string>();
  const open = new Map<string, Record>();
  const waiting: string[] = [];
  const base = Math.floor(clock() / 1000) - count * APART_S;

  let number = 0;

  function add(status: string, at: number): string {
    number += 1;
    const id = `job-${String(number).padStart(7, '0')}`;
    const ended = ENDS.includes(status);
    const run = join(runs ?? '/srv/project/runs', `run_${number}`);
    if (runs !== undefined && !ended) mkdirSync(run, { recursive: true });
    const job = {
      child_pids: [],
      config_path: `${run}/config.yaml`,
      ended_at: ended ? at + 40.25 : null,
      enqueued_at: at + 0.125,
      error: status === 'failed' ? 'Exited with return code 1' : null,
      job_id: id,
      launcher: 'multi',
      observer_log_path: `${run}/queue_observer.log`,
      oom_detected: false,
      pid: null,
      process_group_id: null,
      python_executable: '/srv/venv/bin/python',
      return_code: ended ? (status === 'completed' ? 0 : 1) : null,
      run_dir: run,
      stage_dir: `${run}/code`,
      started_at: status === 'queued' ? null : at + 1.5,
      status,
      task_key: number % 3 === 0 ? 'lm.pretrain.SmallGPT' : 'examples.toy.ToyRegression',
    };
    if (!ended) open.set(id, job);
    keep(id, job);
    return id;
  }

  function keep(id: string, job: Record): void {
    texts.set(id, `    "${id}": ${JSON.stringify(job, null, 2).replaceAll('\n', '\n    ')}`);
  }

  function change(id: string, fields: Record): void {
    const job = Object.assign(open.get(id)!, fields);
    keep(id, job);
  }

  for (let index = 1; index < count; index += 1)
    add(ENDS[index % ENDS.length]!, base + (number + 1) * APART_S);
  let running: string | null = add('running', base + count * APART_S);

  return {
    /** The job that runs at first. */
    running: running!,
    /** Adds a waiting job; its id. */
    enqueue(): string {
      const id = add('queued', clock() / 1_000);
      waiting.push(id);
      return id;
    },
    /** The running job ends, well or with a return code, and the first that waits begins, where one does. */
    advance(returnCode = 0): void {
      const now = clock() / 1_000;
      if (running !== null) {
        const error = returnCode === 0 ? null : `Exited with return code ${returnCode}`;
        const status = returnCode === 0 ? 'completed' : 'failed';
        change(running, { status, error, ended_at: now, return_code: returnCode, child_pids: [] });
        open.delete(running);
      }
      running = waiting.shift() ?? null;
      if (running !== null) change(running, { status: 'running', started_at: now });
    },
    /** The running job has other children, as xax notes twice a second. */
    touch(): void {
      const pids = Array.from({ length: 5 }, () => 1_000 + Math.floor(Math.random() * 30_000));
      change(running!, { child_pids: pids.sort((a, b) => a - b) });
    },
    write(): void {
      const rest = { next_job_idx: number + 1, queue: waiting, running_job_id: running, version: 1 };
      const jobs = `{\n  "jobs": {\n${[...texts.values()].join(',\n')}\n  },\n`;
      const temporary = join(home, 'queue_state.json.tmp');
      writeFileSync(temporary, jobs + JSON.stringify(rest, null, 2).slice('{\n'.length));
      renameSync(temporary, join(home, 'queue_state.json'));
    },
  };
}
