import { type Keeping, type PointStore, pointsOf } from './source.ts';

/** The points of a file that has rows, each at a step, in the order in which they stand there. */
export interface Rows<P extends PointStore> {
  /** By tag. */
  points(): ReadonlyMap<string, P>;
  /** A row at this step: one at an earlier step than the last supersedes what was logged from there on. */
  begin(step: number): void;
  /** A value of the row that was begun. `wallTime`: epoch seconds, NaN where the file does not say. */
  push(tag: string, wallTime: number, value: number): void;
  /** Another attempt: its first row supersedes what was logged from there on, wherever that is. */
  restart(): void;
  /** Nothing that was taken so far is in the file any more. */
  clear(): void;
}

export function createRows<P extends PointStore>(keeping: Pick<Keeping<P>, 'tags' | 'storeOf'>): Rows<P> {
  let points = new Map<string, P>();
  let step = Number.NEGATIVE_INFINITY;
  return {
    points: () => points,
    begin(next) {
      if (next < step) for (const each of points.values()) each.cutFrom(next);
      step = next;
    },
    push(tag, wallTime, value) {
      pointsOf(points, tag, keeping)?.push(step, wallTime, value);
    },
    restart() {
      step = Number.POSITIVE_INFINITY;
    },
    clear() {
      [points, step] = [new Map(), Number.NEGATIVE_INFINITY];
    },
  };
}
