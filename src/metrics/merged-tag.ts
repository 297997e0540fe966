import type { Series } from '../core/metrics.ts';
import { type Columns, createColumns, firstFrom } from './columns.ts';
import { type Beside, mergeSegments, mergeSources } from './merge.ts';
import type { Thinned } from './thinned.ts';

/** What a tag's series is made of at a time. */
export interface TagParts {
  /** Of each pass, the oldest first: what its files hold of the tag, and the step from which it supersedes those before it. */
  passes: readonly { parts: readonly Columns[]; from: number }[];
  /** What the metrics log holds of it. */
  logged: Thinned | undefined;
  /** The step at which the metrics log gives way. */
  end: number;
}

/** A part as it was when it was merged last. */
interface Seen {
  columns: Columns;
  version: number;
  length: number;
}

/**
 * One tag of a run, of all of its files: what {@link mergeSegments} and {@link mergeSources} make of them. Where points only came, all
 * below the first of them stays as it was merged before. Of a series that was given out the last points may be others later:
 * those that belong there.
 */
export function createMergedTag(tag: string, apart: Beside['apart']) {
  let merged = createColumns(tag, 0);
  let seen: Seen[] = [];
  /** What else the merging depends on, as text. */
  let terms = '';
  /** The first step at which something stood that may not stay. */
  let openFrom = Number.POSITIVE_INFINITY;

  /** From which step on it is other than it was; infinity where it is not. */
  function changedFrom(parts: readonly Columns[], newTerms: string): number {
    const isSame = (part: Columns, index: number) =>
      seen[index]?.columns === part && seen[index].version === part.version();
    if (newTerms !== terms || parts.length !== seen.length || !parts.every(isSame))
      return Number.NEGATIVE_INFINITY;
    return parts.reduce((least, part, index) => {
      const { length } = seen[index]!;
      return part.length() > length ? Math.min(least, part.series().steps[length]!) : least;
    }, openFrom);
  }

  return {
    series({ passes, logged, end }: TagParts): Series {
      const own = passes.flatMap(({ parts }) => parts);
      if (!logged && passes.length === 1 && own.length === 1) return own[0]!.series();
      const parts = logged ? [...own, logged.kept] : own;
      const newTerms = JSON.stringify([
        passes.map(({ parts, from }) => [parts.length, String(from)]),
        String(end),
      ]);
      const from = changedFrom(parts, newTerms);
      if (from < Number.POSITIVE_INFINITY) {
        const events = mergeSegments(
          tag,
          passes.map((pass) => ({
            from: pass.from,
            parts: pass.parts.map((part) => startingAt(part.series(), from)),
          })),
        );
        const lastEvent = apart === null ? null : lastOf(passes);
        const { kept, last } = logged ?? {};
        const later = kept
          ? mergeSources(
              events,
              { kept: startingAt(kept.series(), from), last: last ?? null },
              { end, apart },
              lastEvent,
            )
          : events;
        // A series that was given out keeps its beginning.
        if (from === Number.NEGATIVE_INFINITY) merged = createColumns(tag, later.length);
        else merged.rewindTo(from);
        merged.append(later, 0, later.length);
        openFrom = Math.min(
          last?.step ?? Number.POSITIVE_INFINITY,
          lastEvent?.step ?? Number.POSITIVE_INFINITY,
        );
      }
      terms = newTerms;
      seen = parts.map((columns) => ({ columns, version: columns.version(), length: columns.length() }));
      return merged.series();
    },
  };
}

/** A series from a step on. */
function startingAt(series: Series, step: number): Series {
  const { tag, length, steps, wallTimes, values } = series;
  const start = firstFrom(steps, length, step);
  if (start === 0) return series;
  const rest = (column: Float64Array) => column.subarray(start, length);
  return {
    tag,
    length: length - start,
    steps: rest(steps),
    wallTimes: rest(wallTimes),
    values: rest(values),
  };
}

/** The last of the points that the event files have, where those of superseded passes are left out; null without one. */
function lastOf(passes: TagParts['passes']): { step: number; wallTime: number } | null {
  let found: { step: number; wallTime: number } | null = null;
  for (const [index, { parts }] of passes.entries()) {
    const end = Math.min(...passes.slice(index + 1).map(({ from }) => from));
    for (const part of parts) {
      const { steps, wallTimes, length } = part.series();
      const last = firstFrom(steps, length, end) - 1;
      if (last < 0) continue;
      const [step, wallTime] = [steps[last]!, wallTimes[last]!];
      if (!found || step > found.step || (step === found.step && wallTime >= found.wallTime))
        found = { step, wallTime };
    }
  }
  return found;
}
