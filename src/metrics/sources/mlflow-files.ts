import type { RunFiles } from '../../core/queue.ts';
import { createGrowingLines } from './growing-lines.ts';
import { cellNumber } from './numbers.ts';
import { createRows } from './rows.ts';
import type { Format, Keeping, PointStore, Source } from './source.ts';
import { wholeBeside } from './whole-beside.ts';

/** `<experiment>/<run>/metrics/<key>` below mlruns; a key with `/` is folders. */
const PATH = /^((?:.*\/)?[^/]+\/[0-9a-f]{32})\/metrics\/(.+)$/;

/** MLflow's file store: a file a metric, a line a point, `<epoch milliseconds> <value> <step>`. */
export const MLFLOW_FILES: Format = {
  name: 'MLflow files',
  claims: (path) => PATH.test(path),
  open: wholeBeside(openMetric),
};

function openMetric<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P> {
  const [, subRun, tag] = PATH.exec(path)! as unknown as [string, string, string];
  const points = createRows(keeping);
  let damaged = 0;
  const lines = createGrowingLines(
    files,
    path,
    {
      startOver() {
        points.clear();
        damaged = 0;
      },
      isDone: () => false,
      line(text) {
        const [ms, value, step] = text.split(' ').map(cellNumber);
        if (typeof ms !== 'number' || typeof value !== 'number' || typeof step !== 'number') {
          damaged += 1;
          return;
        }
        points.begin(step);
        points.push(tag, ms / 1_000, value);
      },
    },
    keeping,
  );
  return {
    read: lines.read,
    logged() {
      const own = points.points();
      return own.size === 0 ? [] : [{ subRun, file: path, points: own, stepName: 'step' }];
    },
    damaged: () => damaged + lines.damaged(),
    writtenAt: lines.writtenAt,
    isPartial: lines.isPartial,
    problem: () => null,
  };
}
