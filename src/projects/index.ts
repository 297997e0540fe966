import { basename } from 'node:path';
import { clip } from '../core/clip.ts';
import type { PresetOption } from '../core/preset.ts';
import { projectOf, runnableAs } from './import-root.ts';
import { launchOf } from './launches.ts';
import { pythonFiles } from './python-files.ts';
import { createSources } from './python-sources.ts';
import { extrasOf, optionsOf } from './task-options.ts';
import { textOf } from './text-of.ts';

const DESCRIPTION_MAX = 120;
/** How a module finds out that it is run, and what runs a package. */
const GUARD = '__main__';

/** A module that launches one of xax's tasks when it is run. */
export interface Launchable {
  /** As `python -m` takes it. */
  module: string;
  /** The folder that it is run in. */
  folder: string;
  /** The folder of its project, in which its Python is looked for. */
  project: string;
  /** The task's class. */
  task: string;
  description: string;
  options: Readonly<Record<string, PresetOption>>;
  /** Keys that may be set beyond the options. */
  extras: readonly string[];
}

/**
 * The modules below a folder that launch a task of xax, by reading their source: nothing is imported or run. `isCut`: the folder has more
 * than is looked at.
 */
export function findLaunchables(named: string): { found: Launchable[]; isCut: boolean } {
  const { files, isCut } = pythonFiles(named);
  const sources = createSources();
  const found = files.flatMap((path): Launchable[] => {
    if (basename(path) !== `${GUARD}.py` && !textOf(path).includes(GUARD)) return [];
    const project = projectOf(path, named);
    const read = sources.locate(path, project);
    const place = read && runnableAs(path, project, read.module);
    const at = place && sources.locate(path, place.folder);
    const launch = at && launchOf(at, sources);
    if (!launch) return [];
    const options = optionsOf(launch, sources);
    return [
      {
        ...place,
        project,
        task: launch.task.found.name,
        description: firstSentence(at.module.doc),
        options,
        extras: extrasOf(launch, options),
      },
    ];
  });
  return { found, isCut };
}

/** The first line of a module's own words. */
function firstSentence(doc: string | undefined): string {
  const [line = ''] = (doc ?? '').trim().split('\n');
  return clip(line.trim().replace(/\.$/, ''), DESCRIPTION_MAX);
}
