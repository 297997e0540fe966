import { setTimeout as sleep } from 'node:timers/promises';
import type { Observer } from '../../core/queue.ts';
import { type ProcessFacts, processFacts, programOf } from '../process-facts.ts';
import { SERVICE, servicePid } from './observer-service.ts';

const LOOK_MS = 100;
/** Whoever starts a service, or takes over what a shell left behind. */
const MANAGERS = ['systemd', 'init'];

/**
 * Why xax cannot stop the observer that is active: it is not its service's. null where it is, where none is active, and
 * where no systemd answers (there xax ends the process itself).
 */
export async function strayObserver(
  observer: Observer | null,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const facts = observer?.active ? processFacts(observer.pid) : undefined;
  const main = facts && (await servicePid(env));
  if (!facts || main === undefined || isWithin(facts, main)) return null;
  const { pid } = facts;
  return `The observer that is active (pid ${pid}, ${startedBy(facts)}) does not belong to the user's service ${SERVICE}, which is all that xax controls. Stop it where it was started, or with "kill ${pid}" on the host.`;
}

/** Whether this process ends within the time; `since`: what it was before, as its number may be another's by then. */
export async function ends(since: ProcessFacts, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (processFacts(since.pid)?.startedAt === since.startedAt) {
    if (performance.now() >= until) return false;
    await sleep(LOOK_MS);
  }
  return true;
}

/** A service may be a program that starts another. */
function isWithin(facts: ProcessFacts, main: number): boolean {
  let each: ProcessFacts | undefined = facts;
  while (each && each.pid !== main) each = processFacts(each.parentPid);
  return each !== undefined;
}

function startedBy({ parentPid }: ProcessFacts): string {
  const parent = programOf(parentPid);
  if (parent === undefined || MANAGERS.includes(parent)) return 'started by hand from what has ended';
  return `started by ${parent}, pid ${parentPid}`;
}
