import type { Log } from '../core/log.ts';

/** Does periodic work, one task after the other; an error is logged and does not affect the others. */
export function createTicker(deps: { everyMs: number; log: Log; steps: Record<string, () => void> }) {
  const { everyMs, log, steps } = deps;
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    for (const [name, step] of Object.entries(steps)) {
      try {
        step();
      } catch (error) {
        log.error({ err: error, step: name }, 'periodic work failed');
      }
    }
  }

  return {
    start(): void {
      timer = setInterval(tick, everyMs);
    },
    stop(): void {
      clearInterval(timer);
    },
  };
}
