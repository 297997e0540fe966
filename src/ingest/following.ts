import { errorText } from '../core/errors.ts';
import type { Job } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';
import type { Queues } from '../core/queues.ts';
import type { HealthItem } from '../core/services/health.ts';
import { within } from '../core/within.ts';
import type { Intake } from './intake.ts';

export const FOLLOWING_TIMINGS = {
  /** How long the start of the whole waits for one queue of several. */
  startWithinMs: 3_000,
  /** How long its stop, and the taking of what it has told, is waited for. */
  stopWithinMs: 10_000,
  /** How long after a failure a queue is started again. */
  startAgainMs: 5_000,
};

/**
 * Follows all queues, each into its own intake. Of several, one that does not start, or takes its time, holds up no other:
 * it shows in health and is started again. The only one fails with its error.
 */
export function createFollowing(deps: {
  queues: Queues;
  intakeOf(queue: Queue): Intake;
  /** Jobs of a queue that had not ended when it was read last. */
  unfinished(queue: string): readonly Job[];
  log: Log;
  timings?: typeof FOLLOWING_TIMINGS;
}) {
  const { queues, log, timings = FOLLOWING_TIMINGS } = deps;
  const followed = queues.all.map((queue) => ({ queue, intake: deps.intakeOf(queue) }));
  const problems = new Map<string, string>();
  const firstRead = new Map(queues.all.map(({ name }) => [name, Promise.withResolvers<void>()]));
  const retries = new Map<string, NodeJS.Timeout>();
  let isStopped = false;

  /** The only one of the settings: what is told of it is told, or there is nothing. */
  const isAlone = (queue: Queue) => !queues.areSeveral && !queue.beside;

  const one = (name: string) => {
    const queue = queues.named(name);
    return followed.find((each) => each.queue === queue)!;
  };

  async function follow({ queue, intake }: (typeof followed)[number]): Promise<void> {
    try {
      await queue.start((change) => intake.take(change), deps.unfinished(queue.name));
      await intake.settled();
      problems.delete(queue.name);
      firstRead.get(queue.name)!.resolve();
    } catch (error) {
      if (isAlone(queue)) throw error;
      problems.set(queue.name, errorText(error));
      log.error({ err: error, queue: queue.name }, 'a queue could not be started, and is tried again');
      if (!isStopped)
        retries.set(
          queue.name,
          setTimeout(() => void follow({ queue, intake }), timings.startAgainMs),
        );
    }
  }

  async function followInTime(each: (typeof followed)[number]): Promise<void> {
    const work = follow(each);
    if (isAlone(each.queue)) return work;
    const { name } = each.queue;
    problems.set(name, 'it has not answered yet');
    await within(timings.startWithinMs, work, () =>
      log.warn({ queue: name }, 'a queue has not answered yet; the others are followed'),
    );
  }

  return {
    async start(): Promise<void> {
      await Promise.all(followed.map(followInTime));
    },
    /** Resolves when a queue has been read for the first time, and the database has what it said; for one that hangs, never. */
    followed: (name: string): Promise<void> => firstRead.get(name)!.promise,
    /** Resolves when all that was told has been taken; of what one queue is waited for, the others are not. */
    async stop(): Promise<void> {
      isStopped = true;
      for (const timer of retries.values()) clearTimeout(timer);
      const stops = await Promise.allSettled(
        followed.map(async ({ queue, intake }) => {
          await within(timings.stopWithinMs, queue.stop(), () => undefined);
          await within(timings.stopWithinMs, intake.stop(), () => undefined);
        }),
      );
      const failed = stops.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    /** Reads a queue now; resolves when the database has taken what it says. */
    async read(name: string): Promise<void> {
      const { queue, intake } = one(name);
      await queue.refresh();
      await intake.settled();
    },
    /** Resolves when the database has taken what the queues said. */
    async settled(): Promise<void> {
      await Promise.all(
        followed.map(({ queue, intake }) =>
          isAlone(queue) ? intake.settled() : within(timings.stopWithinMs, intake.settled(), () => undefined),
        ),
      );
    },
    /** Of the database, and of queues that could not be started. */
    health(): HealthItem[] {
      const intakes = followed.map(({ intake }) => intake.health());
      return [
        intakes.find(({ ok }) => !ok) ?? intakes[0]!,
        ...[...problems].map(([name, problem]) => ({
          name: `start of ${name}`,
          ok: false,
          detail: `${problem}; it is tried again`,
        })),
      ];
    },
  };
}

export type Following = ReturnType<typeof createFollowing>;
