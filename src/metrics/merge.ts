import type { Series } from '../core/metrics.ts';
import { createColumns, firstFrom } from './columns.ts';
import type { Thinned } from './thinned.ts';

/** What one pass logged of a tag, in all of its files. */
export interface Segment {
  parts: readonly Series[];
  /** The step from which it supersedes what earlier passes logged. */
  from: number;
}

/**
 * One series of a tag from what successive passes logged, oldest first. A pass that trains again from an earlier step
 * supersedes the steps of those before it from there on.
 */
export function mergeSegments(tag: string, segments: readonly Segment[]): Series {
  const parts = segments.flatMap((each) => each.parts);
  if (segments.length === 1 && parts.length === 1) return parts[0]!;
  const merged = createColumns(
    tag,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  for (const [index, segment] of segments.entries()) {
    const end = Math.min(...segments.slice(index + 1).map(({ from }) => from));
    interleave(segment.parts, (part, from, to) =>
      merged.append(part, from, Math.min(to, firstFrom(part.steps, part.length, end))),
    );
  }
  return merged.series();
}

/** Which points of the metrics log go beside those of the event files. */
export interface Beside {
  /** Below this step. */
  end: number;
  /** All, or only beyond the last of the event files and so many seconds apart, and the last one. */
  apart: number | null;
}

/**
 * A tag's points of the event files with those of the metrics log, in the order of steps. A step that stands in both is
 * one point, the one that was logged later; of the same line the metrics log's value, which is the number that was
 * logged, while event files hold it rounded to 32 bits. `lastEvent`: the last point of the event files, which are here
 * perhaps in part; null where they have none.
 */
export function mergeSources(
  events: Series,
  { kept, last }: { kept: Series; last: Thinned['last'] },
  { end, apart }: Beside,
  lastEvent: { step: number; wallTime: number } | null,
): Series {
  const merged = createColumns(events.tag, events.length + (apart === null ? kept.length : 0) + 1);
  const { steps, wallTimes, length } = events;
  const beyond = apart === null ? null : lastEvent;
  /** The first step, and the time from which on, the metrics log is heard. */
  const since = beyond ? beyond.step : Number.NEGATIVE_INFINITY;
  let from = beyond ? beyond.wallTime + apart! : Number.NEGATIVE_INFINITY;
  let at = 0;

  function eventsBefore(step: number): void {
    const to = firstFrom(steps, length, step, at);
    merged.append(events, at, to);
    at = to;
  }

  function logged(step: number, wallTime: number, value: number): void {
    if (step >= end || step < since) return;
    eventsBefore(step);
    let next = at;
    while (next < length && steps[next] === step) next += 1;
    if (next > at && wallTimes[next - 1]! > wallTime) return;
    at = next;
    merged.push(step, wallTime, value);
    if (apart !== null) from = wallTime + apart;
  }

  for (let index = firstFrom(kept.steps, kept.length, since); index < kept.length; index += 1)
    if (kept.wallTimes[index]! >= from)
      logged(kept.steps[index]!, kept.wallTimes[index]!, kept.values[index]!);
  if (last) logged(last.step, last.wallTime, last.value);
  eventsBefore(Number.POSITIVE_INFINITY);
  return merged.series();
}

/**
 * Visits the points of several series in the order of steps; at the same step by wall time, and then in the order of
 * the parts. Each visit is of as many points of one series, [from, to), as follow one another.
 */
function interleave(parts: readonly Series[], visit: (part: Series, from: number, to: number) => void): void {
  const next = parts.map(() => 0);
  for (;;) {
    let chosen = -1;
    let other = Number.POSITIVE_INFINITY;
    for (let part = 0; part < parts.length; part += 1) {
      if (next[part]! >= parts[part]!.length) continue;
      if (chosen < 0) chosen = part;
      else if (isBefore(part, chosen)) {
        other = Math.min(other, stepOf(chosen));
        chosen = part;
      } else other = Math.min(other, stepOf(part));
    }
    if (chosen < 0) return;
    const { steps, length } = parts[chosen]!;
    const from = next[chosen]!;
    next[chosen] = Math.max(from + 1, firstFrom(steps, length, other, from));
    visit(parts[chosen]!, from, next[chosen]!);
  }

  function stepOf(part: number): number {
    return parts[part]!.steps[next[part]!]!;
  }

  function isBefore(a: number, b: number): boolean {
    const difference = stepOf(a) - stepOf(b);
    if (difference !== 0) return difference < 0;
    return parts[a]!.wallTimes[next[a]!]! < parts[b]!.wallTimes[next[b]!]!;
  }
}
