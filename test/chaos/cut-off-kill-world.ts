import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { askRunningBot } from '../../adapters/terminal/client.ts';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { readerOf } from '../notify/told.ts';
import { type RawJob, rawJob, rawState, stateText, writeStateFile } from '../queue/xax/helpers.ts';
import { spawnBot } from './bot-process.ts';

const JOB = 'job-0000001';
const SIGNAL_NUMBERS: Record<string, number> = { SIGKILL: 9, SIGTERM: 15 };
/** How long a job may take to end by itself after SIGTERM, seconds. */
const GRACE = 1;

/** What a job's process does: each SIGTERM is written down. */
export const PROGRAMS = {
  'ignores SIGTERM': 'while :; do sleep 0.05; done',
  'ends at SIGTERM':
    "trap 'echo TERM >>terms; trap - TERM; kill -TERM $$' TERM; while :; do sleep 0.05; done",
  'ends well at SIGTERM': "trap 'echo TERM >>terms; exit 0' TERM; while :; do sleep 0.05; done",
};

/** A queue with one job, which runs, and whose end is recorded as its observer would; a bot beside it that can be asked. */
export async function queueWithJob(program: keyof typeof PROGRAMS, { hasPid = true } = {}) {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(folder, 'xaxbot.yaml'), `kill: {grace_seconds: ${GRACE}}\n`);
  const runDir = join(folder, 'run');
  mkdirSync(runDir);
  const started = (Date.now() - 1_000) / 1000;
  const fixed: RawJob = {
    enqueued_at: started - 10,
    started_at: started,
    run_dir: runDir,
    observer_log_path: join(runDir, 'queue_observer.log'),
  };
  const write = (more: RawJob, others: [string, RawJob][] = [], running: string | null = JOB) =>
    writeStateFile(
      home,
      stateText(rawState([rawJob(1, { ...fixed, ...more }), ...others], { running_job_id: running })),
    );
  /** A process that says that it is the job's. */
  const spawnJob = async (
    name: keyof typeof PROGRAMS,
    env: NodeJS.ProcessEnv = {},
  ): Promise<ChildProcess> => {
    const script = `trap 'echo TERM >>terms' TERM; echo; ${PROGRAMS[name]}`;
    const child = spawn('/bin/sh', ['-c', script], {
      cwd: runDir,
      env: { PATH: process.env.PATH, XAX_QUEUE_JOB_ID: JOB, XAX_HOME: home, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has ended.
      }
    });
    await once(child.stdout!, 'data');
    return child;
  };
  const child = await spawnJob(program);
  let isObserved = true;
  child.once('exit', (code, signal) => {
    const returnCode = code ?? -SIGNAL_NUMBERS[signal!]!;
    if (isObserved)
      write(
        {
          status: returnCode === 0 ? 'completed' : 'failed',
          ended_at: Date.now() / 1000,
          return_code: returnCode,
          error: returnCode === 0 ? null : `Terminated by signal ${-returnCode}`,
        },
        [],
        null,
      );
  });
  const pids = { pid: child.pid!, process_group_id: child.pid! };
  write({ status: 'queued', started_at: null }, [], null);
  // Its history is adopted silently; the job is told from here on.
  await (await startTestBot({ folder, home })).app.stop();
  write({ status: 'running', ...(hasPid ? pids : {}) });
  const process_ = await spawnBot(folder, home);
  const socket = join(folder, 'data', SOCKET_NAME);
  return {
    folder,
    home,
    child,
    pids,
    process: process_,
    write,
    spawnJob,
    /** From now on nobody records what becomes of the process. */
    unobserved: () => {
      isObserved = false;
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    terms: () => (existsSync(join(runDir, 'terms')) ? readFileSync(join(runDir, 'terms'), 'utf8') : ''),
    /** Asks for the kill, and does not wait for the answer. */
    ask: () => {
      const asking = askRunningBot(socket, { argv: ['kill', '1'], yes: true }, () => {});
      asking.catch(() => {});
    },
    isWrittenDown: (): boolean => {
      const db = new Database(join(folder, 'data', 'xaxbot.sqlite'), { readonly: true });
      try {
        return db.prepare('SELECT count(*) FROM kills').pluck().get() !== 0;
      } finally {
        db.close();
      }
    },
    /** Lets time pass for what was asked. */
    age: (ms: number): void => {
      const db = new Database(join(folder, 'data', 'xaxbot.sqlite'));
      db.prepare('UPDATE kills SET at = at - ?').run(ms);
      db.close();
    },
    /** The next bot, in this process, and what was told in the job's thread by then. */
    restart: async () => {
      const bot = await startTestBot({ folder, home });
      onTestFinished(() => bot.app.stop());
      const read = await readerOf(bot);
      const thread = async (): Promise<string[]> => (await read()).threads[JOB] ?? [];
      return {
        bot,
        thread,
        /** Waits until that was told there. */
        tells: (words: string | RegExp) =>
          eventually(`told ${words}`, async () =>
            (await thread()).some((text) =>
              typeof words === 'string' ? text.includes(words) : words.test(text),
            ),
          ),
      };
    },
  };
}
