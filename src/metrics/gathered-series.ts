import type { Series } from '../core/metrics.ts';
import { createColumns, firstFrom } from './columns.ts';
import { inTime } from './in-time.ts';
import { mergeSegments } from './merge.ts';
import { beganAt, joined, type Part, type Placed, type Store } from './parts.ts';
import { passesOf, takeoversOf, type WrittenPart } from './passes.ts';
import { EVENTS } from './sources/events.ts';
import { processesOf } from './writer-process.ts';

/** Values of one step in two formats are the same where they differ by no more than rounding, relatively: event files have 32 bits, some tables five digits. */
const SAME_VALUE = 1e-3;

/** One tag of a run, as all of its files tell it. */
export interface GatheredSeries {
  series: Series;
  /** What its steps count, in the file's own word; null where it has none. */
  stepName: string | null;
  /** The file that has its last point. */
  file: string;
}

/** What a file logged, as the passes over a training's steps are told apart. */
interface Written extends WrittenPart {
  placed: Placed;
}

/** Each tag of a part, of which later attempts supersede the steps that they log again. */
export function* seriesOf({ format, logged }: Part): Generator<GatheredSeries> {
  const written = logged.map(
    (placed): Written => ({
      placed,
      columns: () => placed.points as ReadonlyMap<string, Store>,
      restartedAt: () => placed.restartedAt ?? Number.POSITIVE_INFINITY,
    }),
  );
  const passes = format === EVENTS ? eventPasses(written) : inWrittenOrder(written).map((each) => [each]);
  const takeovers = takeoversOf(passes);
  for (const tag of new Set(logged.flatMap(({ points }) => [...points.keys()]))) {
    const series = mergeSegments(
      tag,
      passes.map((pass, index) => ({
        parts: pass.flatMap(({ placed }) => placed.points.get(tag)?.series() ?? []),
        from: takeovers[index]!(tag),
      })),
    );
    if (series.length === 0) continue;
    const owner = passes.flat().findLast(({ placed }) => endsAlike(placed.points.get(tag), series))!.placed;
    const name = joined(owner.prefix, format.plainTag?.(tag, owner.file) ?? tag);
    yield { series: { ...series, tag: name }, stepName: owner.stepName, file: owner.file };
  }
}

function endsAlike(points: Store | undefined, series: Series): boolean {
  const own = points?.series();
  return own !== undefined && own.length > 0 && own.steps[own.length - 1] === series.steps[series.length - 1];
}

function eventPasses(written: readonly Written[]): Written[][] {
  const byFile = new Map(written.map((each) => [each.placed.file, each]));
  return passesOf(processesOf([...byFile.keys()]), (path) => byFile.get(path)!);
}

function inWrittenOrder(written: readonly Written[]): Written[] {
  return inTime(written, ({ placed }) => ({ began: beganAt(placed), name: placed.file }));
}

/** Of a tag that two formats tell of: the first, and from its end on the other where that counts the same steps. */
export function withLaterEnd(known: GatheredSeries, later: GatheredSeries): GatheredSeries {
  const [a, b] = [known.series, later.series];
  const end = a.steps[a.length - 1]!;
  let from = firstFrom(b.steps, b.length, end);
  while (from < b.length && b.steps[from] === end) from += 1;
  if (from === b.length || !areTheSame(a, b)) return known;
  const merged = createColumns(a.tag, a.length + b.length - from);
  merged.append(a, 0, a.length);
  merged.append(b, from, b.length);
  return { ...known, series: merged.series(), file: later.file };
}

/** Whether two series have a step in common, and all but the same values there. */
function areTheSame(a: Series, b: Series): boolean {
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    const difference = a.steps[i]! - b.steps[j]!;
    if (difference === 0) {
      const [one, other] = [a.values[i]!, b.values[j]!];
      return Object.is(one, other) || Math.abs(one - other) <= SAME_VALUE * Math.abs(one);
    }
    if (difference < 0) i += 1;
    else j += 1;
  }
  return false;
}
