import type { RunSeries, Series } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import { createEventFile, type EventFile } from './event-file.ts';
import { mergeStretches, type Stretch } from './merge.ts';
import { createTagTable } from './tag-table.ts';
import { processesOf } from './writer-process.ts';

/**
 * Where xax's logger writes: a step that also logs images goes whole into `heavy`, the last step too, every other
 * into `light`; a run's series is both together. Light comes last: at equal step and time it wins, as in
 * `xax queue metrics`.
 */
const FOLDERS = ['tensorboard', 'tensorboard/heavy', 'tensorboard/light'];
const EVENT_FILE = /events\.out\.tfevents\./;
/** Tags beyond this are not kept, but for those that xax gives a training's own: a run that names its tags by step would fill the memory. */
const TAGS_MAX = 2_000;

/**
 * Reads a run's scalars as they grow. When a later process logs a tag again from an earlier step on (training was
 * resumed), the steps that it overtakes are dropped. TensorBoard does so only where a SessionLog.START event says so,
 * which xax never writes; without it every resumed curve would fold back over itself.
 */
export function createRunReader(files: RunFiles) {
  const tags = createTagTable(TAGS_MAX);
  const readers = new Map<string, EventFile>();
  let last: RunSeries | null = null;

  async function eventPaths(): Promise<string[]> {
    const paths: string[] = [];
    for (const folder of FOLDERS) {
      const names = (await files.list(folder)).filter((name) => EVENT_FILE.test(name)).sort();
      paths.push(...names.map((name) => `${folder}/${name}`));
    }
    return paths;
  }

  return {
    async read(): Promise<RunSeries> {
      const paths = await eventPaths();
      let isChanged = paths.length !== readers.size || paths.some((path) => !readers.has(path));
      for (const path of readers.keys()) if (!paths.includes(path)) readers.delete(path);
      for (const path of paths) {
        const reader = readers.get(path) ?? createEventFile(files, path, tags);
        readers.set(path, reader);
        if (await reader.read()) isChanged = true;
      }
      if (last && !isChanged && paths.length > 0) return last;
      const processes = processesOf(paths).map((own) => own.map((path) => readers.get(path)!));
      const all = processes.flat();
      const found = new Set(all.flatMap((file) => [...file.columns().keys()]));
      const absence = found.size > 0 ? null : paths.length > 0 ? 'scalars' : 'files';
      last = {
        series: [...found].sort().map((tag) => seriesOf(tag, processes)),
        corruptRecords: all.reduce((sum, file) => sum + file.corruptRecords(), 0),
        writtenAt: all.reduce<number | null>(
          (last, file) => (file.writtenAt() === null ? last : Math.max(last ?? 0, file.writtenAt()!)),
          null,
        ),
        absence: absence === 'files' && !(await files.exists()) ? 'folder' : absence,
        tagsKept: tags.isFull() ? TAGS_MAX : null,
      };
      return last;
    },
  };
}

export type RunReader = ReturnType<typeof createRunReader>;

function seriesOf(tag: string, processes: readonly EventFile[][]): Series {
  const stretches: Stretch[] = processes.map((own) => {
    const parts = own.flatMap((file) => file.columns().get(tag)?.series() ?? []);
    const starts = parts.filter(({ length }) => length > 0).map(({ steps }) => steps[0]!);
    return { parts, from: Math.min(...starts, ...own.map((file) => file.restartedAt())) };
  });
  return mergeStretches(tag, stretches);
}
