import type { RunFiles } from '../../core/queue.ts';
import { parseLooseJson } from '../loose-json.ts';
import { createGrowingLines } from './growing-lines.ts';
import { recordOf, scalarsOf, VALUES_MAX } from './json-record.ts';
import { createRows } from './rows.ts';
import { folderOf, type Keeping, type PointStore, type Source } from './source.ts';

/** Lines without a step that are looked at before a file is taken for something else. */
const LINES_JUDGED = 20;

/** A JSON object a line, with a number that counts steps. */
export function openJsonLines<P extends PointStore>(
  files: RunFiles,
  path: string,
  keeping: Keeping<P>,
): Source<P> {
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
        for (const [tag] of scalarsOf(parseLooseJson(text, VALUES_MAX) ?? {})) left.delete(tag);
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
    const record = recordOf(object);
    if (!record) {
      without += 1;
      return;
    }
    stepName ??= record.stepName;
    points.begin(record.step);
    for (const [tag, value] of record.values) points.push(tag, record.wallTime ?? writtenAt, value);
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
    problem: () =>
      lines.problem() ??
      (stepName === null && without > 0 ? 'no line of it has a number that counts steps' : null),
  };
}
