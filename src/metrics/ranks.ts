import type { Columns } from './columns.ts';
import { shares } from './passes.ts';
import { processesOf, type WrittenFile } from './writer-process.ts';

/**
 * Writers that were begun together, and log from the same step on, are ranks even if each had written all that it has before the
 * next began: a training that is begun again takes longer, or goes on at a later step. Seconds.
 */
const TOGETHER_SECONDS = 2;

/** Points by tag. */
type Logged = ReadonlyMap<string, Pick<Columns, 'series'>>;

/** One process's event files, with when they were begun and when its points begin and end, epoch seconds. */
interface Writer {
  files: readonly WrittenFile[];
  logged: readonly Logged[];
  began: number;
  from: number;
  to: number;
}

/**
 * Which rank of a distributed training wrote each of some event files in one folder, by path; null where one process at a time
 * wrote. Processes that log the same steps of a tag at the same time are ranks; one that begins when another has ended goes on
 * where that one was.
 */
export function ranksOf(
  paths: readonly string[],
  logged: (path: string) => Logged,
): Map<string, number> | null {
  const writers = processesOf(paths).map((files) => writerOf(files, logged));
  const launches: Writer[][] = [];
  for (const writer of writers) {
    const launch = launches.at(-1);
    if (launch?.some((other) => areBeside(other, writer))) launch.push(writer);
    else launches.push([writer]);
  }
  if (launches.every(({ length }) => length === 1)) return null;
  return new Map(
    launches.flatMap((launch) =>
      launch
        .toSorted((a, b) => whoOf(a).localeCompare(whoOf(b), 'en', { numeric: true }))
        .flatMap(({ files }, rank) => files.map(({ path }) => [path, rank] as const)),
    ),
  );
}

/** Host and pid of a writer: rank 0 is started first. */
function whoOf({ files }: Writer): string {
  return files[0]!.path.replace(/tfevents\.\d+\./, '');
}

function writerOf(files: readonly WrittenFile[], logged: (path: string) => Logged): Writer {
  const own = files.map(({ path }) => logged(path));
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const each of own)
    for (const points of each.values()) {
      const { length, wallTimes } = points.series();
      if (length === 0) continue;
      from = Math.min(from, wallTimes[0]!);
      to = Math.max(to, wallTimes[length - 1]!);
    }
  return { files, logged: own, began: files[0]!.began, from, to };
}

function areBeside(a: Writer, b: Writer): boolean {
  const overlap = a.from < b.to && b.from < a.to;
  const areTogether = Math.abs(a.began - b.began) <= TOGETHER_SECONDS;
  return a.logged.some((one) =>
    [...one].some(([tag, points]) =>
      b.logged.some((other) => {
        const theirs = other.get(tag);
        if (theirs === undefined || !shares(points, theirs, () => true)) return false;
        return overlap || (areTogether && points.series().steps[0] === theirs.series().steps[0]);
      }),
    ),
  );
}
