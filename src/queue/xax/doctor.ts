import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../core/counted.ts';
import { errorText } from '../../core/errors.ts';
import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import { networkFileSystem } from '../../files/network.ts';
import { cureText, type Remark, remarksOn, type WallName } from '../../files/walls.ts';
import { run } from '../../processes/run.ts';
import type { CheckDeps } from '../kind.ts';
import { programFindings } from './doctor-programs.ts';
import { OBSERVER_FILE, STATE_FILE } from './files.ts';
import { folderMarks } from './folder-marks.ts';
import { readObserver } from './observer.ts';
import { START_COMMAND } from './observer-service.ts';
import { programsFor } from './programs.ts';
import { createStateReader, type Reading } from './state-reader.ts';

const LOCK_FILE = 'queue_state.lock';

/** Whether xax's queue is there, can be read and changed, and is worked on. */
export async function checkXax(
  { home, xaxBin }: { home: string; xaxBin: string | undefined },
  deps: Pick<CheckDeps, 'env' | 'timeoutMs' | 'onMarks'>,
): Promise<Finding[]> {
  deps.onMarks?.(await folderMarks(home));
  const folder = folderFinding(home);
  const reading = folder.state === 'failure' ? undefined : readingOf(home);
  const snapshot = reading && 'kind' in reading && reading.kind === 'state' ? reading.state : undefined;
  const programs = programFindings(programsFor(undefined, snapshot, xaxBin), {
    ...deps,
    ...{ home, run, setting: 'XAX_BIN' },
  });
  return [
    folder,
    ...(reading ? [stateFinding(home, reading), lockFinding(home)] : []),
    ...access('queue', home),
    ...access("queue's file", join(home, STATE_FILE)),
    observerFinding(home),
    ...(await programs),
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

function access(wall: WallName, path: string): Finding[] {
  return remarksOn(wall, path).map(({ what, why, ...remark }: Remark) =>
    warning('access', `${what}: ${why}`, cureText(remark)),
  );
}
