import type { RunFiles } from '../../core/queue.ts';
import type { Slices } from '../../core/slices.ts';
import { parseLooseJson } from '../loose-json.ts';
import { createDocument } from './document.ts';
import { eachPiece, OPEN_BRACE, OPEN_BRACKET } from './json-pieces.ts';
import {
  type Format,
  folderOf,
  type Keeping,
  nameOf,
  type PointStore,
  pointsOf,
  type Source,
} from './source.ts';

/** A number, or a time, is no longer. */
const ITEM_MAX_BYTES = 200;

/** What is no number is no value. */
type Item = number | undefined;

/** What sacred's FileStorageObserver keeps of `_run.log_scalar`: `{"loss": {"steps": [...], "timestamps": [...], "values": [...]}}`. */
export const SACRED: Format = {
  name: 'sacred',
  claims: (path) => nameOf(path) === 'metrics.json',
  open: openSacred,
};

function openSacred<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P> {
  let points = new Map<string, P>();
  const document = createDocument(files, path, { take, forget: () => points.clear() });

  function* take(json: Buffer): Slices<void> {
    const found = new Map<string, P>();
    yield* eachPiece(json, 0, (tag, from) =>
      tag !== null && json[from] === OPEN_BRACE ? metric(json, tag, from, found) : undefined,
    );
    points = found;
  }

  function* metric(json: Buffer, tag: string, from: number, found: Map<string, P>): Slices<void> {
    const lists = new Map(['steps', 'values', 'timestamps'].map((name): [string, Item[]] => [name, []]));
    yield* eachPiece(json, from, (name, start) => {
      const list = lists.get(name!);
      if (!list || json[start] !== OPEN_BRACKET) return undefined;
      return eachPiece(json, start, (_key, first, end) => void list.push(numberOf(json, first, end)));
    });
    const [steps, values, times] = [...lists.values()] as [Item[], Item[], Item[]];
    for (const [index, step] of steps.entries()) {
      const value = values[index];
      if (step === undefined || !Number.isFinite(step) || value === undefined) continue;
      pointsOf(found, tag, keeping)?.push(step, times[index] ?? Number.NaN, value);
      if (index % 1_000 === 0) yield;
    }
  }

  return {
    read: document.read,
    logged: () => (points.size === 0 ? [] : [{ subRun: folderOf(path), file: path, points, stepName: null }]),
    damaged: () => 0,
    // dvclive keeps a summary in a file of this name.
    isForeign: () => points.size === 0 && document.problem() === null,
    writtenAt: document.writtenAt,
    problem: document.problem,
  };
}

/** Epoch seconds of a time `2026-11-29T21:05:20.123456`, in UTC without saying so; a number, also as numpy's are written by jsonpickle: `{"dtype": "float64", "value": 0.5}`. */
function numberOf(json: Buffer, from: number, to: number): Item {
  const text = json.toString('utf8', from, Math.min(to, from + ITEM_MAX_BYTES));
  if (text.startsWith('"')) return Date.parse(`${text.slice(1, 24)}Z`) / 1_000;
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  const item = parseLooseJson(text.startsWith('{') ? text : `{"value":${text}}`)?.value;
  return typeof item === 'number' ? item : undefined;
}
