import type { Queue } from '../core/queue.ts';
import type { HealthItem } from '../core/services/health.ts';

/** Whether a queue can be read; `where` says where from. */
export function queueItem(queue: Pick<Queue, 'health' | 'snapshot'>, where: string): HealthItem {
  const state = queue.health();
  const jobs = `${queue.snapshot()?.jobs.size ?? 0} jobs`;
  return {
    name: 'queue',
    ok: state.ok,
    detail: state.ok ? `${where}, ${jobs}` : state.problem,
    isVital: true,
  };
}

/** Whether a process runs the queue's jobs; `cure` says how one is started. */
export function observerItem(queue: Pick<Queue, 'snapshot'>, cure: string): HealthItem {
  const observer = queue.snapshot()?.observer;
  return {
    name: 'observer',
    ok: observer?.active === true,
    detail: observer?.active ? `pid ${observer.pid} on ${observer.hostname}` : `none is active; ${cure}`,
  };
}
