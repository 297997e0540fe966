import type { Queue } from '../core/queue.ts';
import type { HealthItem } from '../core/services/health.ts';

/** Whether a queue can be read; `where` says where from. */
export function queueItem(queue: Pick<Queue, 'health' | 'snapshot'>, where: string): HealthItem {
  const state = queue.health();
  const snapshot = queue.snapshot();
  const jobs = snapshot ? `${snapshot.jobs.size} jobs` : 'has not been read yet';
  return {
    name: 'queue',
    ok: state.ok,
    detail: state.ok ? `${where}, ${jobs}` : state.problem,
    isVital: true,
  };
}

/** What a queue was asked for and cannot do, called `name`; none where nothing is wrong. */
export function cautionItems(queue: Pick<Queue, 'health'>, name: string): HealthItem[] {
  const state = queue.health();
  return state.ok && state.caution !== undefined ? [{ name, ok: false, detail: state.caution }] : [];
}

/** Whether a process runs the queue's jobs, if that can be known now; `cure` says how one is started. */
export function observerItem(queue: Pick<Queue, 'health' | 'snapshot'>, cure: string): HealthItem {
  const name = 'observer';
  const snapshot = queue.snapshot();
  if (!queue.health().ok) return { name, ok: false, detail: 'not known: the queue cannot be read' };
  if (!snapshot) return { name, ok: false, detail: 'not known: the queue has not been read yet' };
  const { observer } = snapshot;
  return {
    name,
    ok: observer?.active === true,
    detail: observer?.active ? `pid ${observer.pid} on ${observer.hostname}` : `none is active; ${cure}`,
  };
}
