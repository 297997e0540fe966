import { fileURLToPath } from 'node:url';
import { BotError, errorText } from '../../core/errors.ts';
import { isSameJob, type JobKey } from '../../core/job.ts';
import type { MutationResult, Snapshot } from '../../core/queue.ts';
import { type RunRequest, type RunResult, run } from '../../processes/run.ts';
import type { Programs } from './programs.ts';

/** The script takes a fraction of a second; a lock that is held longer than this is not xax's. */
const EDIT_TIMEOUT_MS = 20_000;
const OUTPUT_MAX = 64 * 1024;
const BY_COMMAND = 'through the xax command, so check and change were not one step: look at the queue';
/** Run by its path: started otherwise, Python would look for modules in the folder where it happens to stand. */
const SCRIPT = fileURLToPath(new URL('./edit_queue.py', import.meta.url));
const scriptHere = (python: string) => [python, SCRIPT];

export type Edit = { action: 'move'; position: number } | { action: 'cancel' };

export interface EditDeps extends Programs {
  home: string;
  env: NodeJS.ProcessEnv;
  /** Reads the queue now; throws BotError when it cannot. */
  readNow(): Snapshot | Promise<Snapshot>;
  /** Runs a program on the queue's host; this one unless given. */
  run?: (request: RunRequest) => Promise<RunResult>;
  /** The argument list that runs edit_queue.py by a Python there. */
  script?: (python: string) => string[];
}

/**
 * Moves or cancels exactly this job by one compare-and-set under xax's own lock, in the queue's own Python. Where no
 * Python has xax, by the xax command between two readings, and the result says that it was not one step.
 */
export async function editJob(
  key: JobKey,
  edit: Edit,
  depsFor: () => EditDeps | Promise<EditDeps>,
): Promise<MutationResult> {
  if (edit.action === 'move' && !(Number.isSafeInteger(edit.position) && edit.position >= 1)) {
    return refused(`cannot move to position ${edit.position}: positions are whole numbers from 1`);
  }
  try {
    const deps = await depsFor();
    for (const python of deps.pythons) {
      const result = await editByPython(python, key, edit, deps);
      if (result) return result;
    }
    return await editByCommand(key, edit, deps);
  } catch (error) {
    if (error instanceof BotError && error.code === 'outcome-unknown')
      return { done: false, reason: `may have been changed. ${errorText(error)}`, isUnknown: true };
    return refused(`was left alone: ${errorText(error)}`);
  }
}

/** Undefined when this Python cannot do it. */
async function editByPython(
  python: string,
  key: JobKey,
  edit: Edit,
  deps: EditDeps,
): Promise<MutationResult | undefined> {
  const { stdout, timedOut } = await (deps.run ?? run)({
    argv: (deps.script ?? scriptHere)(python),
    cwd: deps.home,
    env: deps.env,
    input: JSON.stringify({ home: deps.home, job_id: key.jobId, enqueued_at: key.enqueuedAt, ...edit }),
    timeoutMs: EDIT_TIMEOUT_MS,
    maxOutputBytes: OUTPUT_MAX,
  });
  const answer = parseAnswer(stdout.toString('utf8'));
  if (answer) return answer.done ? { done: true } : refused(answer.reason);
  if (!timedOut) return undefined;
  // It was ended while it waited for the lock, or just after it had written: the file knows.
  return isAsAsked(key, edit, await readAfter(deps))
    ? { done: true }
    : refused("could not be changed: another process holds the queue's lock");
}

async function editByCommand(key: JobKey, edit: Edit, deps: EditDeps): Promise<MutationResult> {
  const refusal = whyNot(key, edit, await deps.readNow());
  if (refusal !== null) return refused(refusal);
  if (!deps.xaxCommand) {
    return refused(
      `could not be changed: ${deps.distrust?.replace(/\.$/, '') ?? 'neither a Python with xax nor the xax command can be run. Name the xax command in XAX_BIN, or as bin of the queue'}`,
    );
  }
  const words = edit.action === 'move' ? ['move', key.jobId, String(edit.position)] : ['cancel', key.jobId];
  const { exitCode, stderr, startError } = await (deps.run ?? run)({
    argv: [...deps.xaxCommand, 'queue', ...words],
    cwd: deps.home,
    env: deps.env,
    timeoutMs: EDIT_TIMEOUT_MS,
    maxOutputBytes: OUTPUT_MAX,
  });
  if (exitCode !== 0)
    return refused(`could not be changed: ${startError ?? stderr.trim().split('\n').at(-1)}`);
  if (isAsAsked(key, edit, await readAfter(deps))) return { done: true, caution: BY_COMMAND };
  return refused(`was changed by something else at the same moment: look at the queue`);
}

/** What the queue says after something was tried. Error `outcome-unknown` where it cannot be read. */
async function readAfter({ readNow }: EditDeps): Promise<Snapshot> {
  try {
    return await readNow();
  } catch (error) {
    throw new BotError('outcome-unknown', errorText(error));
  }
}

/** The script's own checks, for the way without it. */
function whyNot(key: JobKey, edit: Edit, { jobs, order }: Snapshot): string | null {
  const job = jobs.get(key.jobId);
  if (!isSameJob(job, key)) return "is no longer in the queue's file";
  if (job.status === 'running') return 'is running now; kill it to end it';
  if (job.status !== 'queued') return `is ${job.status}, not waiting`;
  return edit.action === 'move' && edit.position > order.length
    ? `cannot move to position ${edit.position}: ${order.length} waiting`
    : null;
}

function isAsAsked(key: JobKey, edit: Edit, { jobs, order }: Snapshot): boolean {
  const job = jobs.get(key.jobId);
  if (!isSameJob(job, key)) return false;
  return edit.action === 'move' ? order[edit.position - 1] === key.jobId : job.status === 'cancelled';
}

function parseAnswer(output: string): { done: true } | { done: false; reason: string } | undefined {
  try {
    const answer = JSON.parse(output.trim().split('\n').at(-1) ?? '') as { done?: unknown; reason?: unknown };
    if (answer.done === true) return { done: true };
    return answer.done === false ? { done: false, reason: String(answer.reason) } : undefined;
  } catch {
    return undefined;
  }
}

function refused(reason: string): MutationResult {
  return { done: false, reason };
}
