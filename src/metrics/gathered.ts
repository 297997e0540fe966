import type { Series } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import { createBounded } from './bounded.ts';
import { type Columns, createColumns, firstFrom } from './columns.ts';
import type { EventFile } from './event-file.ts';
import { mergeSegments } from './merge.ts';
import { isClock, isPlaceholder, isTotal } from './not-curves.ts';
import { passesOf, takeoversOf } from './passes.ts';
import { ranksOf } from './ranks.ts';
import { EVENTS } from './sources/events.ts';
import { FORMATS } from './sources/index.ts';
import { type Format, type Logged, nameOf, type Source } from './sources/source.ts';
import { type SubRun, subRunsOf } from './sub-runs.ts';
import type { FoundFile, Kind, Survey, Surveyed } from './survey.ts';
import type { createTagTable } from './tag-table.ts';
import { processesOf } from './writer-process.ts';

/** Points of a table's column that are kept; a picture is 600 wide. */
const POINTS_MAX = 8_192;
/** Values of one step in two formats are the same where they differ by no more than rounding, relatively: event files have 32 bits, some tables five digits. */
const SAME_VALUE = 1e-3;

type Store = Pick<Columns, 'push' | 'cutFrom' | 'length' | 'series'>;

/** One tag of a run, as all of its files tell it. */
export interface GatheredSeries {
  series: Series;
  /** What its steps count, in the file's own word; null where it has none. */
  stepName: string | null;
  /** The file that has its last point. */
  file: string;
}

export interface Gathered {
  /** By tag: what tells how training goes. */
  curves: ReadonlyMap<string, GatheredSeries>;
  /** By tag: counters, clocks, placeholders, and totals that come once at the end. */
  others: ReadonlyMap<string, GatheredSeries>;
  /** Attempts at the same, the oldest first, in their folders' words; empty where there was one. */
  attempts: readonly string[];
  files: readonly FoundFile<Format>[];
  /** Files that are there and not read, or not whole, and why. */
  unread: readonly { path: string; why: string }[];
  damaged: number;
  /** Epoch milliseconds; null before anything was. */
  writtenAt: number | null;
}

interface Opened extends FoundFile<Format> {
  source: Source<Store>;
}

/** What is logged in one place by one format: of several attempts, each with what it wrote. */
interface Part {
  format: Format;
  logged: (Logged<Store> & SubRun)[];
}

/** A run as its files tell it, whatever wrote them; read as they grow. */
export function createGathered(
  files: RunFiles,
  survey: Survey<Kind>,
  tags: ReturnType<typeof createTagTable>,
) {
  const open = new Map<string, Opened>();
  let last: Gathered | null = null;

  async function readAll(found: readonly FoundFile<Format>[]): Promise<boolean> {
    const paths = new Set(found.map(({ path }) => path));
    let isChanged = false;
    for (const path of open.keys()) if (!paths.has(path)) isChanged = open.delete(path);
    for (const { path, kind } of found) {
      const opened = open.get(path) ?? { path, kind, source: kind.open(files, path, keepingOf(kind)) };
      open.set(path, opened);
      if (await opened.source.read()) isChanged = true;
    }
    return isChanged;
  }

  function keepingOf(format: Format) {
    const storeOf = (tag: string): Store =>
      format === EVENTS ? createColumns(tag) : createBounded(tag, POINTS_MAX);
    return { tags, storeOf, isWhole: false };
  }

  return {
    /** What files of metrics say of how the training was started, the first first. */
    settings: () =>
      [...open.values()].flatMap(({ path, source }) => {
        const settings = source.settings?.() ?? {};
        return Object.keys(settings).length > 0 ? [{ path, settings }] : [];
      }),
    async read(): Promise<Gathered> {
      const found = await survey.look();
      const own = found.files.filter(isOfMetrics);
      const isChanged = await readAll(own);
      if (last && !isChanged) return last;
      // In the order of the survey: formats one after the other.
      const opened = own.map(({ path }) => open.get(path)!).filter(({ source }) => !source.isForeign?.());
      last = { ...gathered(opened), files: opened, unread: unreadOf(found, opened) };
      return last;
    },
  };
}

function isOfMetrics(found: FoundFile): found is FoundFile<Format> {
  return FORMATS.includes(found.kind as Format);
}

function unreadOf(found: Surveyed, opened: readonly Opened[]): Gathered['unread'] {
  const problems = opened.flatMap(({ path, source }) => {
    const why = source.problem();
    return why === null ? [] : [{ path, why }];
  });
  return [...found.unread, ...problems];
}

function gathered(opened: readonly Opened[]): Omit<Gathered, 'files' | 'unread'> {
  const all = opened.flatMap(({ kind: format, source }) =>
    source.logged().map((logged) => ({ format, ...logged })),
  );
  const subRuns = subRunsOf(all.map(({ subRun }) => subRun));
  const placed = all.map((each) => ({ ...each, ...subRuns.get(each.subRun)! }));
  const byTag = new Map<string, GatheredSeries>();
  for (const part of partsOf(placed))
    for (const { tag, found } of seriesOf(part)) {
      const known = byTag.get(tag);
      byTag.set(tag, known ? withLaterEnd(known, found) : found);
    }
  hiddenDivergence(byTag);
  const sorted = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1));
  const [most, lastStep] = [0, 1].map((which) =>
    Math.max(
      ...sorted.map(([, { series }]) => (which === 0 ? series.length : series.steps[series.length - 1]!)),
    ),
  ) as [number, number];
  // Between the parts that were read of a file there may be other values.
  const isPartial = opened.some(({ source }) => source.isPartial?.());
  const isCurve = ([tag, { series }]: (typeof sorted)[number]) =>
    !isClock(tag) && !isPlaceholder(series) && (isPartial || !isTotal(series, lastStep, most));
  const written = opened.flatMap(({ source }) => source.writtenAt() ?? []);
  const attempts = [...new Set(placed.map(({ attempt }) => attempt).filter((attempt) => attempt !== ''))];
  return {
    curves: new Map(sorted.filter(isCurve)),
    others: new Map(sorted.filter((each) => !isCurve(each))),
    attempts: attempts.length > 1 ? attempts : [],
    damaged: opened.reduce((sum, { source }) => sum + source.damaged(), 0),
    writtenAt: written.length > 0 ? Math.max(...written) : null,
  };
}

type Placed = Logged<Store> & SubRun & { format: Format };

/** By format, in their order, and by place within each. Files of one format beside each other that tell of one tag are told apart by their names, ranks by their number. */
function partsOf(placed: readonly Placed[]): Part[] {
  return [...Map.groupBy(placed, ({ format }) => format)].flatMap(([format, own]) =>
    [...Map.groupBy(own, ({ prefix }) => prefix).values()].flatMap((logged) => {
      const apart = format === EVENTS ? byRank(logged) : byFileName(logged);
      return [...apart.values()].map((each) => ({ format, logged: each }));
    }),
  );
}

function byRank(logged: Placed[]): Map<string, Placed[]> {
  const readers = new Map(logged.map((each) => [each.file, readerOf(each)]));
  const ranks = ranksOf([...readers.keys()], (path) => readers.get(path)!);
  if (!ranks) return new Map([['', logged]]);
  const named = logged.map((each) => ({
    ...each,
    prefix: joined(each.prefix, `rank_${ranks.get(each.file)}`),
  }));
  return Map.groupBy(named, ({ prefix }) => prefix);
}

function byFileName(logged: Placed[]): Map<string, Placed[]> {
  const names = Map.groupBy(logged, ({ file }) => nameOf(file));
  const seen = new Set<string>();
  let isShared = false;
  for (const own of names.values()) {
    const tags = new Set(own.flatMap(({ points }) => [...points.keys()]));
    if ([...tags].some((tag) => seen.has(tag))) isShared = true;
    for (const tag of tags) seen.add(tag);
  }
  if (!isShared) return names;
  return new Map(
    [...names].map(([name, own]) => {
      const stem = name.replace(/\.[^.]+$/, '');
      return [name, own.map((each) => ({ ...each, prefix: joined(each.prefix, stem) }))];
    }),
  );
}

/** Each tag of a part, of which later attempts supersede the steps that they log again. */
function* seriesOf({ format, logged }: Part): Generator<{ tag: string; found: GatheredSeries }> {
  const passes = format === EVENTS ? eventPasses(logged) : inTime(logged).map((each) => [each]);
  const takeovers = takeoversOf(passes.map((pass) => pass.map(readerOf)));
  for (const tag of new Set(logged.flatMap(({ points }) => [...points.keys()]))) {
    const series = mergeSegments(
      tag,
      passes.map((pass, index) => ({
        parts: pass.flatMap(({ points }) => points.get(tag)?.series() ?? []),
        from: takeovers[index]!(tag),
      })),
    );
    if (series.length === 0) continue;
    const owner = passes
      .flat()
      .findLast(({ points }) => (points.get(tag)?.length() ?? 0) > 0 && endsAlike(points.get(tag)!, series))!;
    const name = joined(logged[0]!.prefix, format.plainTag?.(tag, logged[0]!.file) ?? tag);
    yield {
      tag: name,
      found: { series: { ...series, tag: name }, stepName: owner.stepName, file: owner.file },
    };
  }
}

function endsAlike(points: Store, series: Series): boolean {
  const own = points.series();
  return own.steps[own.length - 1] === series.steps[series.length - 1];
}

function eventPasses(logged: readonly Placed2[]): Placed2[][] {
  const byPath = new Map(logged.map((each) => [each.file, each]));
  const readers = new Map(logged.map((each) => [readerOf(each), each]));
  const byFile = new Map([...readers].map(([reader, each]) => [each.file, reader]));
  return passesOf(processesOf([...byPath.keys()]), (path) => byFile.get(path)!).map((pass) =>
    pass.map((reader) => readers.get(reader)!),
  );
}

type Placed2 = Part['logged'][number];

/** What was logged first, first; where nobody knows, in the order of the attempts' numbers. */
function inTime<T extends Placed2>(logged: readonly T[]): T[] {
  const began = (each: T) =>
    Math.min(...[...each.points.values()].map((points) => points.series().wallTimes[0] ?? Number.NaN));
  return logged.toSorted((a, b) => {
    const difference = began(a) - began(b);
    return Number.isNaN(difference) || difference === 0
      ? a.file.localeCompare(b.file, 'en', { numeric: true })
      : difference;
  });
}

/** As the passes of event files are looked at. */
function readerOf({ points }: Logged<Store>): EventFile {
  return {
    read: async () => false,
    columns: () => points as ReadonlyMap<string, Columns>,
    restartedAt: () => Number.POSITIVE_INFINITY,
    corruptRecords: () => 0,
    writtenAt: () => null,
  };
}

/** Of a tag that two formats tell of: the first, and from its end on the other where that counts the same steps. */
function withLaterEnd(known: GatheredSeries, later: GatheredSeries): GatheredSeries {
  const [a, b] = [known.series, later.series];
  const end = a.steps[a.length - 1]!;
  const from = firstFrom(b.steps, b.length, end + Number.EPSILON * Math.abs(end) + Number.MIN_VALUE);
  if (from >= b.length || b.steps[from]! <= end || !areTheSame(a, b)) return known;
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

/** A loss of exactly 0 at a step at which the gradient's norm is NaN: Hugging Face's Trainer leaves NaN losses out of its sums (logging_nan_inf_filter). */
function hiddenDivergence(byTag: Map<string, GatheredSeries>): void {
  for (const [tag, found] of byTag) {
    const norm = tag.endsWith('loss') ? byTag.get(tag.replace(/loss$/, 'grad_norm')) : undefined;
    if (!norm) continue;
    const { steps, values, length } = norm.series;
    const broken = new Set(steps.subarray(0, length).filter((_, index) => Number.isNaN(values[index]!)));
    if (broken.size === 0) continue;
    const { series } = found;
    const told = series.values
      .slice(0, series.length)
      .map((value, index) => (value === 0 && broken.has(series.steps[index]!) ? Number.NaN : value));
    byTag.set(tag, { ...found, series: { ...series, values: told } });
  }
}

function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}/${name}`;
}

export type GatheredRun = ReturnType<typeof createGathered>;
