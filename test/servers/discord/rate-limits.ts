import { tooMany } from './errors.ts';
import { matcher, type RouteMatcher } from './faults.ts';

export interface RateLimit {
  route: RouteMatcher;
  /** This many requests each `perMs` and top-level resource (channel, guild, webhook). */
  limit: number;
  perMs: number;
}

export interface RateLimits {
  /** Counts a request: headers for its answer, or throws a 429 (topics/rate-limits). */
  count(route: string): Record<string, string>;
  /** Requests answered 401, 403 or 429: 10,000 in 10 minutes is a ban by IP. */
  invalid(): number;
  countInvalid(status: number): void;
}

interface Window {
  startedAt: number;
  used: number;
}

export function createRateLimits(
  limits: readonly RateLimit[],
  globalPerSecond: number | undefined,
  now: () => number,
): RateLimits {
  const windows = new Map<string, Window>();
  let invalid = 0;
  const rules = limits.map((rule) => ({ ...rule, matches: matcher(rule.route) }));
  const windowOf = (key: string, perMs: number) => {
    const kept = windows.get(key);
    const window = kept && now() - kept.startedAt < perMs ? kept : { startedAt: now(), used: 0 };
    windows.set(key, window);
    return window;
  };
  return {
    count(route) {
      // "The endpoints below are not bound to the application's Global Rate Limit" (receiving-and-responding).
      const free = / \/(interactions|webhooks)\//.test(route);
      if (globalPerSecond !== undefined && !free) {
        const window = windowOf('global', 1000);
        if (window.used >= globalPerSecond)
          throw tooMany((window.startedAt + 1000 - now()) / 1000, { global: true });
        window.used += 1;
      }
      const index = rules.findIndex(({ matches }) => matches(route));
      const rule = rules[index];
      if (!rule) return {};
      const top = /\/(?:channels|guilds|webhooks)\/([^/]+)/.exec(route)?.[1] ?? '';
      const window = windowOf(`${index}:${top}`, rule.perMs);
      const left = (window.startedAt + rule.perMs - now()) / 1000;
      const headers = (remaining: number) => ({
        'X-RateLimit-Limit': String(rule.limit),
        'X-RateLimit-Remaining': String(remaining),
        'X-RateLimit-Reset': ((window.startedAt + rule.perMs) / 1000).toFixed(3),
        'X-RateLimit-Reset-After': left.toFixed(3),
        'X-RateLimit-Bucket': `bucket-${index}`,
      });
      if (window.used >= rule.limit) {
        const refusal = tooMany(left, { scope: 'user' });
        throw { ...refusal, headers: { ...refusal.headers, ...headers(0) } };
      }
      window.used += 1;
      return headers(rule.limit - window.used);
    },
    invalid: () => invalid,
    countInvalid(status) {
      if (status === 401 || status === 403 || status === 429) invalid += 1;
    },
  };
}
