import type { RunSeries } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import { type Columns, createColumns } from './columns.ts';
import { createEventFile, type EventFile } from './event-file.ts';
import type { ScalarSink } from './event-parser.ts';

/** Where xax's logger writes: two folders by how heavy the values are, or directly below. */
const FOLDERS = ['tensorboard', 'tensorboard/light', 'tensorboard/heavy'];
const EVENT_FILE = /events\.out\.tfevents\./;
/** Tags beyond this are not kept: a run that names its tags by step would fill the memory. */
const TAGS_MAX = 2_000;

/**
 * Reads a run's scalars as they grow. The files of one folder follow one another: when a later one begins
 * again at an earlier step (training was resumed), the points it overtakes are dropped, as TensorBoard does.
 */
export function createRunReader(files: RunFiles) {
  let readers = new Map<string, EventFile>();
  let folders = new Map<string, Map<string, Columns>>();

  async function readFolder(folder: string): Promise<boolean> {
    const names = (await files.list(folder)).filter((name) => EVENT_FILE.test(name)).sort();
    const columns = folders.get(folder) ?? new Map<string, Columns>();
    folders.set(folder, columns);
    for (const name of names) {
      const path = `${folder}/${name}`;
      const known = readers.get(path);
      const reader = known ?? createEventFile(files, path);
      readers.set(path, reader);
      if ((await reader.read(sinkFor(columns))) === 'replaced') return false;
    }
    return true;
  }

  async function readAll(): Promise<boolean> {
    for (const folder of FOLDERS) if (!(await readFolder(folder))) return false;
    return true;
  }

  return {
    async read(): Promise<RunSeries> {
      if (!(await readAll())) {
        readers = new Map();
        folders = new Map();
        await readAll();
      }
      const byTag = new Map<string, Columns>();
      for (const columns of folders.values()) {
        for (const [tag, points] of columns) {
          const known = byTag.get(tag);
          if (!known || points.series().length > known.series().length) byTag.set(tag, points);
        }
      }
      const tags = [...byTag.keys()].sort();
      let corruptRecords = 0;
      for (const reader of readers.values()) corruptRecords += reader.corruptRecords();
      return { series: tags.map((tag) => byTag.get(tag)!.series()), corruptRecords };
    },
  };
}

export type RunReader = ReturnType<typeof createRunReader>;

function sinkFor(columns: Map<string, Columns>): ScalarSink {
  return {
    scalar(tag, step, wallTime, value) {
      let points = columns.get(tag);
      if (!points) {
        if (columns.size >= TAGS_MAX) return;
        points = createColumns(tag);
        columns.set(tag, points);
      }
      points.push(step, wallTime, value);
    },
    restarted(step) {
      for (const points of columns.values()) points.cutFrom(step);
    },
  };
}
