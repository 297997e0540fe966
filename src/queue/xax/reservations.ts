import type { GpuReservation, KnownReservation } from '../../core/gpus.ts';
import type { Observer } from '../../core/queue.ts';
import { processArguments, processEnvironment } from '../process-facts.ts';
import { fromFlags, fromVariables } from './gpu-settings.ts';
import { realPath } from './identity.ts';
import { readObserverService } from './observer-service.ts';

/** The xax command whose process the observer is. */
const OBSERVER_COMMAND = '_observer';

/**
 * What the queue in `home` keeps for its jobs: what is set for its service, then what the running observer holds
 * where that is something else. Empty: no observer runs, and none is set up.
 */
export async function readReservations(deps: {
  home: string;
  env: NodeJS.ProcessEnv;
  observer: Observer | null;
}): Promise<KnownReservation[]> {
  const { home, env, observer } = deps;
  const service = await readObserverService(env);
  const isOurs = service !== undefined && servesHome(service, home);
  const set = isOurs ? service.reservation : undefined;
  const held = observer?.active ? heldBy(observer.pid) : undefined;
  const known: KnownReservation[] = set ? [{ ...set, source: 'service' }] : [];
  const isNews = held && (set === undefined || (held.kind !== 'unknown' && !isSame(held, set)));
  if (isNews) known.push({ ...held, source: 'observer' });
  if (known.length === 0 && isOurs) known.push({ kind: 'all', source: 'service' });
  return known;
}

/** Whether the user's service serves the queue in `home`; one that does not say is taken to. */
export function servesHome(service: { home: string | undefined }, home: string): boolean {
  return service.home === undefined || realPath(service.home) === realPath(home);
}

/** What a running observer was started with. Nothing else of its arguments and environment leaves this. */
function heldBy(pid: number): GpuReservation {
  const words = processArguments(pid);
  if (!words.includes(OBSERVER_COMMAND)) return { kind: 'unknown' };
  const byFlag = fromFlags(words);
  if (byFlag) return byFlag;
  const variables = processEnvironment(pid);
  if (!variables) return { kind: 'unknown' };
  return fromVariables(variables) ?? { kind: 'all' };
}

function isSame(a: GpuReservation, b: GpuReservation): boolean {
  if (a.kind === 'listed') return b.kind === 'listed' && a.indices.join() === b.indices.join();
  return a.kind === 'first' ? b.kind === 'first' && a.count === b.count : a.kind === b.kind;
}
