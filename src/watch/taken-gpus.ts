import { type GpuTaker, takerText } from '../core/gpus.ts';
import type { Clock } from '../core/time.ts';
import { WATCH_DEFAULTS, type WatchRule } from '../core/watch.ts';

/** How often nvidia-smi is asked, milliseconds: it is a process of its own. */
const ASK_MS = 60_000;
const NAMED = 3;

/** Whether a process from outside the queue computes on the queue's GPUs. */
export function createTakenGpus(deps: {
  /** null: it cannot be told now. */
  takers(): Promise<GpuTaker[] | null>;
  clock: Clock;
}) {
  let takers: (GpuTaker & { since: number })[] = [];
  let isKnown = false;
  let askedAt = Number.NEGATIVE_INFINITY;

  /** What is unknown stays as it was. */
  async function ask(): Promise<void> {
    askedAt = deps.clock();
    const found = await deps.takers();
    if (!found) return;
    isKnown = true;
    takers = found.map((taker) => {
      const before = takers.find(({ gpu, pid }) => gpu === taker.gpu && pid === taker.pid);
      return { ...taker, since: before?.since ?? askedAt };
    });
  }

  return {
    /**
     * In words when somebody has been there for the rule's time, so that what ends by itself is let be; null when not.
     * `firing`: the words of the episode that is open, which goes on while anybody is there, or nothing is known yet.
     */
    async check(rule: WatchRule, firing: string | undefined): Promise<string | null> {
      if (deps.clock() - askedAt >= ASK_MS) await ask();
      if (firing !== undefined && (!isKnown || takers.length > 0)) return firing;
      const minutes = rule.minutes ?? WATCH_DEFAULTS['gpu-taken'].minutes!;
      const staying = takers.filter(({ since }) => deps.clock() - since >= minutes * 60_000);
      if (staying.length === 0) return null;
      const more = staying.length > NAMED ? `; and ${staying.length - NAMED} more` : '';
      const words = staying.slice(0, NAMED).map(takerText).join('; ');
      return `${words}${more}. That GPU belongs to the queue: "gpus" shows which are free for other work`;
    },
  };
}
