import type { Context } from 'hono';
import { type HealthItem, type HealthSummary, healthSummary } from '../../src/core/services/health.ts';
import type { Clock } from '../../src/core/time.ts';

/** Whoever asks more often is given the same answer, milliseconds. */
const EVERY_MS = 1_000;

/**
 * `GET /healthz`, for monitors: whether the bot and each of its parts is ok, without a login and without a detail. 200 for
 * `ok` and `degraded`, 503 for `down`.
 */
export function createHealthz(health: () => readonly HealthItem[], clock: Clock) {
  let last: { summary: HealthSummary; at: number } | undefined;

  function look(): HealthSummary {
    try {
      return healthSummary(health());
    } catch {
      return { status: 'down', parts: {} };
    }
  }

  return (context: Context): Response => {
    const now = clock();
    if (!last || now - last.at >= EVERY_MS || now < last.at) last = { summary: look(), at: now };
    const { summary } = last;
    return context.json(summary, summary.status === 'down' ? 503 : 200, { 'cache-control': 'no-store' });
  };
}
