import { jobKeyText } from './job.ts';
import type { SnapshotChange } from './queue.ts';

/** Two changes, one after the other, as one: each job as it was told last. */
export function foldChanges(first: SnapshotChange, second: SnapshotChange): SnapshotChange {
  const changed = new Map([...first.changed, ...second.changed].map((job) => [jobKeyText(job), job]));
  return {
    snapshot: second.snapshot,
    changed: [...changed.values()],
    removed: [...first.removed, ...second.removed],
    orderChanged: first.orderChanged || second.orderChanged,
    observerChanged: first.observerChanged || second.observerChanged,
  };
}
