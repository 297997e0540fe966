import { basename, dirname } from 'node:path';

/** Folders that stacks put between a project and its runs, and names that only count runs. */
const BETWEEN =
  /^(runs?|logs?|tb|tensorboard|lightning_logs|outputs?|out|results?|ray_results|mlruns|multirun|experiments?|train|\d[\d_.:T-]*|(version|run|exp|trial|seed)[-_]?\d+)$/i;
/** A project lies deeper than this: `/home/ada` is none. */
const PARTS_MIN = 3;

/** What the runs of a folder's project are called together: `proj` of `/home/ada/proj/runs/exp-3`. */
export function taskOf(folder: string): string {
  for (let above = dirname(folder); above.split('/').length > PARTS_MIN; above = dirname(above))
    if (!BETWEEN.test(basename(above))) return named(above);
  return named(folder);
}

/** A dot would end the name of a module. */
function named(folder: string): string {
  return basename(folder).replaceAll('.', '-');
}
