import type { UsageChart } from '../core/metrics.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A segment in which a job ran; epoch milliseconds, `to` null: it still runs. */
export interface Segment {
  from: number;
  to: number | null;
  failed: boolean;
}

/** How the queues were used, together, on the last days of the reader's zone, oldest first; the last is today so far. */
export function usageByDay(
  segments: readonly Segment[],
  days: number,
  now: number,
  timezone: string,
  queues = 1,
): UsageChart['days'] {
  return Array.from({ length: days }, (_, index) => {
    const from = firstMidnight(days - index, now, timezone);
    const end = firstMidnight(days - index - 1, now, timezone);
    const to = Math.min(end, now);
    const hours = (ran: readonly Segment[]) =>
      ran.reduce((sum, segment) => sum + overlap(segment, from, to, now), 0) / HOUR_MS;
    const busyHours = hours(segments);
    return {
      label: new Intl.DateTimeFormat('en-GB', {
        timeZone: timezone,
        weekday: 'short',
        day: 'numeric',
      }).format(from),
      busyHours,
      failedHours: hours(segments.filter(({ failed }) => failed)),
      idleHours: Math.max(0, (queues * (to - from)) / HOUR_MS - busyHours),
      jobs: segments.filter((segment) => segment.to !== null && segment.to >= from && segment.to < to).length,
    };
  });
}

/** When the first of the last `days` days of a zone began, of which today is the last; epoch milliseconds. */
export function firstMidnight(days: number, now: number, timezone: string): number {
  // Noon of that day is on it in whatever way the clocks were changed.
  return dayStart(dayStart(now, timezone) + DAY_MS / 2 - (days - 1) * DAY_MS, timezone);
}

/** How much of a time a segment takes, milliseconds. */
export function overlap(segment: Segment, from: number, to: number, now: number): number {
  return Math.max(0, Math.min(segment.to ?? now, to) - Math.max(segment.from, from));
}

/** The midnight that began the day of `at` in a zone, epoch milliseconds. */
function dayStart(at: number, timezone: string): number {
  const parts = (when: number) =>
    Object.fromEntries(
      new Intl.DateTimeFormat('en-GB', {
        timeZone: timezone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
        .formatToParts(when)
        .map(({ type, value }) => [type, Number(value)]),
    ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  /** How far the zone's clock is ahead of UTC then. */
  const ahead = (when: number) => {
    const { year, month, day, hour, minute, second } = parts(when);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(when / 1000) * 1000;
  };
  const { year, month, day } = parts(at);
  const midnight = Date.UTC(year, month - 1, day);
  const guess = midnight - ahead(at);
  return midnight - ahead(guess);
}
