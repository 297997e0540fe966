import type { Gpu } from '../core/gpus.ts';
import type { Clock } from '../core/time.ts';
import { durationText } from '../core/time.ts';
import { WATCH_DEFAULTS, type WatchRule } from '../core/watch.ts';

/** A GPU below this utilization, percent, counts as idle. */
const IDLE_BELOW = 5;
/** How often nvidia-smi is asked, milliseconds: it is a process of its own. */
const ASK_MS = 60_000;
const NAMED = 3;

/** Whether the host's GPUs are idle while hypotheses wait for a run and nothing is queued. */
export function createIdleHost(deps: { gpus(): Promise<Gpu[] | null>; clock: Clock }) {
  let idleSince: number | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;

  /** What is unknown stays as it was. */
  async function ask(firing: boolean): Promise<void> {
    askedAt = deps.clock();
    const gpus = await deps.gpus();
    const uses = (gpus ?? []).flatMap(({ utilization }) => utilization ?? []);
    const isIdle = uses.length === 0 ? firing || idleSince !== null : uses.every((use) => use < IDLE_BELOW);
    idleSince = isIdle ? (idleSince ?? askedAt) : null;
  }

  return {
    /**
     * In words when a rule's time has passed; null when not. `busy`: a job runs or waits. `firing`: the words of the
     * episode that is open, which goes on while the GPUs are idle, or nothing is known of them.
     */
    async check(
      rule: WatchRule,
      busy: boolean,
      planned: readonly string[],
      firing?: string,
    ): Promise<string | null> {
      if (busy || planned.length === 0) {
        idleSince = null;
        return null;
      }
      if (deps.clock() - askedAt >= ASK_MS) await ask(firing !== undefined);
      if (firing !== undefined && idleSince !== null) return firing;
      const minutes = rule.minutes ?? WATCH_DEFAULTS['gpu-idle'].minutes!;
      if (idleSince === null || deps.clock() - idleSince < minutes * 60_000) return null;
      const names = planned.slice(0, NAMED).join(', ');
      const more = planned.length > NAMED ? ` and ${planned.length - NAMED} more` : '';
      const what = planned.length === 1 ? 'a hypothesis waits' : `${planned.length} hypotheses wait`;
      return `the GPUs have been idle for ${durationText(deps.clock() - idleSince)}, nothing is queued, and ${what}: ${names}${more}`;
    },
  };
}
