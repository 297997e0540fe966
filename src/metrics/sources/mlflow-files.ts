import type { RunFiles } from '../../core/queue.ts';
import { createGrowingLines } from './growing-lines.ts';
import { cellNumber } from './numbers.ts';
import { type Format, type Keeping, type PointStore, pointsOf, type Source } from './source.ts';
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
  const points = new Map<string, P>();
  let damaged = 0;
  let lastStep = Number.NEGATIVE_INFINITY;
  const lines = createGrowingLines(
    files,
    path,
    {
      startOver() {
        points.clear();
        [damaged, lastStep] = [0, Number.NEGATIVE_INFINITY];
      },
      isDone: () => false,
      line(text) {
        const [ms, value, step] = text.split(' ').map(cellNumber);
        if (typeof ms !== 'number' || typeof value !== 'number' || typeof step !== 'number') {
          damaged += 1;
          return;
        }
        const own = pointsOf(points, tag, keeping);
        if (step < lastStep) own?.cutFrom(step);
        lastStep = step;
        own?.push(step, ms / 1_000, value);
      },
    },
    keeping,
  );
  return {
    read: lines.read,
    logged: () => (points.size === 0 ? [] : [{ subRun, file: path, points, stepName: 'step' }]),
    damaged: () => damaged + lines.damaged(),
    writtenAt: lines.writtenAt,
    isPartial: lines.isPartial,
    problem: () => null,
  };
}
