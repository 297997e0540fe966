import type { Columns } from './columns.ts';
import { inTime } from './in-time.ts';
import { ranksOf } from './ranks.ts';
import { EVENTS } from './sources/events.ts';
import { type Format, type Logged, nameOf } from './sources/source.ts';
import type { SubRun } from './sub-runs.ts';

/** What keeps the points of a tag, and gives them. */
export type Store = Pick<Columns, 'push' | 'cutFrom' | 'length' | 'series'>;

/** What one file tells of one sub-run, and where that stands in the run. */
export interface Placed extends Logged<Store>, SubRun {
  format: Format;
}

/** What is logged in one place by one format: of several attempts, each with what it wrote. */
export interface Part {
  format: Format;
  logged: readonly Placed[];
}

/**
 * By format, in their order, and by place within each. Files of one format beside each other that tell of one tag are told apart
 * by their names, ranks of a distributed training by their numbers.
 */
export function partsOf(placed: readonly Placed[]): Part[] {
  return [...Map.groupBy(placed, ({ format }) => format)].flatMap(([format, own]) =>
    [...Map.groupBy(own, ({ prefix }) => prefix).values()].flatMap((logged) => {
      const apart = format === EVENTS ? byRank(logged) : byFileName(logged);
      return apart.map((each) => ({ format, logged: each }));
    }),
  );
}

function byRank(logged: readonly Placed[]): (readonly Placed[])[] {
  const byFile = new Map(logged.map((each) => [each.file, each]));
  const ranks = ranksOf([...byFile.keys()], (path) => byFile.get(path)!.points);
  if (!ranks) return [logged];
  const groups = Map.groupBy(logged, ({ file }) => ranks.get(file)!);
  return [...groups].map(([rank, own]) => under(own, `rank_${rank}`));
}

function byFileName(logged: readonly Placed[]): (readonly Placed[])[] {
  const groups = [...Map.groupBy(logged, ({ file }) => nameOf(file))];
  const seen = new Set<string>();
  let isShared = false;
  for (const [, own] of groups) {
    const tags = new Set(own.flatMap(({ points }) => [...points.keys()]));
    if ([...tags].some((tag) => seen.has(tag))) isShared = true;
    for (const tag of tags) seen.add(tag);
  }
  return groups.map(([name, own]) => (isShared ? under(own, name.replace(/\.[^.]+$/, '')) : own));
}

function under(logged: readonly Placed[], name: string): Placed[] {
  return logged.map((each) => ({ ...each, prefix: joined(each.prefix, name) }));
}

/** When the first of its points was logged, epoch seconds; NaN where its file does not say. */
export function beganAt({ points }: Placed): number {
  return Math.min(...[...points.values()].map((each) => each.series().wallTimes[0] ?? Number.NaN));
}

/** Attempts at a training that logged something, in the order of time, in their folders' words; none where these have none. */
export function attemptsOf(placed: readonly Placed[]): string[] {
  const byAttempt = Map.groupBy(placed, ({ attempt }) => attempt);
  byAttempt.delete('');
  const began = (own: readonly Placed[]) =>
    Math.min(...own.map(beganAt).filter((time) => Number.isFinite(time)));
  return inTime([...byAttempt], ([name, own]) => ({ name, began: began(own) })).map(([name]) => name);
}

/** A tag, or a part of a prefix, behind a prefix. */
export function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}/${name}`;
}
