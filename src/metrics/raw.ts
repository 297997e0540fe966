import type { RunFiles } from '../core/queue.ts';
import { FORMATS } from './sources/index.ts';
import type { PointStore } from './sources/source.ts';
import { createSurvey, whyUnread } from './survey.ts';
import { createTagTable, TAGS_MAX } from './tag-table.ts';

/** What stands on disk of one tag, in one file: nothing superseded, nothing left out. */
export interface RawSeries {
  subRun: string;
  file: string;
  format: string;
  tag: string;
  points: number;
  first: readonly [step: number, value: number];
  last: readonly [step: number, value: number];
}

export interface RawRun {
  series: RawSeries[];
  /** Files that are there and not read, or not whole, and why. */
  unread: { path: string; why: string }[];
}

interface Ends extends PointStore {
  points: number;
  first: [number, number];
  last: [number, number];
}

/** Every file of metrics below a run's folder as it stands, from beginning to end. */
export async function readRaw(files: RunFiles): Promise<RawRun> {
  const survey = createSurvey(files, FORMATS);
  const found = await survey.look();
  const run: RawRun = { series: [], unread: [...found.unread] };
  for (const { path, kind: format } of found.files) {
    const source = format.open(files, path, { tags: createTagTable(TAGS_MAX), storeOf: ends, isWhole: true });
    const failure = await source.read().then(
      () => null,
      (error: unknown) => whyUnread(path, error),
    );
    for (const { subRun, file, points } of source.logged())
      for (const [tag, each] of points)
        run.series.push({ ...{ subRun, file, format: format.name, tag }, ...shown(each) });
    const problem = failure ?? source.problem();
    if (problem !== null) run.unread.push({ path, why: problem });
  }
  return run;
}

function shown({ points, first, last }: Ends): Pick<RawSeries, 'points' | 'first' | 'last'> {
  return { points, first, last };
}

function ends(): Ends {
  return {
    points: 0,
    first: [0, 0],
    last: [0, 0],
    push(step, _wallTime, value) {
      if (this.points === 0) this.first = [step, value];
      this.last = [step, value];
      this.points += 1;
    },
    cutFrom() {},
  };
}
