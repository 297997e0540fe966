import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { JobKey } from '../../src/core/job.ts';
import type { LaunchRequest } from '../../src/core/queue.ts';
import { run } from '../../src/processes/run.ts';
import { resolveXaxHome } from '../../src/queue/xax/home.ts';
import { createXaxQueue, type XaxQueue } from '../../src/queue/xax/index.ts';
import type { HarnessJob } from './queue.ts';

/** Where an xax is: the real one or the stand-in. */
export interface XaxPlace {
  /** A Python that has it. */
  python: string;
  xaxBin: string | undefined;
  /** The xax command as an argument list. */
  command: readonly string[];
  /** Variables that name the queue's folder, given a temporary one, and whatever that xax needs. */
  env(folder: string): NodeJS.ProcessEnv;
}

export interface XaxHarness {
  queue: XaxQueue;
  home: string;
  folder: string;
  env: NodeJS.ProcessEnv;
  enqueue(job: HarnessJob): Promise<JobKey>;
  /** Runs the xax command. */
  xax(...words: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Puts a job into the queue as xax's launcher does, with run folder and all. Prints its id and enqueue time. */
const ENQUEUE = `
import json, sys
from pathlib import Path
from xax.utils.launcher.queue_state import edit_queue_state, enqueue_job
run, python = Path(sys.argv[1]), sys.argv[2]
job_id = enqueue_job(task_key="contract.Task", launcher="multi", python_executable=python, run_dir=run,
    stage_dir=run / "code", config_path=run / "config.yaml", observer_log_path=run / "queue_observer.log")
state = json.loads((Path(sys.argv[3]) / "queue_state.json").read_text())
print(job_id, repr(state["jobs"][job_id]["enqueued_at"]))
`;

/**
 * An xax queue in a temporary folder with an observer of its own. Its jobs are shell scripts: what the queue calls
 * their Python runs job.sh in place of training, and is Python for anything else.
 */
export async function startXax(place: XaxPlace): Promise<XaxHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-queue-'));
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, ...place.env(folder) };
  const home = resolveXaxHome(env);
  mkdirSync(home, { recursive: true });
  const python = join(folder, 'python');
  writeFileSync(
    python,
    `#!/bin/sh\ncase "$*" in *_run-job*) exec /bin/sh ./job.sh ;; *) exec ${place.python} "$@" ;; esac\n`,
  );
  chmodSync(python, 0o755);
  const xax = (...words: string[]) => program([...place.command, ...words]);
  await xax('queue', 'start');
  while (!existsSync(join(home, 'queue_observer.json'))) await sleep(50);
  const queue = createXaxQueue({
    name: 'host',
    home,
    xaxBin: place.xaxBin,
    env,
    clock: Date.now,
    log: pino({ level: 'silent' }),
  });
  let count = 0;

  async function program(argv: readonly string[]): Promise<string> {
    const result = await run({ argv, env, cwd: folder, timeoutMs: 60_000, maxOutputBytes: 1_000_000 });
    if (result.exitCode !== 0) throw new Error(`${argv.join(' ')}: ${result.startError ?? result.stderr}`);
    return result.stdout.toString('utf8');
  }

  return {
    queue,
    home,
    folder,
    env,
    async enqueue({ seconds, fails, ignoresSigterm }) {
      const runDir = join(folder, 'runs', `run_${count++}`);
      mkdirSync(join(runDir, 'code'), { recursive: true });
      writeFileSync(join(runDir, 'config.yaml'), `run_dir: ${runDir}\n`);
      const trap = ignoresSigterm ? "trap '' TERM\n" : '';
      writeFileSync(
        join(runDir, 'job.sh'),
        `${trap}printf '\\033[1;36mINFO\\033[0m begun\\n│ 1%%\\r│ 2%%\\n'\nsleep ${seconds}\nexit ${fails ? 1 : 0}\n`,
      );
      const [jobId, enqueuedAt] = (await program([place.python, '-c', ENQUEUE, runDir, python, home]))
        .trim()
        .split(' ');
      return { queue: queue.name, jobId: jobId!, enqueuedAt: Number(enqueuedAt) };
    },
    xax,
    async close() {
      await queue.stop();
      await xax('queue', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Launches of a toy task whose project is `cwd`. */
export function toyLaunches(place: XaxPlace, cwd: string, assignments: Record<string, string>) {
  const good: LaunchRequest = { argv: [place.python, '-m', 'examples.toy'], cwd, assignments };
  return { good, failing: { ...good, assignments: { learning_rate: 'fast' } }, failure: /fast/ };
}
