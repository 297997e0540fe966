import type { RunFiles } from '../../core/queue.ts';
import { createGrowingLines } from './growing-lines.ts';
import { cellNumber } from './numbers.ts';
import { createRows } from './rows.ts';
import type { Format, Keeping, PointStore, Source } from './source.ts';
import { wholeBeside } from './whole-beside.ts';

/** `<run>/metrics/<key>` below mlruns and the experiment's folder; a key with `/` is folders. */
const PATH = /^((?:.*\/)?[0-9a-f]{32})\/metrics\/(.+)$/;
/** The same seen from the run's own folder, where its lines must show that it is one. */
const WITHIN_RUN = /^metrics\/(.+)$/;
const ANOTHER_FORMAT = /\.(json|ya?ml|wandb|np[yz]|pth?|pkl|png|jpe?g|pdf|html|parquet|py|safetensors|bin)$/i;

/** MLflow's file store: a file a metric, a line a point, `<epoch milliseconds> <value> <step>`. */
export const MLFLOW_FILES: Format = {
  name: 'MLflow files',
  claims: (path) => PATH.test(path) || (WITHIN_RUN.test(path) && !ANOTHER_FORMAT.test(path)),
  runOf: (path) => PATH.exec(path)?.[1] ?? '.',
  open: wholeBeside(openMetric),
};

function openMetric<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P> {
  const named = PATH.exec(path);
  const subRun = named ? named[1]! : '.';
  const tag = named ? named[2]! : WITHIN_RUN.exec(path)![1]!;
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
      isDone: isForeign,
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
  function isForeign(): boolean {
    return !named && damaged > 0 && points.points().size === 0;
  }

  return {
    read: lines.read,
    isForeign,
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
