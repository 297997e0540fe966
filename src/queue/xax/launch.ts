import { stat } from 'node:fs/promises';
import { clip } from '../../core/clip.ts';
import { BotError } from '../../core/errors.ts';
import { LAUNCH_MAX_MS, type LaunchRequest, type LaunchResult } from '../../core/queue.ts';
import { run } from '../../processes/run.ts';
import { cleanLine } from '../clean-text.ts';

const OUTPUT_MAX = 64 * 1024;
/** How many of the launcher's last lines explain a failure. */
const LAST_LINES = 15;
/** What the queued launcher logs at the end (xax/task/launchers/queued.py of 0.4.9). */
const QUEUED = /\bQueued (job-\d+) \((\S+)\) at (.+?)(?: \[launcher=\w+\])?$/;

/** xax loads an argument that is the path of a file as settings, whatever it says. Error `bad-assignment`. */
export async function mustBeNoFile(cwd: string, argument: string): Promise<void> {
  // Not normalized: Python asks for it as it stands.
  const found = await stat(`${cwd}/${argument}`).catch(() => null);
  if (!found?.isFile()) return;
  throw new BotError(
    'bad-assignment',
    `${clip(argument, 60)} is the name of a file in ${cwd}, which xax would load as settings.`,
    'Move the file, or give another value. Nothing was launched.',
  );
}

/** Runs a preset's argument list with xax's queued launcher and reads from its output what came of it. */
export async function launchQueued(
  request: LaunchRequest,
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<LaunchResult> {
  const { argv, cwd, assignments, position } = request;
  const place = position === undefined ? [] : ['--queue-position', String(position)];
  const settings = Object.entries(assignments).map(([key, value]) => `${key}=${value}`);
  const lines: string[] = [];
  let queued: { jobId: string; runDir: string } | undefined;
  const result = await run({
    argv: [...argv, '--launcher', 'queued', ...place, ...settings],
    cwd,
    env,
    timeoutMs: LAUNCH_MAX_MS,
    maxOutputBytes: OUTPUT_MAX,
    onLine(raw) {
      const line = cleanLine(raw);
      if (line.trim() === '') return;
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      const match = QUEUED.exec(line);
      if (match) queued = { jobId: match[1]!, runDir: match[3]! };
      onLine(line);
    },
  });
  if (queued) return { done: true, job: { ...queued, enqueuedAt: null } };
  const failed = (reason: string): LaunchResult => ({ done: false, reason, lastLines: lines });
  if (result.startError !== null)
    return failed(`${argv[0] ?? 'nothing'} could not be started: ${result.startError}`);
  if (result.timedOut)
    return failed(`the launcher took longer than ${LAUNCH_MAX_MS / 60_000} minutes and was stopped`);
  if (result.exitCode === 0) return failed('the launcher ended without queueing a job');
  return failed(`the launcher failed (${result.signal ?? `exit code ${result.exitCode}`})`);
}
