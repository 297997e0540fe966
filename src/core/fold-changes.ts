import { type Job, jobKeyText } from './job.ts';
import type { SnapshotChange } from './queue.ts';

/** What two readings of jobs, one after the other, bring together: each job as it was told last. */
export function foldJobs(
  first: Pick<SnapshotChange, 'changed' | 'removed' | 'orderChanged'>,
  second: Pick<SnapshotChange, 'changed' | 'removed' | 'orderChanged'>,
): { changed: Job[]; removed: Job[]; orderChanged: boolean } {
  const changed = new Map([...first.changed, ...second.changed].map((job) => [jobKeyText(job), job]));
  return {
    changed: [...changed.values()],
    removed: [...first.removed, ...second.removed],
    orderChanged: first.orderChanged || second.orderChanged,
  };
}

/** Two changes, one after the other, as one. */
export function foldChanges(first: SnapshotChange, second: SnapshotChange): SnapshotChange {
  return {
    snapshot: second.snapshot,
    ...foldJobs(first, second),
    observerChanged: first.observerChanged || second.observerChanged,
  };
}
