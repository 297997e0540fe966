/** A run's place and how good it was: less is better. */
export interface Point {
  at: readonly number[];
  value: number;
}

export interface Expectation {
  mean: number;
  deviation: number;
}

/** What is expected of a place. */
export interface Surface {
  at(place: readonly number[]): Expectation;
  /** By each of the surfaces alone that explain the points nearly as well as the best; `at` is their mean. */
  plausible: readonly ((place: readonly number[]) => Expectation)[];
}

/** How far a change of one option is felt, as a part of its range; the one that explains the runs best is taken. */
const REACHES = [0.12, 0.25, 0.5];
/** Noise as a part of the spread of the values, where nothing better is known. */
const NOISE_PARTS = [0.05, 0.2, 0.5];
/** A reach that is this much less likely than the likeliest is left out. */
const NEGLIGIBLE = 0.05;
const NEVER_BELOW = 1e-6;
/** Beyond the median by so many times the spread, a value says no more than that it is bad. */
const FAR_OUT = 3;

/**
 * Values without what is far out of the others, as a diverged run's 1e12 is: it would make all others look alike. The
 * better half tells what is far, so that up to half of the runs may have diverged. Less is better.
 */
export function levelled(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
  const better = at(0.5) - at(0);
  const spread = Math.min(FAR_OUT * better, Math.max(better, at(0.75) - at(0.25)));
  const most = spread > 0 ? at(0.5) + FAR_OUT * spread : Number.POSITIVE_INFINITY;
  return values.map((value) => Math.min(value, most));
}

/**
 * A smooth surface through noisy points, with how sure it is of every place: a Gaussian process with a squared
 * exponential kernel (Rasmussen and Williams 2006, algorithm 2.1). `noise`: the values' standard deviation, or null.
 */
export function fitSurface(points: readonly Point[], noise: number | null): Surface {
  const mean = points.reduce((sum, { value }) => sum + value, 0) / Math.max(1, points.length);
  const spread = Math.sqrt(
    points.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / Math.max(1, points.length),
  );
  const scale = spread > NEVER_BELOW * NEVER_BELOW * Math.abs(mean) ? spread : 1;
  if (points.length < 2) {
    const at = () => ({ mean, deviation: scale });
    return { at, plausible: [at] };
  }
  const values = new Float64Array(points.map(({ value }) => (value - mean) / scale));
  const distances = points.map(({ at }, row) => {
    const line = new Float64Array(row + 1);
    for (let column = 0; column <= row; column += 1) line[column] = squaredDistance(at, points[column]!.at);
    return line;
  });
  const noises = noise === null ? NOISE_PARTS : [Math.max(NEVER_BELOW, noise / scale)];
  const fits = REACHES.map((reach) => {
    const kernels = distances.map((line) => line.map((distance) => kernel(distance, reach)));
    return noises
      .map((deviation) => fitted(kernels, values, reach, deviation * deviation))
      .reduce((best, fit) => (fit.evidence > best.evidence ? fit : best));
  });
  const most = fits.reduce((highest, { evidence }) => Math.max(highest, evidence), Number.NEGATIVE_INFINITY);
  const likely = fits
    .map((fit) => ({ ...fit, share: Math.exp(fit.evidence - most) }))
    .filter(({ share }) => share >= NEGLIGIBLE);
  const total = likely.reduce((sum, { share }) => sum + share, 0);
  const near = new Float64Array(points.length);
  const expected = ({ reach, factor, weights }: Fit, at: readonly number[]): Expectation => {
    // Loops over plain indices: this is done for each of hundreds of places.
    for (let index = 0; index < near.length; index += 1)
      near[index] = kernel(squaredDistance(points[index]!.at, at), reach);
    const solved = forward(factor, near);
    let [sum, explained] = [0, 0];
    for (let index = 0; index < near.length; index += 1) {
      sum += near[index]! * weights[index]!;
      explained += solved[index]! * solved[index]!;
    }
    const variance = Math.max(NEVER_BELOW, 1 - explained);
    return { mean: mean + scale * sum, deviation: scale * Math.sqrt(variance) };
  };
  return {
    plausible: likely.map((fit) => (at) => expected(fit, at)),
    at(place) {
      let [first, second] = [0, 0];
      for (const fit of likely) {
        const { mean: own, deviation } = expected(fit, place);
        const away = own - mean;
        first += (fit.share / total) * away;
        second += (fit.share / total) * (deviation * deviation + away * away);
      }
      return {
        mean: mean + first,
        deviation: Math.sqrt(Math.max(NEVER_BELOW * scale * scale, second - first * first)),
      };
    },
  };
}

interface Fit {
  reach: number;
  /** The lower triangle of the Cholesky decomposition, row by row. */
  factor: Float64Array[];
  weights: Float64Array;
  /** The logarithm of how likely the values are. */
  evidence: number;
}

function fitted(
  kernels: readonly Float64Array[],
  values: Float64Array,
  reach: number,
  variance: number,
): Fit {
  const factor: Float64Array[] = [];
  for (const [row, line] of kernels.entries()) {
    const own = new Float64Array(row + 1);
    for (let column = 0; column <= row; column += 1) {
      const other = column === row ? own : factor[column]!;
      let sum = line[column]! + (row === column ? variance + NEVER_BELOW : 0);
      for (let each = 0; each < column; each += 1) sum -= own[each]! * other[each]!;
      own[column] = row === column ? Math.sqrt(Math.max(NEVER_BELOW, sum)) : sum / other[column]!;
    }
    factor.push(own);
  }
  const weights = backward(factor, forward(factor, values));
  let [fit, size] = [0, 0];
  for (let row = 0; row < values.length; row += 1) {
    fit += values[row]! * weights[row]!;
    size += Math.log(factor[row]![row]!);
  }
  return { reach, factor, weights, evidence: -0.5 * fit - size };
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  let distance = 0;
  for (let index = 0; index < a.length; index += 1) distance += (a[index]! - b[index]!) ** 2;
  return distance;
}

function kernel(distance: number, reach: number): number {
  return Math.exp(-0.5 * (distance / (reach * reach)));
}

function forward(factor: readonly Float64Array[], values: Float64Array): Float64Array {
  const solved = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const line = factor[row]!;
    let sum = values[row]!;
    for (let column = 0; column < row; column += 1) sum -= line[column]! * solved[column]!;
    solved[row] = sum / line[row]!;
  }
  return solved;
}

function backward(factor: readonly Float64Array[], values: Float64Array): Float64Array {
  const solved = new Float64Array(values.length);
  for (let row = values.length - 1; row >= 0; row -= 1) {
    let sum = values[row]!;
    for (let below = row + 1; below < values.length; below += 1) sum -= factor[below]![row]! * solved[below]!;
    solved[row] = sum / factor[row]![row]!;
  }
  return solved;
}

/** The normal distribution up to `x`, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17). */
export function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}
