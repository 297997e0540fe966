import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { run } from '../src/processes/run.ts';
import { createXaxQueue } from '../src/queue/xax/index.ts';

/** xax rewrites its state this often while a job runs (cli/queue.py of 0.4.9: every 0.5 s). */
const REWRITE_MS = 500;
const WARM_UP_MS = 2_000;
const MEASURE_MS = 10_000;

interface Row {
  what: string;
  value: number;
  unit: string;
  /** The most it may be; null for a value that stands there for comparison. */
  target: number | null;
}

/**
 * How much of a core it takes to follow a queue whose state file another process rewrites twice a second, with the
 * running job's child pids changing; beside it what parsing the whole file each time would take.
 */
export async function benchWatch(): Promise<{ name: string; rows: Row[] }> {
  const rows: Row[] = [];
  for (const [jobs, target] of [
    [1_000, 0.5],
    [10_000, 1],
  ] as const) {
    const label = `${jobs.toLocaleString('en')} jobs`;
    rows.push({
      what: `following, ${label}`,
      value: await cpuWhile(jobs, follow),
      unit: '% of a core',
      target,
    });
    rows.push({
      what: `parsing the whole file, ${label}`,
      value: await cpuWhile(jobs, parseWhole),
      unit: '% of a core',
      target: null,
    });
  }
  return { name: 'watching the queue', rows };
}

/** A way to follow the state file; `seen` counts the changes that were understood. */
type Follower = (home: string, seen: () => void) => Promise<() => void | Promise<void>>;

const follow: Follower = async (home, seen) => {
  const queue = createXaxQueue({
    name: 'bench',
    home,
    xaxBin: undefined,
    env: {},
    clock: Date.now,
    log: pino({ level: 'silent' }),
  });
  await queue.start(({ changed }) => {
    if (changed.length === 1) seen();
  });
  return () => queue.stop();
};

const parseWhole: Follower = async (home, seen) => {
  const path = join(home, 'queue_state.json');
  const watcher = watch(home, (_event, name) => {
    if (name === 'queue_state.json' && JSON.parse(readFileSync(path, 'utf8')).jobs) seen();
  });
  return () => watcher.close();
};

async function cpuWhile(jobs: number, follower: Follower): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  try {
    writeState(home, syntheticState(jobs), 0);
    let changes = 0;
    const stop = await follower(home, () => {
      changes += 1;
    });
    const writer = run({
      argv: [
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(import.meta.url),
        'write',
        home,
        String(jobs),
      ],
      env: { PATH: process.env.PATH },
      timeoutMs: WARM_UP_MS + MEASURE_MS + 60_000,
      maxOutputBytes: 10_000,
    });
    while (changes < WARM_UP_MS / REWRITE_MS) await sleep(REWRITE_MS);
    const before = { changes, cpu: process.cpuUsage(), at: performance.now() };
    await sleep(MEASURE_MS);
    const { user, system } = process.cpuUsage(before.cpu);
    const elapsedMs = performance.now() - before.at;
    const seen = changes - before.changes;
    await stop();
    const { stderr } = await writer;
    const expected = elapsedMs / REWRITE_MS;
    if (seen < expected * 0.8)
      throw new Error(`only ${seen} of about ${Math.round(expected)} rewrites were seen: ${stderr}`);
    return Math.round(((user + system) / 1_000 / elapsedMs) * 10_000) / 100;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A state as xax keeps it: a long history, one running job in the middle of the file, a few waiting. */
function syntheticState(count: number) {
  const running = Math.floor(count / 2);
  const jobs: Record<string, Record<string, unknown>> = {};
  for (let index = 1; index <= count; index += 1) {
    const jobId = `job-${String(index).padStart(7, '0')}`;
    const runDir = `/srv/projects/pretraining/examples/toy_regression/run_${String(index).padStart(5, '0')}`;
    const status = index < running ? 'completed' : index === running ? 'running' : 'queued';
    jobs[jobId] = {
      child_pids: [],
      config_path: `${runDir}/config.yaml`,
      ended_at: status === 'completed' ? 1_795_446_829.753_175 + index : null,
      enqueued_at: 1_795_446_809.107_2 + index,
      error: null,
      job_id: jobId,
      launcher: 'multi',
      observer_log_path: `${runDir}/queue_observer.log`,
      oom_detected: false,
      pid: status === 'running' ? 4_242 : null,
      process_group_id: status === 'running' ? 4_242 : null,
      python_executable: '/srv/projects/pretraining/.venv/bin/python',
      return_code: status === 'completed' ? 0 : null,
      run_dir: runDir,
      stage_dir: `${runDir}/code`,
      started_at: status === 'queued' ? null : 1_795_446_810.429_571 + index,
      status,
      task_key: 'examples.toy.ToyRegression',
    };
  }
  const ids = Object.keys(jobs);
  return {
    jobs,
    next_job_idx: count + 1,
    queue: ids.slice(running),
    running_job_id: ids[running - 1]!,
    version: 1,
  };
}

function writeState(home: string, state: ReturnType<typeof syntheticState>, turn: number): void {
  state.jobs[state.running_job_id]!.child_pids = Array.from(
    { length: 1 + (turn % 5) },
    (_, index) => 5_000 + turn + index,
  );
  const path = join(home, 'queue_state.json');
  writeFileSync(`${path}.tmp`, JSON.stringify(state, null, 2));
  renameSync(`${path}.tmp`, path);
}

/** The other process: rewrites the state as an observer does, and its heartbeat, until the folder is gone. */
async function write(home: string, count: number): Promise<void> {
  const state = syntheticState(count);
  mkdirSync(home, { recursive: true });
  const startedAt = Date.now() / 1000;
  for (let turn = 1; turn * REWRITE_MS < WARM_UP_MS + MEASURE_MS + 4_000; turn += 1) {
    writeState(home, state, turn);
    if (turn % 6 === 0) {
      const observer = {
        hostname: 'bench',
        pid: process.pid,
        started_at: startedAt,
        status: 'running',
        updated_at: Date.now() / 1000,
      };
      writeFileSync(join(home, 'queue_observer.json'), JSON.stringify(observer, null, 2));
    }
    await sleep(REWRITE_MS);
  }
}

if (import.meta.main) {
  const [mode, home, count] = process.argv.slice(2);
  if (mode === 'write') await write(home!, Number(count));
  else console.log(await benchWatch());
}
