import type { RunSeries, Series } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import { inSlices, type Slices } from '../core/slices.ts';
import { createEventFile, type EventFile } from './event-file.ts';
import { eventTagNames } from './json-tags.ts';
import { createLongColumns, pointsOfEach } from './long-columns.ts';
import type { Beside } from './merge.ts';
import { createMergedTag } from './merged-tag.ts';
import { createMetricsLog, type MetricsLog } from './metrics-log.ts';
import { loggedPass, passOf } from './metrics-log-pass.ts';
import { passesOf, takeoversOf } from './passes.ts';
import { createTagTable, TAGS_MAX } from './tag-table.ts';
import { processesOf } from './writer-process.ts';

/**
 * Where xax's logger writes: a step that also logs images goes whole into `heavy`, the last step too, every other
 * into `light`; a run's series is both together. Light comes last: at equal step and time it wins, as in
 * `xax queue metrics`.
 */
const FOLDERS = ['tensorboard', 'tensorboard/heavy', 'tensorboard/light'];
const EVENT_FILE = /events\.out\.tfevents\./;
/** Between two points of xax's event files (tensorboard_log_interval_seconds of 0.4.9). */
const PACE_SECONDS = 10;

/**
 * Reads the scalars of a run of xax as they grow, from its event files and its metrics log: xax writes the one every ten seconds and
 * the other every second, and either may hold the last step. When a later process logs a tag again from an earlier
 * step on (training was resumed), the steps that it overtakes are dropped. TensorBoard's Python reader does so only
 * where a SessionLog.START event says so, which xax never writes; without it every resumed curve would fold back over
 * itself.
 */
export function createXaxRun(files: RunFiles) {
  const tags = createTagTable(TAGS_MAX);
  const readers = new Map<string, EventFile>();
  const log = createMetricsLog(files, tags.admits);
  const [ofAll, atPace] = [createMerged(null), createMerged(PACE_SECONDS)];
  let last: RunSeries | null = null;
  let passes: EventFile[][] = [];
  const storeOf = (tag: string) => createLongColumns(tag, () => pointsOfEach(tags.size()));

  async function eventPaths(): Promise<string[]> {
    const names = await Promise.all(FOLDERS.map((folder) => files.list(folder)));
    return FOLDERS.flatMap((folder, index) =>
      names[index]!.filter((name) => EVENT_FILE.test(name))
        .sort()
        .map((name) => `${folder}/${name}`),
    );
  }

  /** Event files tell of a run whose log cannot be read. Errors as of `files` where there are none. */
  function readMetricsLog(hasEventFiles: boolean): Promise<boolean> {
    return log.read().catch((error: unknown) => {
      if (!hasEventFiles) throw error;
      return false;
    });
  }

  return {
    async read(): Promise<RunSeries> {
      const paths = await eventPaths();
      let isChanged = paths.length !== readers.size || paths.some((path) => !readers.has(path));
      for (const path of readers.keys()) if (!paths.includes(path)) readers.delete(path);
      for (const path of paths) {
        const reader = readers.get(path) ?? createEventFile(files, path, { tags, storeOf });
        readers.set(path, reader);
        if (await reader.read()) isChanged = true;
      }
      if (await readMetricsLog(paths.length > 0)) isChanged = true;
      const written = [...readers.values(), log].flatMap((each) => each.writtenAt() ?? []);
      if (last && !isChanged && written.length > 0) return last;
      passes = passesOf(processesOf(paths), (path) => readers.get(path)!).map((pass) =>
        // In the order of the folders, so that light comes last.
        paths.map((path) => readers.get(path)!).filter((file) => pass.includes(file)),
      );
      const series = await inSlices(ofAll(passes, log));
      const absence = series.length > 0 ? null : written.length > 0 ? 'scalars' : 'files';
      last = {
        series,
        corruptRecords: [...readers.values()].reduce(
          (sum, file) => sum + file.corruptRecords(),
          log.damagedLines(),
        ),
        writtenAt: written.length > 0 ? Math.max(...written) : null,
        absence: absence === 'files' && !(await files.exists()) ? 'folder' : absence,
        tagsKept: tags.isFull() ? TAGS_MAX : null,
      };
      return last;
    },
    /** What the last reading found, of the metrics log only what the event files will have or should have had. */
    paced: (): Promise<Series[]> => inSlices(atPace(passes, log)),
    /** What the last reading found that does not depend on when it was first read. */
    steady: (): Promise<Series[]> => inSlices((log.isWhole() ? ofAll : atPace)(passes, log)),
  };
}

export type XaxRun = ReturnType<typeof createXaxRun>;

/** Every tag's points in both logs, sorted by tag; `apart` as in {@link Beside}. */
function createMerged(apart: Beside['apart']) {
  const byTag = new Map<string, ReturnType<typeof createMergedTag>>();

  return function* seriesOf(passes: readonly (readonly EventFile[])[], log: MetricsLog): Slices<Series[]> {
    const eventTags = new Set(passes.flatMap((pass) => pass.flatMap((file) => [...file.columns().keys()])));
    const nameOf = eventTagNames(eventTags);
    const byName = new Map(
      [...log.points()].flatMap(([tag, points]) => {
        const name = nameOf(tag);
        return name === null ? [] : [[name, points] as const];
      }),
    );
    const own = passOf(byName, passes, log.writtenAt());
    const takeovers = takeoversOf(own < passes.length ? passes : [...passes, loggedPass(byName)]);
    const later = takeovers.slice(own + 1);
    const tags = new Set([...eventTags, ...byName.keys()]);
    for (const tag of byTag.keys()) if (!tags.has(tag)) byTag.delete(tag);
    const all: Series[] = [];
    for (const tag of [...tags].sort()) {
      const merged = byTag.get(tag) ?? createMergedTag(tag, apart);
      byTag.set(tag, merged);
      all.push(
        merged.series({
          passes:
            passes.length === 0
              ? []
              : takeovers.map((from, index) => ({
                  parts: (passes[index] ?? []).flatMap((file) => file.columns().get(tag) ?? []),
                  from: from(tag),
                })),
          logged: byName.get(tag),
          end: Math.min(...later.map((from) => from(tag))),
        }),
      );
      yield;
    }
    return all;
  };
}
