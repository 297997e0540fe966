import type { Recorded } from '../ingest/tracker.ts';

/**
 * Jobs that began, handed on once it is clear that they are nobody's launch or that everything said at it stands in their
 * rows: while a launch is under way, a job may be its own before its launcher has said so.
 */
export function createDeferredStarts(deps: {
  launchesUnderWay(): number;
  onBegan(recorded: readonly Recorded[]): void;
}) {
  let held: Recorded[] = [];
  return {
    take(recorded: readonly Recorded[]): void {
      const begun = recorded.filter(({ transition }) => transition.kind === 'started');
      if (begun.length === 0) return;
      if (deps.launchesUnderWay() > 0) held.push(...begun);
      else deps.onBegan(begun);
    },
    /** A launch has ended. */
    launchEnded(): void {
      if (deps.launchesUnderWay() > 0 || held.length === 0) return;
      const now = held;
      held = [];
      deps.onBegan(now);
    },
  };
}

export type DeferredStarts = ReturnType<typeof createDeferredStarts>;
