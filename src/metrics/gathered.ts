import type { RunFiles } from '../core/queue.ts';
import { inSlices, type Slices } from '../core/slices.ts';
import { createBounded } from './bounded.ts';
import { type GatheredSeries, seriesOf, withLaterEnd } from './gathered-series.ts';
import { tellHiddenDivergence } from './hidden-divergence.ts';
import { createLongColumns, pointsOfEach } from './long-columns.ts';
import { isClock, isPlaceholder, isTotal } from './not-curves.ts';
import { attemptsOf, partsOf, type Store } from './parts.ts';
import { EVENTS } from './sources/events.ts';
import { FORMATS } from './sources/index.ts';
import type { Format, Source } from './sources/source.ts';
import { subRunsOf } from './sub-runs.ts';
import { type FoundFile, type Kind, type Survey, type Surveyed, whyUnread } from './survey.ts';
import type { createTagTable } from './tag-table.ts';

/** Points of a table's column that are kept, of all columns of all files together, and of one among very many; a picture is 600 wide. */
const POINTS_MAX = 8_192;
const ALL_POINTS_MAX = 1 << 18;
const POINTS_MIN = 128;
/** Tags of all files, each counted in each: a sweep of thirty trials with sixty metrics has fewer. */
const STORES_MAX = 2_000;

export interface Gathered {
  /** By tag: what tells how training goes. */
  curves: ReadonlyMap<string, GatheredSeries>;
  /** By tag: counters, clocks, placeholders, and totals that come once at the end. */
  others: ReadonlyMap<string, GatheredSeries>;
  /** Attempts that logged something, the oldest first, in their folders' words; none where these have none. */
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
  /** Why it cannot be read at present; what it told before stays. */
  failure: string | null;
}

/** A run as its files tell it, whatever wrote them; read as they grow. */
export function createGathered(
  files: RunFiles,
  survey: Survey<Kind>,
  tags: ReturnType<typeof createTagTable>,
  since?: number,
) {
  const open = new Map<string, Opened>();
  /** How many places there are for points. */
  let stores = 0;
  let last: Gathered | null = null;
  let surveyed: Surveyed = { files: [], unread: [] };

  async function readAll(found: readonly FoundFile<Format>[]): Promise<boolean> {
    const paths = new Set(found.map(({ path }) => path));
    let isChanged = false;
    for (const path of open.keys()) if (!paths.has(path)) isChanged = open.delete(path);
    stores = [...open.values()].reduce((sum, { source }) => sum + storesOf(source), 0);
    for (const { path, kind } of found) {
      const source = () => kind.open(files, path, keepingOf(kind));
      const opened = open.get(path) ?? { path, kind, source: source(), failure: null };
      open.set(path, opened);
      if (await readOne(opened)) isChanged = true;
    }
    return isChanged;
  }

  /** One that cannot be read is no reason not to read the others. */
  async function readOne(opened: Opened): Promise<boolean> {
    const before = opened.failure;
    opened.failure = null;
    const isNew = await opened.source.read().catch((error: unknown) => {
      opened.failure = whyUnread(opened.path, error);
      return false;
    });
    return isNew || opened.failure !== before;
  }

  function pointsMax(): number {
    return Math.max(POINTS_MIN, Math.min(POINTS_MAX, Math.floor(ALL_POINTS_MAX / stores)));
  }

  function keepingOf(format: Format) {
    const storeOf = (tag: string): Store | undefined => {
      if (stores >= STORES_MAX) return undefined;
      stores += 1;
      return format === EVENTS
        ? createLongColumns(tag, () => pointsOfEach(stores))
        : createBounded(tag, pointsMax);
    };
    return { tags, storeOf, isWhole: false, since };
  }

  return {
    /** What files of metrics say of how the training was started, the first first. */
    settings: () =>
      [...open.values()].flatMap(({ path, source }) => {
        const settings = source.settings?.() ?? {};
        return Object.keys(settings).length > 0 ? [{ path, settings }] : [];
      }),
    /** What the last reading found. */
    last: () => last,
    /** All files that stood there then, also those of settings. */
    files: () => surveyed.files,
    async read(): Promise<Gathered> {
      const found = await survey.look();
      surveyed = found;
      const own = found.files.filter(isOfMetrics);
      const isChanged = await readAll(own);
      if (last && !isChanged) return last;
      // In the order of the survey: formats one after the other.
      const opened = own.map(({ path }) => open.get(path)!).filter(({ source }) => !source.isForeign?.());
      last = {
        ...(await inSlices(gathered(opened))),
        files: opened,
        unread: unreadOf(found, opened, stores >= STORES_MAX),
      };
      return last;
    },
  };
}

function isOfMetrics(found: FoundFile): found is FoundFile<Format> {
  return FORMATS.includes(found.kind as Format);
}

function storesOf(source: Source<Store>): number {
  return source.logged().reduce((sum, { points }) => sum + points.size, 0);
}

function unreadOf(found: Surveyed, opened: readonly Opened[], isFull: boolean): Gathered['unread'] {
  const problems = opened.flatMap(({ path, source, failure }) => {
    const why = failure ?? source.problem();
    return why === null ? [] : [{ path, why }];
  });
  const full = `has more metrics in its files than are kept; ${STORES_MAX} are, of the first files`;
  return [...found.unread, ...problems, ...(isFull ? [{ path: '.', why: full }] : [])];
}

function* gathered(opened: readonly Opened[]): Slices<Omit<Gathered, 'files' | 'unread'>> {
  const all = opened.flatMap(({ kind: format, source }) =>
    source.logged().map((logged) => ({ format, ...logged })),
  );
  for (const { points } of all)
    for (const store of points.values()) {
      // What is thinned is thinned here, and not in one piece by whoever asks first.
      store.length();
      yield;
    }
  const subRuns = subRunsOf(all.map(({ subRun }) => subRun));
  const placed = all.map((each) => ({ ...each, ...subRuns.get(each.subRun)! }));
  const byTag = new Map<string, GatheredSeries>();
  for (const part of partsOf(placed))
    for (const found of seriesOf(part)) {
      yield;
      const known = byTag.get(found.series.tag);
      byTag.set(found.series.tag, known ? withLaterEnd(known, found) : found);
    }
  tellHiddenDivergence(byTag);
  const sorted = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1));
  const most = Math.max(...sorted.map(([, { series }]) => series.length));
  const lastStep = Math.max(...sorted.map(([, { series }]) => series.steps[series.length - 1]!));
  // Between the parts that were read of a file there may be other values.
  const isPartial = opened.some(({ source }) => source.isPartial?.());
  const isCurve = ([tag, { series }]: (typeof sorted)[number]) =>
    !isClock(tag) && !isPlaceholder(series) && (isPartial || !isTotal(series, lastStep, most));
  const written = opened.flatMap(({ source }) => source.writtenAt() ?? []);
  return {
    curves: new Map(sorted.filter(isCurve)),
    others: new Map(sorted.filter((each) => !isCurve(each))),
    attempts: attemptsOf(placed),
    damaged: opened.reduce((sum, { source }) => sum + source.damaged(), 0),
    writtenAt: written.length > 0 ? Math.max(...written) : null,
  };
}

export type GatheredRun = ReturnType<typeof createGathered>;
