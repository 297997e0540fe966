import type { RunFiles } from '../../core/queue.ts';
import type { Slices } from '../../core/slices.ts';
import { isObject, parseLooseJson } from '../loose-json.ts';
import { createDocument } from './document.ts';
import { eachPiece } from './json-pieces.ts';
import {
  type Format,
  folderOf,
  type Keeping,
  nameOf,
  type PointStore,
  pointsOf,
  type Source,
} from './source.ts';

/** Points of one metric that are taken in; each is parsed in one piece. */
const POINTS_MAX = 500_000;

/** What sacred's FileStorageObserver keeps of `_run.log_scalar`: `{"loss": {"steps": [...], "timestamps": [...], "values": [...]}}`. */
export const SACRED: Format = {
  name: 'sacred',
  claims: (path) => nameOf(path) === 'metrics.json',
  open: openSacred,
};

function openSacred<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P> {
  let points = new Map<string, P>();
  const document = createDocument(files, path, { take, forget: () => points.clear() });

  function* take(text: string): Slices<void> {
    const found = new Map<string, P>();
    yield* eachPiece(text, 0, (tag, from, to) =>
      tag !== null && text[from] === '{' ? metric(tag, text.slice(from, to), found) : undefined,
    );
    points = found;
  }

  function* metric(tag: string, text: string, found: Map<string, P>): Slices<void> {
    const { steps, timestamps, values } = parseLooseJson(text, 3 * POINTS_MAX) ?? {};
    if (!Array.isArray(steps) || !Array.isArray(values)) return;
    for (const [index, value] of values.entries()) {
      const [step, number] = [steps[index], numberOf(value)];
      if (typeof step !== 'number' || number === undefined) continue;
      const time: unknown = Array.isArray(timestamps) ? timestamps[index] : undefined;
      pointsOf(found, tag, keeping)?.push(step, secondsOf(time), number);
      if (index % 1_000 === 0) yield;
    }
  }

  return {
    read: document.read,
    logged: () => (points.size === 0 ? [] : [{ subRun: folderOf(path), file: path, points, stepName: null }]),
    damaged: () => 0,
    // dvclive keeps a summary in a file of this name.
    isForeign: () => points.size === 0,
    writtenAt: document.writtenAt,
    problem: document.problem,
  };
}

/** A number, also as numpy's are written by jsonpickle: `{"dtype": "float64", "value": 0.5}`. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return isObject(value) && typeof value.value === 'number' ? value.value : undefined;
}

/** `2026-11-29T21:05:20.123456`, in UTC and without saying so. */
function secondsOf(time: unknown): number {
  return typeof time === 'string' ? Date.parse(`${time.slice(0, 23)}Z`) / 1_000 : Number.NaN;
}
