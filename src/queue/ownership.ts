import type { Snapshot } from '../core/queue.ts';
import { processFacts } from './process-facts.ts';

/** No tree of processes is deeper; a loop, read while pids were being reused, ends here. */
const DEEPEST = 64;

/**
 * Whether a process is the queue's: in the group or session of a running job, one of its recorded children, or below
 * such a process or the observer. A job that was just claimed has no recorded pid; it stands below the observer.
 */
export function belongsToQueue(pid: number, { jobs, running, observer }: Snapshot): boolean {
  const own = new Set<number>();
  for (const id of running) {
    const job = jobs.get(id);
    for (const each of [job?.pid, job?.processGroupId, ...(job?.childPids ?? [])]) if (each) own.add(each);
  }
  if (observer?.active) own.add(observer.pid);
  let at = pid;
  for (let depth = 0; at > 1 && depth < DEEPEST; depth += 1) {
    if (own.has(at)) return true;
    const facts = processFacts(at);
    if (!facts) return false;
    if (own.has(facts.processGroupId) || own.has(facts.sessionId)) return true;
    at = facts.parentPid;
  }
  return false;
}
