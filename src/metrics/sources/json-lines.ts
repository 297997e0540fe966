import type { RunFiles } from '../../core/queue.ts';
import { parseLooseJson } from '../loose-json.ts';
import { createGrowingLines } from './growing-lines.ts';
import { createRows } from './rows.ts';
import { type Format, folderOf, type Keeping, nameOf, type PointStore, type Source } from './source.ts';
import { epochSeconds, stepNameOf, timeNameOf } from './step-names.ts';
import { wholeBeside } from './whole-beside.ts';

/** Names within names, as `nested/acc`; deeper ones are no metrics. */
const DEPTH_MAX = 4;
/** What Ray Tune says of a trial beside what was reported: no metrics (its auto-filled result keys). */
const FOREIGN = new Set(['config', 'pid']);
/** Values of a line; one of more is no line of metrics, and is left out. */
const VALUES_MAX = 10_000;
/** Lines without a step that are looked at before a file is taken for something else. */
const LINES_JUDGED = 20;

/** A JSON object a line, with a number that counts steps: `result.json` of Ray Tune, `progress.json` of stable-baselines3, `*.jsonl`. */
export const JSON_LINES: Format = {
  name: 'JSON lines',
  claims: (path) => /\.jsonl$/i.test(path) || ['result.json', 'progress.json'].includes(nameOf(path)),
  open: wholeBeside(openJsonLines),
};

function openJsonLines<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P> {
  const points = createRows(keeping);
  let stepName: string | null = null;
  let damaged = 0;
  let without = 0;

  const lines = createGrowingLines(
    files,
    path,
    {
      startOver() {
        points.clear();
        [stepName, damaged, without] = [null, 0, 0];
      },
      isDone: () => stepName === null && without > LINES_JUDGED,
      line,
      covering,
    },
    keeping,
  );

  function covering() {
    const left = new Set(points.points().keys());
    return (texts: readonly string[]): boolean => {
      for (const text of texts.toReversed()) {
        if (left.size === 0) return true;
        for (const [tag] of scalarsOf(parseLooseJson(text, VALUES_MAX) ?? {}, '')) left.delete(tag);
      }
      return left.size === 0;
    };
  }

  function line(text: string, writtenAt: number): void {
    if (text.trim() === '') return;
    const object = parseLooseJson(text, VALUES_MAX);
    if (object === undefined) {
      damaged += 1;
      without += 1;
      return;
    }
    const values = new Map(scalarsOf(object, ''));
    const name = stepNameOf(values.keys());
    const step = name === undefined ? Number.NaN : values.get(name)!;
    if (!Number.isFinite(step)) {
      without += 1;
      return;
    }
    stepName ??= name!;
    points.begin(step);
    const time = timeNameOf([...values.keys()]);
    const wallTime = time === undefined ? writtenAt : epochSeconds(values.get(time)!);
    for (const [tag, value] of values) if (tag !== name) points.push(tag, wallTime, value);
  }

  return {
    read: () => lines.read(),
    logged() {
      const own = points.points();
      return own.size === 0 ? [] : [{ subRun: folderOf(path), file: path, points: own, stepName }];
    },
    damaged: () => damaged + lines.damaged(),
    writtenAt: lines.writtenAt,
    isPartial: lines.isPartial,
    problem: () => (stepName === null && without > 0 ? 'no line of it has a number that counts steps' : null),
  };
}

/** Every number in an object by its path. */
function* scalarsOf(value: Record<string, unknown>, prefix: string, depth = 1): Generator<[string, number]> {
  for (const [key, each] of Object.entries(value)) {
    if (prefix === '' && FOREIGN.has(key)) continue;
    if (typeof each === 'number') yield [`${prefix}${key}`, each];
    else if (depth < DEPTH_MAX && typeof each === 'object' && each !== null && !Array.isArray(each))
      yield* scalarsOf(each as Record<string, unknown>, `${prefix}${key}/`, depth + 1);
  }
}
