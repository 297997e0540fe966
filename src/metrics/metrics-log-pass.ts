import { createColumns } from './columns.ts';
import type { EventFile } from './event-file.ts';
import { type Pass, shares } from './passes.ts';
import type { Thinned } from './thinned.ts';

/** A metrics log by the event files' tags. */
type Logged = ReadonlyMap<string, Thinned>;
/** The passes that event files hold. */
type Written = readonly (readonly EventFile[])[];

/** What event files may lack of a run that goes on, milliseconds: xax writes and flushes them every ten seconds (0.4.9). */
const BEHIND_MS = 20_000;

/**
 * Which pass wrote the metrics log: the newest in which a point stands that the log holds too. xax writes the log anew
 * with every process, and both of its loggers write a process's first step. One beyond the last: a process that has
 * written no event yet.
 */
export function passOf(logged: Logged, passes: Written, writtenAt: number | null): number {
  const found = passes.findLastIndex((pass) =>
    pass.some((file) =>
      [...file.columns()].some(([tag, points]) => {
        const own = logged.get(tag)?.kept;
        return (
          own !== undefined &&
          shares(points, own, (a, b) => points.series().wallTimes[a] === own.series().wallTimes[b])
        );
      }),
    ),
  );
  if (found >= 0) return found;
  return writtenAt !== null && wentBack(logged, passes, writtenAt) ? passes.length : passes.length - 1;
}

/**
 * Whether the log ends at an earlier step than the event files, though it was written to when these had long ended: then
 * training was resumed. The points' own times would not tell, since xax takes its clock from the checkpoint.
 */
function wentBack(logged: Logged, passes: Written, writtenAt: number): boolean {
  const files = passes.flat().filter((file) => file.columns().size > 0);
  if (files.some((file) => writtenAt - file.writtenAt()! < BEHIND_MS)) return false;
  const ahead = [...logged].flatMap(([tag, { last }]) => {
    const ends = files.flatMap((file) => lastStep(file, tag) ?? []);
    return last && ends.length > 0 ? [Math.max(...ends) - last.step] : [];
  });
  return ahead.some((steps) => steps > 0) && ahead.every((steps) => steps >= 0);
}

function lastStep(file: EventFile, tag: string): number | undefined {
  const { length = 0, steps } = file.columns().get(tag)?.series() ?? {};
  return steps?.[length - 1];
}

/** The log as a pass of its own: its first step of each tag and its last. */
export function loggedPass(logged: Logged): Pass {
  const columns = new Map(
    [...logged].map(([tag, { kept, last }]) => {
      const ends = createColumns(tag, 2);
      if (kept.length() > 0) ends.push(kept.series().steps[0]!, 0, 0);
      if (last) ends.push(last.step, 0, 0);
      return [tag, ends] as const;
    }),
  );
  return [{ columns: () => columns, restartedAt: () => Number.POSITIVE_INFINITY }];
}
