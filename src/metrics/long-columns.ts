import { type Columns, createColumns } from './columns.ts';

/** Points of a tag that are kept, all of them up to so many: 45 hours of xax, which logs one in ten seconds. */
const POINTS_MAX = 16_384;
/** Of many tags together, and of each of very many. 24 bytes a point. */
const ALL_POINTS_MAX = 1 << 19;
const POINTS_MIN = 512;
/** The last part is always whole: ends, means and what is watched are of it. */
const WHOLE_PART = 1 / 4;
/** What goes before is kept by groups of at least so many points, which have two or three left. */
const GROUP = 4;

/** How many points of a tag are kept where there are so many tags. */
export function pointsOfEach(tags: number): number {
  return Math.max(POINTS_MIN, Math.min(POINTS_MAX, Math.floor(ALL_POINTS_MAX / Math.max(1, tags))));
}

/**
 * Columns in a bounded memory: every point up to `most`, then the last ones whole and of those before the lowest and the highest
 * of each so many, and one that is no number. So the best value, the ends and the shape are what they were.
 */
export function createLongColumns(tag: string, most: () => number): Columns {
  const columns = createColumns(tag);
  /** So many at the beginning are what is left of groups of `group`. */
  let thinned = 0;
  let group = GROUP;

  /** The places of what is kept. */
  function chosen(values: Float64Array, length: number, limit: number): Uint32Array {
    const places = new Uint32Array(length);
    for (let at = 0; at < length; at += 1) places[at] = at;
    const whole = length - Math.ceil(limit * WHOLE_PART);
    let old = thinned + keepExtremes(values, places.subarray(thinned, whole), group);
    while (old > limit / 2) {
      old = keepExtremes(values, places.subarray(0, old), GROUP);
      group *= 2;
    }
    thinned = old;
    places.copyWithin(old, whole);
    return places.subarray(0, old + length - whole);
  }

  function keepBounded(): void {
    thinned = Math.min(thinned, columns.length());
    const limit = most();
    if (columns.length() >= limit) columns.keepOnly((values, length) => chosen(values, length, limit));
  }

  return {
    ...columns,
    push(step, wallTime, value) {
      columns.push(step, wallTime, value);
      keepBounded();
    },
    append(series, from, to) {
      columns.append(series, from, to);
      keepBounded();
    },
    cutFrom(step) {
      columns.cutFrom(step);
      keepBounded();
    },
  };
}

/**
 * Leaves of each group of so many places that of the lowest and the highest value, and of the first that is no number, in their
 * order, at the front; how many these are.
 */
function keepExtremes(values: Float64Array, places: Uint32Array, group: number): number {
  let kept = 0;
  for (let start = 0; start < places.length; start += group) {
    const end = Math.min(places.length, start + group);
    let [low, high, bad] = [-1, -1, -1];
    for (let at = start; at < end; at += 1) {
      const value = values[places[at]!]!;
      if (!Number.isFinite(value)) bad = bad < 0 ? at : bad;
      else {
        if (low < 0 || value < values[places[low]!]!) low = at;
        if (high < 0 || value >= values[places[high]!]!) high = at;
      }
    }
    for (let at = start; at < end; at += 1) {
      if (at !== low && at !== high && at !== bad) continue;
      places[kept] = places[at]!;
      kept += 1;
    }
  }
  return kept;
}
