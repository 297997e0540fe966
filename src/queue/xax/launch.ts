import { stat } from 'node:fs/promises';
import { clip } from '../../core/clip.ts';
import { BotError } from '../../core/errors.ts';
import { LAUNCH_MAX_MS, type LaunchRequest, type LaunchResult, type Snapshot } from '../../core/queue.ts';
import { type RunRequest, type RunResult, run } from '../../processes/run.ts';
import { checkAssignment } from '../assignments.ts';
import { cleanLine } from '../clean-text.ts';

const OUTPUT_MAX = 64 * 1024;
/** How many of the launcher's last lines explain a failure. */
const LAST_LINES = 15;
/** What the queued launcher logs at the end (xax/task/launchers/queued.py of 0.4.9). */
const QUEUED = /\bQueued (job-\d+) \((\S+)\) at (.+?)(?: \[launcher=\w+\])?$/;

/** The host on which something is launched. */
export interface LaunchHost {
  run(request: RunRequest): Promise<RunResult>;
  isFile(path: string): Promise<boolean>;
}

const HERE: LaunchHost = {
  run,
  isFile: async (path) => (await stat(path).catch(() => null))?.isFile() ?? false,
};

/** Error `bad-assignment` for what a launcher must not be given; null where the place is one, else why not. */
export async function checkRequest(
  { assignments, cwd, position }: LaunchRequest,
  host: LaunchHost = HERE,
): Promise<string | null> {
  for (const [key, scalar] of Object.entries(assignments)) {
    checkAssignment(key, scalar);
    await mustBeNoFile(cwd, `${key}=${scalar}`, host);
  }
  if (position === undefined || (Number.isSafeInteger(position) && position >= 1)) return null;
  return `there is no position ${position} in the queue: positions are whole numbers from 1`;
}

/** xax loads an argument that is the path of a file as settings, whatever it says. Error `bad-assignment`. */
async function mustBeNoFile(cwd: string, argument: string, { isFile }: LaunchHost): Promise<void> {
  // Not normalized: Python asks for it as it stands.
  if (!(await isFile(`${cwd}/${argument}`))) return;
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
  host: LaunchHost = HERE,
): Promise<LaunchResult> {
  const { argv, cwd, assignments, position } = request;
  const place = position === undefined ? [] : ['--queue-position', String(position)];
  const settings = Object.entries(assignments).map(([key, value]) => `${key}=${value}`);
  const lines: string[] = [];
  let queued: { jobId: string; runDir: string } | undefined;
  const result = await host.run({
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
  if (result.startError !== null)
    return failed(`${argv[0] ?? 'nothing'} could not be started: ${result.startError}`, lines);
  if (result.timedOut)
    return failed(`the launcher took longer than ${LAUNCH_MAX_MS / 60_000} minutes and was stopped`, lines);
  if (result.exitCode === 0) return failed('the launcher ended without queueing a job', lines);
  return failed(`the launcher failed (${result.signal ?? `exit code ${result.exitCode}`})`, lines);
}

/** What is said where no observer is active. */
export function noObserver(startedBy: string): LaunchResult {
  return failed(
    `no queue observer is active, and xax queues nothing without one. Start it with "${startedBy}"`,
  );
}

export function failed(reason: string, lastLines: string[] = []): LaunchResult {
  return { done: false, reason, lastLines };
}

/** A launch with its job's enqueue time, where the queue lists that job. */
export function launched(
  result: Extract<LaunchResult, { done: true }>,
  snapshot: Snapshot | undefined,
): LaunchResult {
  const job = snapshot?.jobs.get(result.job.jobId);
  const isThatJob = job?.runDir === result.job.runDir;
  return { done: true, job: { ...result.job, enqueuedAt: isThatJob ? job.enqueuedAt : null } };
}
