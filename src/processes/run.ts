import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../core/errors.ts';
import { followLines } from './lines.ts';
import { withStartersUmask } from './umask.ts';

export interface RunRequest {
  argv: readonly string[];
  cwd?: string;
  env: NodeJS.ProcessEnv;
  /** Written to standard input, which is empty otherwise. */
  input?: string | Buffer;
  timeoutMs: number;
  /** What either stream says beyond this is dropped from the result; the program goes on. */
  maxOutputBytes: number;
  /** Ends it, and its whole group, before its time. */
  cancel?: AbortSignal;
  /** Hears each line of both streams as it comes. */
  onLine?(line: string): void;
}

export interface RunResult {
  /** null when a signal ended it or it never started. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
  timedOut: boolean;
  /** A stream said more than was kept. */
  truncated: boolean;
  /** Why it could not be started; null when it was. */
  startError: string | null;
}

/** How long a program that outlived its time has to end by itself before it is killed, milliseconds. */
const FORCE_KILL_MS = 5_000;
/** How long the streams of a program that has ended may stay open in the hands of its descendants, milliseconds. */
const STREAMS_GRACE_MS = 1_000;

/** What starts processes: some MB, which a command that starts none does not need. */
const loaded = () => import('execa');

/** Loads that now: it holds everything up for a tenth of a second, which a bot that is at work had better not. */
export async function prepareToRun(): Promise<void> {
  await loaded();
}

/**
 * Runs a program: an argument list, never a shell; the environment it is given and nothing of ours. It gets a
 * process group of its own, and when its time is over the whole group is ended. Never rejects: how it went is in
 * the result. This is the only place where the bot starts a process.
 */
export async function run(request: RunRequest): Promise<RunResult> {
  const { argv, cwd, env, input, timeoutMs, maxOutputBytes, cancel, onLine } = request;
  const { execa } = await loaded();
  const start = () =>
    execa(argv[0] ?? '', argv.slice(1), {
      ...(cwd === undefined ? {} : { cwd }),
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      env,
      extendEnv: false,
      timeout: timeoutMs,
      ...(cancel === undefined ? {} : { cancelSignal: cancel }),
      forceKillAfterDelay: FORCE_KILL_MS,
      killDescendants: true,
      reject: false,
      buffer: false,
    });
  const running = withStartersUmask(start);
  const child = running.nodeChildProcess;
  const stdout = collect(child.stdout, maxOutputBytes);
  const stderr = collect(child.stderr, maxOutputBytes);
  if (onLine) for (const stream of [child.stdout, child.stderr]) if (stream) followLines(stream, onLine);
  const descendantsHold = once(child, 'exit').then(() => sleep(STREAMS_GRACE_MS, undefined, { ref: false }));
  await Promise.race([running, descendantsHold]).catch(() => {});
  child.stdout?.destroy();
  child.stderr?.destroy();
  const result = await running;
  const started = child.pid !== undefined;
  return {
    exitCode: started ? child.exitCode : null,
    signal: child.signalCode,
    stdout: stdout.bytes(),
    stderr: stderr.bytes().toString('utf8'),
    timedOut: result.timedOut,
    truncated: stdout.truncated() || stderr.truncated(),
    startError: started ? null : startError(cwd, result.cause ?? result),
  };
}

/** The system says ENOENT of a missing folder as of a missing program. */
function startError(cwd: string | undefined, cause: unknown): string {
  return cwd !== undefined && !existsSync(cwd) ? `the folder ${cwd} does not exist` : errorText(cause);
}

/** Keeps the first `limit` bytes of a stream, and reads the rest away so that the program is not held up. */
function collect(stream: NodeJS.ReadableStream | null, limit: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  let dropped = 0;
  stream?.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, limit - size);
    size += kept.length;
    dropped += chunk.length - kept.length;
    if (kept.length > 0) chunks.push(kept);
  });
  return { bytes: () => Buffer.concat(chunks), truncated: () => dropped > 0 };
}
