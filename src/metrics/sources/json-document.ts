import type { RunFiles } from '../../core/queue.ts';
import type { Slices } from '../../core/slices.ts';
import { parseLooseJson } from '../loose-json.ts';
import { createDocument } from './document.ts';
import { type Item, numberIn, rowsName, takeLists, timeIn } from './json-lists.ts';
import { eachPiece, OPEN_BRACE, OPEN_BRACKET, pastSpace } from './json-pieces.ts';
import { recordOf, VALUES_MAX } from './json-record.ts';
import { createRows, type Rows } from './rows.ts';
import { folderOf, type Keeping, type PointStore, pointsOf, type Source } from './source.ts';

/** A longer record is none of metrics, bytes. */
const RECORD_MAX_BYTES = 64 << 10;
/** Lists, or columns, of one object; more tags are kept of no run. */
const LISTS_MAX = 2_000;
/** Rows of a column that has them by their numbers: an object of more is none. */
const ROWS_MAX = 500_000;
/** Objects within objects that are looked at: `{"history": {"train": {"loss": [...]}}}`. */
const DEPTH_MAX = 3;
/** Names of members that say nothing of what is in them. */
const MEANINGLESS = new Set([
  'history',
  'log_history',
  'logs',
  'log',
  'metrics',
  'results',
  'records',
  'data',
]);
/** Members that hold what training was started with. */
const SETTINGS = new Set([
  'args',
  'config',
  'cfg',
  'params',
  'hparams',
  'hyperparameters',
  'options',
  'settings',
]);
/** What sacred keeps of a metric (FileStorageObserver of 0.8). */
const OF_SACRED = new Set(['steps', 'values', 'timestamps']);
/** Names that are told of what is left out. */
const NAMED = 3;

/** Values by name and row. */
type Columns = Map<string, ReadonlyMap<number, Item>>;

/**
 * A JSON document of metrics in any of the shapes in which scripts leave one: an array of records with a step, as in JSON lines;
 * lists by name (Keras' `history.history`); values by name and row (pandas' to_json); steps and values by name (sacred's); and
 * these within an object beside other things.
 */
export function openJsonDocument<P extends PointStore>(
  files: RunFiles,
  path: string,
  keeping: Keeping<P>,
): Source<P> {
  interface Found {
    points: ReadonlyMap<string, P>;
    stepName: string | null;
  }
  let found: Found[] = [];
  let left: string[] = [];
  let damaged = 0;
  /** When rows came, epoch seconds, by list; of those that stood there at first nobody knows. */
  let arrived: Map<string, number[]> | null = null;
  const document = createDocument(files, path, {
    take,
    forget() {
      [found, left, damaged, arrived] = [[], [], 0, null];
    },
  });

  function* take(json: Buffer, writtenAt: number): Slices<void> {
    const now: Found[] = [];
    const series = new Map<string, P>();
    const leftNow: string[] = [];
    let damagedNow = 0;
    const times = new Map<string, number[]>();
    const start = pastSpace(json, 0);
    if (json[start] === OPEN_BRACKET) yield* records(start, '');
    else yield* members(start, '', 1);
    if (series.size > 0) now.push({ points: series, stepName: null });
    [found, left, damaged, arrived] = [now, leftNow, damagedNow, times];

    /** When the next row of a list came. */
    function came(list: string): number {
      const own = times.get(list) ?? [];
      times.set(list, own);
      const time = arrived ? (arrived.get(list)?.[own.length] ?? writtenAt) : Number.NaN;
      own.push(time);
      return time;
    }

    function keep(rows: Rows<P>, stepName: string | null): void {
      if (rows.points().size > 0) now.push({ points: rows.points(), stepName });
    }

    function* records(from: number, prefix: string): Slices<void> {
      const rows = createRows(keeping);
      let stepName: string | null = null;
      yield* eachPiece(json, from, (_key, at, to) => {
        if (json[at] !== OPEN_BRACE || to - at > RECORD_MAX_BYTES) return;
        const object = parseLooseJson(json.toString('utf8', at, to), VALUES_MAX);
        if (!object) damagedNow += 1;
        const record = object && recordOf(object);
        if (!record) return;
        stepName ??= record.stepName;
        rows.begin(record.step);
        const time = came(prefix);
        for (const [tag, value] of record.values)
          rows.push(`${prefix}${tag}`, record.wallTime ?? time, value);
      });
      keep(rows, stepName);
    }

    /** `beside`: columns by their rows, in the object that it is a member of. */
    function* members(from: number, name: string, depth: number, beside?: Columns): Slices<void> {
      const prefix = name === '' || MEANINGLESS.has(name) ? '' : `${name}/`;
      const lists = new Map<string, Item[]>();
      const columns: Columns = new Map();
      const rows = new Map<number, Item>();
      let plain = 0;
      yield* eachPiece(json, from, (key, at, to) => {
        if (SETTINGS.has(key!.toLowerCase())) return undefined;
        if (json[at] === OPEN_BRACKET) {
          if (json[pastSpace(json, at + 1)] === OPEN_BRACE && !OF_SACRED.has(key!))
            return records(at, MEANINGLESS.has(key!) ? prefix : `${prefix}${key}/`);
          if (lists.size >= LISTS_MAX) return undefined;
          const list: Item[] = [];
          lists.set(key!, list);
          const itemIn = key === 'timestamps' ? timeIn : numberIn;
          return eachPiece(json, at, (_key, first, end) => void list.push(itemIn(json, first, end)));
        }
        if (json[at] === OPEN_BRACE)
          return depth < DEPTH_MAX ? members(at, `${prefix}${key}`, depth + 1, columns) : undefined;
        plain += 1;
        if (isRow(key!) && rows.size < ROWS_MAX) rows.set(Number(key), numberIn(json, at, to));
        return undefined;
      });
      const [steps, values] = [lists.get('steps'), lists.get('values')];
      if (beside && steps && values) {
        yield* put(name, steps, values, lists.get('timestamps') ?? [], series);
        return;
      }
      if (beside && beside.size < LISTS_MAX && rows.size === plain && plain > 0) beside.set(name, rows);
      // Beside single numbers they are of classes or parts, and not of training.
      if (plain === 0) yield* byRows(columns);
      yield* takeLists(lists, plain > 0, {
        left: (tag) => void leftNow.push(`${prefix}${tag}`),
        rows: () => createRows(keeping),
        tagOf: (tag) => `${prefix}${tag}`,
        came: () => came(prefix),
        keep,
      });
    }

    function* byRows(columns: Columns): Slices<void> {
      const points = new Map<string, P>();
      let areCounted = true;
      for (const [tag, rows] of columns) {
        const steps = [...rows.keys()];
        if (steps.some((row, index) => row !== index)) areCounted = false;
        const times = steps.map(() => came(tag));
        yield* put(tag, steps, [...rows.values()], times, points);
      }
      if (points.size > 0) now.push({ points, stepName: areCounted ? rowsName(points.keys()) : null });
    }

    function* put(
      tag: string,
      steps: readonly Item[],
      values: readonly Item[],
      times: readonly Item[],
      points: Map<string, P>,
    ): Slices<void> {
      for (const [index, step] of steps.entries()) {
        if (index % 1_000 === 0) yield;
        const value = values[index];
        if (step === undefined || !Number.isFinite(step) || value === undefined) continue;
        pointsOf(points, tag, keeping)?.push(step, times[index] ?? Number.NaN, value);
      }
    }
  }

  return {
    read: document.read,
    logged: () => found.map((each) => ({ subRun: folderOf(path), file: path, ...each })),
    damaged: () => damaged,
    isForeign: () => found.length === 0 && document.problem() === null,
    writtenAt: document.writtenAt,
    problem: () => document.problem() ?? leftText(left),
  };
}

function isRow(key: string): boolean {
  return /^\d{1,9}$/.test(key);
}

function leftText(left: readonly string[]): string | null {
  if (left.length === 0) return null;
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : '';
  return `has lists of another length than the most, of which nobody can tell the steps: ${left.slice(0, NAMED).join(', ')}${more} left out`;
}
