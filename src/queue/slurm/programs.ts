import { clip } from '../../core/clip.ts';
import type { RunRequest, RunResult } from '../../processes/run.ts';
import { cleanLine } from '../clean-text.ts';

/** Runs a program where the cluster can be reached: on this host, or another. */
export type Run = (request: RunRequest) => Promise<RunResult>;

/** What a program of Slurm's came to. Its exit code proves nothing where it changes something. */
export type Answer =
  | { ok: true; bytes: Buffer; readonly text: string; stderr: string }
  /** `isLate`: it may have been taken all the same, and be done later. */
  | { ok: false; problem: string; isLate: boolean };

/** A controller that is stopped or frozen keeps its askers for 9.5 to 19 s. */
const ANSWER_WITHIN_MS = 30_000;
/** 100,000 jobs at some 150 bytes each. */
const OUTPUT_MAX = 32 * 1024 * 1024;
const PROBLEM_MAX = 200;

/** How Slurm says that no answer came (slurm_errno(3)): what was asked may have arrived. */
const IS_LATE =
  /timed out|unexpected message|unable to contact|(connect|connection|send|receive|shutdown) failure|zero bytes|connection reset|broken pipe/i;

/** Asks one program of Slurm's; never rejects. */
export async function ask(
  run: Run,
  env: NodeJS.ProcessEnv,
  argv: readonly string[],
  more: Partial<Pick<RunRequest, 'input' | 'cwd' | 'timeoutMs'>> = {},
): Promise<Answer> {
  const name = argv[0] ?? '';
  const result = await run({
    argv,
    env,
    timeoutMs: ANSWER_WITHIN_MS,
    maxOutputBytes: OUTPUT_MAX,
    ...more,
  });
  const failed = (problem: string, isLate = false): Answer => ({ ok: false, problem, isLate });
  if (result.startError !== null)
    return failed(
      /ENOENT/.test(result.startError)
        ? `${name} is not there: Slurm's programs must be on PATH`
        : `${name} could not be started: ${result.startError}`,
    );
  const said = saidBy(result.stderr);
  if (result.timedOut) {
    const seconds = (more.timeoutMs ?? ANSWER_WITHIN_MS) / 1000;
    return failed(
      `${name} has not answered within ${seconds} s${said === '' ? '' : `; it says: ${said}`}`,
      true,
    );
  }
  if (result.exitCode !== 0) {
    const isLate = result.exitCode === null || IS_LATE.test(said);
    return failed(
      said === '' ? `${name} failed (${result.signal ?? `exit code ${result.exitCode}`})` : said,
      isLate,
    );
  }
  if (result.truncated) return failed(`${name} printed more than ${OUTPUT_MAX / 1024 / 1024} MB`);
  const { stdout } = result;
  return {
    ok: true,
    bytes: stdout,
    stderr: result.stderr,
    get text() {
      return stdout.toString('utf8');
    },
  };
}

/** Slurm's own words for what went wrong, in one line. */
export function saidBy(stderr: string): string {
  const lines = stderr.split('\n', 20).map((line) => cleanLine(line).trim());
  return clip(lines.filter((line) => line !== '').join('; '), PROBLEM_MAX);
}
