import { readFileSync } from 'node:fs';

/** What the kernel says of a process in /proc/PID/stat (proc_pid_stat(5)). */
export interface ProcessStat {
  /** It has ended, and only waits to be collected. */
  isZombie: boolean;
  parentPid: number;
  processGroupId: number;
  sessionId: number;
  /** When it began, in the system's clock ticks since boot: an id is used again, with this it is not. */
  startTicks: string;
}

/** Undefined where there is no such process, or no /proc. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything; the state and the numbers follow its last bracket.
    const [state, parent, group, session, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const startTicks = rest[15];
    if (startTicks === undefined) return undefined;
    return {
      isZombie: state === 'Z' || state === 'X',
      parentPid: Number(parent),
      processGroupId: Number(group),
      sessionId: Number(session),
      startTicks,
    };
  } catch {
    return undefined;
  }
}
