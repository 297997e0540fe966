import { BotError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { within } from '../core/within.ts';

/** The code of a part that took longer to stop than it may. */
const NOT_STOPPED = 'not-stopped';

/** Whether nothing but time was missing for a stop in order. */
export function isOnlyLate(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isOnlyLate);
  return error instanceof BotError && error.code === NOT_STOPPED;
}

/** A part with its start and stop; stopping a part that was not started does nothing. */
export interface Step {
  name: string;
  start?(): unknown;
  stop?(): unknown;
  /** How long its stop may take, milliseconds, if not the default. */
  stopWithinMs?: number;
}

/**
 * Starts steps in order and stops them in reverse: every one, even if another fails, and also those that
 * were not reached, because an adapter that is open lets people use what comes after it. `stopWithinMs`: how long a step
 * may take to stop before the next is stopped without it; `allWithinMs`: how long all of them may together.
 */
export function createLifecycle(deps: { stopWithinMs: number; allWithinMs?: number; log: Log }) {
  const { log, allWithinMs = Number.POSITIVE_INFINITY } = deps;
  const steps: Step[] = [];
  let stopping: Promise<void> | undefined;

  async function stopOne(
    { name, stop, stopWithinMs = deps.stopWithinMs }: Step,
    leftMs: number,
  ): Promise<void> {
    const ms = Math.max(0, Math.min(stopWithinMs, leftMs));
    await within(ms, Promise.resolve(stop?.()), () => {
      throw new BotError(NOT_STOPPED, `${name} did not stop within ${Math.round(ms) / 1000} s`);
    });
  }

  async function stopAll(): Promise<void> {
    const errors: unknown[] = [];
    const until = performance.now() + allWithinMs;
    for (const step of steps.toReversed()) {
      try {
        await stopOne(step, until - performance.now());
      } catch (error) {
        log.error({ err: error, step: step.name }, 'a part did not stop as it should');
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1)
      throw new AggregateError(errors, `${errors.length} parts did not stop as they should`);
  }

  return {
    /** Rejects with a step's error; the caller then stops what was started. */
    async start(more: readonly Step[]): Promise<void> {
      steps.push(...more);
      for (const { start } of more) await start?.();
    },
    /** After stopping everything, rejects with what failed: the error, or an AggregateError of several. Stops once. */
    stop(): Promise<void> {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
