import type { RunRequest, RunResult } from '../processes/run.ts';
import type { Answer } from './connection.ts';
import type { Host } from './host.ts';

/** What an answer may take beyond the program's own time, milliseconds: it is ended twice, and the way there is long. */
const MARGIN_MS = 20_000;

/** A program to be run there; `env` is what comes to the environment of a login. */
export interface RunThere extends RunRequest {
  /** It changes something: it is done once, and what became of it is found out where the connection is lost. */
  isChange?: boolean;
}

interface Ended {
  exitCode: number | null;
  signal?: NodeJS.Signals | null;
  timedOut?: boolean;
  stdout?: number;
  startError?: string;
}

/**
 * Runs a program on another host as `run` does on this one. Rejects where the host is not reached (`host-unreachable`) or it is
 * not known what became of a change (`outcome-unknown`).
 */
export async function runThere(host: Host, request: RunThere): Promise<RunResult> {
  const { argv, cwd, env, input, timeoutMs, maxOutputBytes, onLine, isChange } = request;
  const question = {
    do: 'run',
    ...{ argv, cwd, env, seconds: timeoutMs / 1_000, most: maxOutputBytes },
    ...(onLine ? { lines: true } : {}),
  };
  let heard = 0;
  const options = {
    withinMs: timeoutMs + MARGIN_MS,
    input: Buffer.from(input ?? ''),
    onEvent: ({ head }: { head: Record<string, unknown> }) => {
      if (typeof head.line !== 'string') return;
      heard += 1;
      for (const line of head.line.replace(/\r$/, '').split('\r')) onLine?.(line);
    },
  };
  const answer = await (isChange ? host.change(question, options) : host.ask(question, options));
  const result = resultOf(answer, maxOutputBytes);
  // Of a program whose connection was lost, what was not heard is in its answer.
  if (onLine && heard === 0)
    for (const line of `${result.stdout.toString('utf8')}\n${result.stderr}`.split(/\r?\n|\r/)) onLine(line);
  return result;
}

function resultOf({ ok, payload }: Answer, most: number): RunResult {
  const { exitCode, signal = null, timedOut = false, stdout = 0, startError = null } = ok as Ended;
  return {
    exitCode,
    signal,
    stdout: payload.subarray(0, stdout),
    stderr: payload.subarray(stdout).toString('utf8'),
    timedOut,
    truncated: stdout >= most || payload.length - stdout >= most,
    startError,
  };
}
