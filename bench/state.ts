import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A queue state as xax writes it: `count` jobs, the last of which runs. Where `runs` is a folder, those that come or run have theirs in it. */
export function createStateFile(home: string, count: number, runs?: string) {
  const jobs: Record<string, Record<string, unknown>> = {};
  const waiting: string[] = [];
  const base = Math.floor(Date.now() / 1000) - count * 60;

  let number = 0;

  function add(status: string): string {
    number += 1;
    const id = `job-${String(number).padStart(7, '0')}`;
    const at = base + number * 60;
    const ended = ['completed', 'failed', 'cancelled'].includes(status);
    const run = join(runs ?? '/srv/project/runs', `run_${number}`);
    if (runs !== undefined && !ended) mkdirSync(run, { recursive: true });
    jobs[id] = {
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
    return id;
  }

  const ENDS = ['completed', 'completed', 'failed', 'cancelled'];
  for (let index = 1; index < count; index += 1) add(ENDS[index % ENDS.length]!);
  let running: string | null = add('running');

  return {
    /** The job that runs at first. */
    running: running!,
    /** Adds a waiting job; its id. */
    enqueue(): string {
      const id = add('queued');
      waiting.push(id);
      return id;
    },
    /** The running job ends, and the first that waits begins, where one does. */
    advance(): void {
      const now = Date.now() / 1_000;
      if (running !== null)
        Object.assign(jobs[running]!, { status: 'completed', ended_at: now, return_code: 0, child_pids: [] });
      running = waiting.shift() ?? null;
      if (running !== null) Object.assign(jobs[running]!, { status: 'running', started_at: now });
    },
    /** The running job has other children, as xax notes twice a second. */
    touch(): void {
      jobs[running!]!.child_pids = Array.from(
        { length: 5 },
        () => 1_000 + Math.floor(Math.random() * 30_000),
      ).sort((a, b) => a - b);
    },
    write(): void {
      const state = {
        jobs,
        next_job_idx: number + 1,
        queue: waiting,
        running_job_id: running,
        version: 1,
      };
      const temporary = join(home, 'queue_state.json.tmp');
      writeFileSync(temporary, JSON.stringify(state, null, 2));
      renameSync(temporary, join(home, 'queue_state.json'));
    },
  };
}
