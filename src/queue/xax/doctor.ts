import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../core/counted.ts';
import { errorText } from '../../core/errors.ts';
import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import { networkFileSystem } from '../../files/network.ts';
import { cureText, type Remark, remarksOn, type WallName } from '../../files/walls.ts';
import { run } from '../../processes/run.ts';
import { cleanLine } from '../clean-text.ts';
import { OBSERVER_FILE, STATE_FILE } from './files.ts';
import { readObserver } from './observer.ts';
import { START_COMMAND } from './observer-service.ts';
import { programsFor } from './programs.ts';
import { createStateReader, type Reading } from './state-reader.ts';

/** The version of xax that this was checked against. */
const KNOWN_VERSION = '0.4.9';
const LOCK_FILE = 'queue_state.lock';
const OUTPUT_MAX_BYTES = 64 * 1024;
/** Says which xax a Python has, and whether what changes the queue under its lock is there (edit_queue.py needs it). */
const ASK = `import importlib.metadata as m
print(m.version("xax"))
from xax.utils.launcher.queue_state import edit_queue_state, get_queue_paths
print("whole")`;

/** Whether xax's queue is there, can be read and changed, and is worked on. */
export async function checkXax(
  { home, xaxBin }: { home: string; xaxBin: string | undefined },
  deps: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Finding[]> {
  const folder = folderFinding(home);
  const reading = folder.state === 'failure' ? undefined : readingOf(home);
  const snapshot = reading && 'kind' in reading && reading.kind === 'state' ? reading.state : undefined;
  const { pythons, xaxCommand, distrust } = programsFor(undefined, snapshot, xaxBin);
  const [command, python] = await Promise.all([
    commandFinding(xaxCommand, distrust, deps),
    pythonFinding(pythons[0], home, deps),
  ]);
  return [
    folder,
    ...(reading ? [stateFinding(home, reading), lockFinding(home)] : []),
    ...access('queue', home),
    ...access("queue's file", join(home, STATE_FILE)),
    observerFinding(home),
    command,
    python,
  ];
}

function folderFinding(home: string): Finding {
  const name = 'queue';
  if (!existsSync(home))
    return failure(
      name,
      `${home} does not exist`,
      'name the folder of the queue in XAX_HOME, or start the queue: xax queue start',
    );
  try {
    if (!statSync(home).isDirectory())
      return failure(name, `${home} is no folder`, 'name the folder of the queue in XAX_HOME');
    accessSync(home, constants.R_OK | constants.X_OK);
  } catch (error) {
    return failure(
      name,
      `${home} cannot be read: ${errorText(error)}`,
      'give the user that runs xaxbot access to it',
    );
  }
  const network = networkFileSystem(home);
  return fine(name, network ? `${home}, on ${network}: it is looked at each second` : home);
}

function readingOf(home: string): Reading | { problem: unknown } {
  try {
    return createStateReader('doctor', join(home, STATE_FILE)).read({ force: true });
  } catch (problem) {
    return { problem };
  }
}

function stateFinding(home: string, reading: Reading | { problem: unknown }): Finding {
  const name = 'queue file';
  if ('problem' in reading)
    return failure(
      name,
      errorText(reading.problem),
      `look at it: python3 -m json.tool ${join(home, STATE_FILE)}`,
    );
  if (reading.kind !== 'state') return fine(name, 'not there yet: nothing has been queued');
  const { jobs, running, order } = reading.state;
  return fine(name, `${counted(jobs.size, 'job')}, ${running.length} running, ${order.length} waiting`);
}

function lockFinding(home: string): Finding {
  const name = 'queue lock';
  const path = join(home, LOCK_FILE);
  try {
    accessSync(home, constants.W_OK);
    if (!existsSync(path)) return fine(name, 'not there yet');
    if (!statSync(path).isFile()) return failure(name, `${path} is no file`, `mv ${path} ${path}.aside`);
    accessSync(path, constants.R_OK | constants.W_OK);
    return fine(name, 'it can be taken');
  } catch {
    return warning(
      name,
      `${home} may only be read: jobs can neither be moved nor cancelled`,
      `give the user that runs xaxbot write access: ls -ld ${home} ${path}`,
    );
  }
}

function observerFinding(home: string): Finding {
  const name = 'observer';
  const observer = readObserver(join(home, OBSERVER_FILE), Date.now() / 1000);
  if (observer?.active) return fine(name, `it runs (process ${observer.pid}, ${observer.status})`);
  return warning(name, 'it does not run: no job starts, and none can be queued', START_COMMAND);
}

async function commandFinding(
  command: readonly string[] | undefined,
  distrust: string | undefined,
  { env, timeoutMs }: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Finding> {
  const name = 'xax';
  const hint = 'name it in XAX_BIN, as in XAX_BIN=~/project/.venv/bin/xax';
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
  home: string,
  { env, timeoutMs }: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Finding> {
  const name = "queue's Python";
  if (python === undefined)
    return warning(
      name,
      'not known yet: the first job, or XAX_BIN, tells',
      'name the xax command in XAX_BIN',
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

function endOf(result: Awaited<ReturnType<typeof run>>, timeoutMs: number): string {
  if (result.startError !== null) return `could not be started: ${result.startError}`;
  if (result.timedOut) return `did not end within ${timeoutMs / 1_000} s`;
  const last = result.stderr.trim().split('\n').at(-1) ?? '';
  return `ended with ${result.exitCode ?? result.signal}${last === '' ? '' : `: ${cleanLine(last).slice(0, 200)}`}`;
}

function access(wall: WallName, path: string): Finding[] {
  return remarksOn(wall, path).map(({ what, why, ...remark }: Remark) =>
    warning('access', `${what}: ${why}`, cureText(remark)),
  );
}
