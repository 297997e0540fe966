import type { Observer } from '../../core/queue.ts';
import { readRegularSync } from '../../files/regular.ts';
import { parseObserver } from './state-schema.ts';

/** The heartbeat is written every 3 s; older than this and xax takes the observer for gone (queue_state.py of 0.4.9). */
const HEARTBEAT_TTL_SECONDS = 20;

/** xax writes some hundred bytes. */
const OBSERVER_MAX_BYTES = 65_536;

/** The observer as its file tells of it, active if xax would take it for so; null without a sound file. `nowSeconds` is epoch time. */
export function readObserver(path: string, nowSeconds: number): Observer | null {
  try {
    return observerIn(readRegularSync(path, OBSERVER_MAX_BYTES), nowSeconds, isAlive);
  } catch {
    return null;
  }
}

/** The same of the file's content; `isAlive` says whether a process is there. */
export function observerIn(
  content: Buffer,
  nowSeconds: number,
  isAlive: (pid: number) => boolean,
): Observer | null {
  try {
    const observer = parseObserver(JSON.parse(content.toString('utf8')));
    return {
      ...observer,
      active: nowSeconds - observer.updatedAt <= HEARTBEAT_TTL_SECONDS && isAlive(observer.pid),
    };
  } catch {
    return null;
  }
}

/** Whether two readings tell the same of the observer, but for its heartbeat. */
export function sameObserver(a: Observer | null, b: Observer | null): boolean {
  if (a === null || b === null) return a === b;
  return a.pid === b.pid && a.startedAt === b.startedAt && a.status === b.status && a.active === b.active;
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
