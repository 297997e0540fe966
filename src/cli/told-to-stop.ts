import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Log } from '../core/log.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export const STOP_TIMINGS = {
  /** How long a stop may take before the process ends without it, milliseconds. */
  allMs: 4_700,
  /** A signal that comes again so soon is the same one: npm passes on what the terminal has sent to all. */
  sameMs: 300,
};

/**
 * Resolves when the process is told to end: by SIGINT, by SIGTERM, or because its terminal is gone. It ends then, whatever is
 * still under way: after a few seconds, or at once when it is told again.
 */
export function toldToStop(
  log: Log,
  { allMs, sameMs } = STOP_TIMINGS,
  end: (code: number) => void = process.exit,
): Promise<void> {
  const hadTerminal = hasTerminal();
  const { promise, resolve } = Promise.withResolvers<void>();
  let toldAt: number | undefined;

  function told(signal: (typeof SIGNALS)[number] | 'SIGHUP'): void {
    if (toldAt !== undefined) {
      if (performance.now() - toldAt > sameMs) end(128 + constants.signals[signal]);
      return;
    }
    toldAt = performance.now();
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.warn(
        { afterMs: allMs },
        'ended before everything had stopped; the next start takes up what was left',
      );
      end(0);
    }, allMs).unref();
    resolve();
  }

  for (const signal of SIGNALS) process.on(signal, () => told(signal));
  process.on('SIGHUP', () => {
    if (hadTerminal && !hasTerminal()) told('SIGHUP');
  });
  return promise;
}

/** Of a terminal that was closed, the streams are none any longer. */
function hasTerminal(): boolean {
  return [0, 1, 2].some((stream) => isatty(stream));
}
