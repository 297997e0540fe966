import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import type { RunRequest, RunResult } from '../../processes/run.ts';
import { cleanLine } from '../clean-text.ts';
import type { Programs } from './programs.ts';

/** The version of xax that this was checked against. */
const KNOWN_VERSION = '0.4.9';
const OUTPUT_MAX_BYTES = 64 * 1024;
/** Says which xax a Python has, and whether what changes the queue under its lock is there (edit_queue.py needs it). */
const ASK = `import importlib.metadata as m
print(m.version("xax"))
from xax.utils.launcher.queue_state import edit_queue_state, get_queue_paths
print("whole")`;

interface ProgramDeps {
  /** The queue's folder. */
  home: string;
  /** Runs a program on the queue's host. */
  run(request: RunRequest): Promise<RunResult>;
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
  /** The setting that names the xax command. */
  setting: string;
}

/** Whether the queue's xax command and its Python run on its host. */
export async function programFindings(programs: Programs, deps: ProgramDeps): Promise<Finding[]> {
  return Promise.all([commandFinding(programs, deps), pythonFinding(programs.pythons[0], deps)]);
}

async function commandFinding(
  { xaxCommand: command, distrust }: Programs,
  { run, env, timeoutMs, setting }: ProgramDeps,
): Promise<Finding> {
  const name = 'xax';
  const hint = `name it in ${setting}, as ~/project/.venv/bin/xax`;
  if (distrust !== undefined) return failure(name, distrust);
  if (!command)
    return warning(name, 'neither on PATH, nor known by a job: the queue can be read, and not changed', hint);
  const shown = command.join(' ');
  const result = await run({
    argv: [...command, '--help'],
    cwd: '/',
    env,
    timeoutMs,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  if (result.exitCode === 0 && /queue/.test(result.stdout.toString('utf8'))) return fine(name, shown);
  return failure(name, `${shown} --help ${endOf(result, timeoutMs)}`, hint);
}

async function pythonFinding(
  python: string | undefined,
  { run, env, home, timeoutMs, setting }: ProgramDeps,
): Promise<Finding> {
  const name = "queue's Python";
  if (python === undefined)
    return warning(
      name,
      `not known yet: the first job, or ${setting}, tells`,
      `name the xax command in ${setting}`,
    );
  const result = await run({
    argv: [python, '-P', '-c', ASK],
    cwd: '/',
    env: { ...env, XAX_HOME: home },
    timeoutMs,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  const [version = '', whole] = result.stdout.toString('utf8').trim().split('\n');
  if (!/^\d/.test(version))
    return failure(
      name,
      `${python} has no xax: it ${endOf(result, timeoutMs)}`,
      `${python} -m pip install xax==${KNOWN_VERSION}`,
    );
  const known = `${python}, with xax ${version}`;
  if (whole !== 'whole')
    return warning(
      name,
      `${known}: jobs cannot be moved and cancelled in one step (${endOf(result, timeoutMs)})`,
      `${python} -m pip install xax==${KNOWN_VERSION}`,
    );
  return version === KNOWN_VERSION
    ? fine(name, known)
    : warning(name, `${known}; xaxbot was checked against ${KNOWN_VERSION}`, 'watch the first job closely');
}

function endOf(result: RunResult, timeoutMs: number): string {
  if (result.startError !== null) return `could not be started: ${result.startError}`;
  if (result.timedOut) return `did not end within ${timeoutMs / 1_000} s`;
  const last = result.stderr.trim().split('\n').at(-1) ?? '';
  return `ended with ${result.exitCode ?? result.signal}${last === '' ? '' : `: ${cleanLine(last).slice(0, 200)}`}`;
}
