import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Set to a server's folder in all that the server starts: what closed its files and went elsewhere is still known by it. */
export const OWNER = 'XAXBOT_TEST_SERVER';

function read<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    // Gone meanwhile, or somebody else's.
    return undefined;
  }
}

function belongs(pid: string, place: string, marks: readonly string[]): boolean {
  const inside = (path: string | undefined) => path === place || path?.startsWith(`${place}/`) === true;
  if (inside(read(() => readlinkSync(`/proc/${pid}/cwd`)))) return true;
  const environment = (read(() => readFileSync(`/proc/${pid}/environ`, 'latin1')) ?? '').split('\0');
  if (marks.every((mark) => environment.includes(mark))) return true;
  const descriptors = read(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return descriptors.some((each) => inside(read(() => readlinkSync(`/proc/${pid}/fd/${each}`))));
}

/**
 * The processes, other than this one, that have `place` or something in it open, work in it, or have all of `marks`
 * (`NAME=value`) in their environment.
 */
export function processesOf(place: string, marks: readonly string[] = [`${OWNER}=${place}`]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && belongs(name, place, marks))
    .map(Number);
}

/** Kills them as a crash of their machine would, with those that they start meanwhile. */
export async function killProcessesOf(place: string, marks?: readonly string[]): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const found = processesOf(place, marks);
    if (found.length === 0) return;
    for (const pid of found) read(() => process.kill(pid, 'SIGKILL'));
    await sleep(10);
  }
  throw new Error(`processes of ${place} do not end: ${processesOf(place, marks).join(', ')}`);
}

/** Of Linux on every platform that Node runs on (getconf CLK_TCK). */
const TICKS_PER_SECOND = 100;

/** The processor's time that they and their ended children have taken so far, seconds (proc(5), stat: utime to cstime). */
export function cpuSecondsOf(pids: readonly number[]): number {
  const ticks = pids.flatMap((pid) => {
    const stat = read(() => readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? '';
    // Behind the name, which may hold anything, the third field is the first.
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .map(Number);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}
