import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { processStat } from '../processes/stat.ts';
import { cleanLine } from './clean-text.ts';

/** Clock ticks a second in /proc/PID/stat: USER_HZ, 100 on every Linux that Node runs on (proc(5)). */
const TICKS_PER_SECOND = 100;

/** How far from a start that was noted a process may seem to have begun: the kernel tells its own start to the second, and both clocks are rounded. */
const START_TOLERANCE_SECONDS = 2;

/** What the kernel says of a living process, as far as it tells whose it is. */
export interface ProcessFacts {
  pid: number;
  parentPid: number;
  processGroupId: number;
  sessionId: number;
  /** Epoch seconds. */
  startedAt: number;
}

/** Facts of a process from /proc; undefined when there is none, or only a zombie that waits to be collected. */
export function processFacts(pid: number): ProcessFacts | undefined {
  const stat = processStat(pid);
  const booted = bootedAt();
  if (!stat || stat.isZombie || booted === undefined) return undefined;
  const { parentPid, processGroupId, sessionId, startTicks } = stat;
  return {
    pid,
    parentPid,
    processGroupId,
    sessionId,
    startedAt: booted + Number(startTicks) / TICKS_PER_SECOND,
  };
}

/** Whether a process began before something else did, epoch seconds: an id that is used again. */
export function beganBefore({ startedAt }: Pick<ProcessFacts, 'startedAt'>, seconds: number): boolean {
  return startedAt < seconds - START_TOLERANCE_SECONDS;
}

/** Whether the very process is there that was seen before, and none that has its id by now. */
export function isProcess({ pid, startedAt }: Pick<ProcessFacts, 'pid' | 'startedAt'>): boolean {
  const facts = processFacts(pid);
  return facts !== undefined && Math.abs(facts.startedAt - startedAt) < START_TOLERANCE_SECONDS;
}

/** Epoch seconds; undefined without /proc. */
function bootedAt(): number | undefined {
  try {
    return Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))![1]);
  } catch {
    return undefined;
  }
}

/** The living processes of a group. */
export function groupMembers(processGroupId: number): ProcessFacts[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .flatMap((pid) => processFacts(Number(pid)) ?? [])
    .filter((facts) => facts.processGroupId === processGroupId);
}

/** Whether any process of the group is there, zombies included. */
export function groupIsAlive(processGroupId: number): boolean {
  try {
    process.kill(-processGroupId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The name of a living process's program, cut to 15 bytes (proc_pid_comm(5)); undefined when there is none. */
export function programOf(pid: number): string | undefined {
  try {
    return cleanLine(readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd());
  } catch {
    return undefined;
  }
}

/** The arguments a process was started with, its program first; empty when there is none. For comparing only. */
export function processArguments(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/**
 * The environment a process was started with, the first of two equal names as Python takes it; undefined when it
 * may not be read. For comparing only: its contents never leave the check.
 */
export function processEnvironment(pid: number): Map<string, string> | undefined {
  try {
    const variables = new Map<string, string>();
    for (const entry of readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')) {
      const cut = entry.indexOf('=');
      const name = entry.slice(0, cut);
      if (cut > 0 && !variables.has(name)) variables.set(name, entry.slice(cut + 1));
    }
    return variables;
  } catch {
    return undefined;
  }
}

/** Whether a process has a file open below a folder (proc_pid_fd(5)), or was started there; of one that may not be looked into, no. */
export function hasOpenBelow(pid: number, folder: string): boolean {
  const leadsThere = (link: string): boolean => {
    try {
      return `${readlinkSync(link)}/`.startsWith(`${folder}/`);
    } catch {
      return false;
    }
  };
  try {
    if (leadsThere(`/proc/${pid}/cwd`)) return true;
    const open = `/proc/${pid}/fd`;
    return readdirSync(open).some((name) => leadsThere(join(open, name)));
  } catch {
    return false;
  }
}
