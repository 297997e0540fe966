import { foldChanges } from '../core/fold-changes.ts';
import type { Log } from '../core/log.ts';
import type { Marks, Queue, QueueHealth, SnapshotChange } from '../core/queue.ts';
import type { Clock } from '../core/time.ts';
import { within } from '../core/within.ts';

/** How long a queue waits for what earlier ones turn out to be, milliseconds: the first of the settings is the one that is followed. */
const EARLIER_WITHIN_MS = 2_000;

/** What is wrong with a queue that has the same jobs as another one, in words with what to do. */
export function sameJobs(name: string, { by, what }: { by: string; what: string }): string {
  return `${what} is followed as ${by} already, and ${name} follows nothing: name it once under queues: in xaxbot.yaml.`;
}

/** Who holds what, by marks. */
export function createHolders() {
  const holders = new Map<string, string>();
  return {
    /** Gives a queue all that its marks stand for; else which of it another one has, and which. */
    take(queue: string, marks: Marks): { by: string; what: string } | undefined {
      for (const [mark, what] of marks) {
        const by = holders.get(mark);
        if (by !== undefined && by !== queue) return { by, what };
      }
      for (const mark of marks.keys()) holders.set(mark, queue);
      return undefined;
    },
  };
}

/**
 * The queues, of which one that turns out to have the jobs of another one follows nothing, and says so: what the settings spell in
 * two ways shows as one only once it is reached.
 */
export function apart(queues: readonly Queue[], deps: { clock: Clock; log: Log }): Queue[] {
  const holders = createHolders();
  const tried = queues.map(() => Promise.withResolvers<void>());
  for (const [index, { marks }] of queues.entries()) if (!marks) tried[index]!.resolve();

  return queues.map((queue, index) => (queue.marks ? apartFromOthers(queue, queue.marks, index) : queue));

  function apartFromOthers(queue: Queue, marks: () => Promise<Marks | null>, index: number): Queue {
    const { name, move, steer, launch, startOf } = queue;
    let isOwn = false;
    let twice: Extract<QueueHealth, { ok: false }> | undefined;
    let hear: (change: SnapshotChange) => void = () => {};
    /** What was told before it was known whose it is. */
    let held: SnapshotChange | undefined;
    let deciding: Promise<void> | undefined;
    let isStarted = false;

    async function decide(): Promise<void> {
      const found = isOwn || twice ? null : await marks();
      if (!found) return;
      const earlier = tried.slice(0, index).map(({ promise }) => promise);
      await within(EARLIER_WITHIN_MS, Promise.all(earlier), () => undefined);
      const other = holders.take(name, found);
      if (other) {
        const problem = sameJobs(name, other);
        twice = { ok: false, problem, since: deps.clock(), lastReadAt: null };
        deps.log.error({ queue: name, problem }, 'a queue has the jobs of another one');
        held = undefined;
        await queue.stop();
        return;
      }
      isOwn = true;
      const first = held;
      held = undefined;
      if (first) hear(first);
    }

    function decideOnce(): Promise<void> {
      deciding ??= decide().finally(() => {
        deciding = undefined;
      });
      return deciding;
    }

    function take(change: SnapshotChange): void {
      if (twice) return;
      if (isOwn) {
        hear(change);
        return;
      }
      held = held ? foldChanges(held, change) : change;
      if (isStarted)
        decideOnce().catch((error) =>
          deps.log.error({ err: error, queue: name }, 'it is not known which queue it is'),
        );
    }

    /** What is done with the queue, unless it is another one. */
    const unlessTwice =
      <A extends unknown[], R>(act: (...args: A) => Promise<R>, refused: (problem: string) => R) =>
      async (...args: A): Promise<R> =>
        twice ? refused(twice.problem) : act(...args);
    const leftAlone = (problem: string) => ({ done: false as const, reason: `was left alone: ${problem}` });

    return {
      ...queue,
      async start(listener, known) {
        hear = listener;
        try {
          await queue.start(take, known);
          isStarted = true;
          await decideOnce();
        } finally {
          tried[index]!.resolve();
        }
      },
      snapshot: () => (isOwn ? queue.snapshot() : undefined),
      refresh: async () => (twice ? undefined : queue.refresh()),
      health: () => twice ?? queue.health(),
      cancel: unlessTwice(queue.cancel, leftAlone),
      kill: unlessTwice(queue.kill, leftAlone),
      ...(move ? { move: unlessTwice(move, leftAlone) } : {}),
      ...(steer ? { steer: unlessTwice(steer, leftAlone) } : {}),
      ...(launch
        ? { launch: unlessTwice(launch, (reason) => ({ done: false, reason, lastLines: [] })) }
        : {}),
      ...(startOf ? { startOf: unlessTwice(startOf, () => null) } : {}),
    };
  }
}
