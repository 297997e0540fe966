/** A run's place and how good it was: less is better. */
export interface Point {
  at: readonly number[];
  value: number;
}

export interface Expectation {
  mean: number;
  deviation: number;
}

/** How far a change of one option is felt, as a part of its range; the one that explains the runs best is taken. */
const REACHES = [0.12, 0.25, 0.5];
/** Noise as a part of the spread of the values, where nothing better is known. */
const NOISE_PARTS = [0.05, 0.2, 0.5];
const NEVER_BELOW = 1e-6;

/**
 * A smooth surface through noisy points, with how sure it is of every place: a Gaussian process with a squared
 * exponential kernel (Rasmussen and Williams 2006, algorithm 2.1). `noise`: the values' standard deviation, or null.
 */
export function fitSurface(
  points: readonly Point[],
  noise: number | null,
): (at: readonly number[]) => Expectation {
  const mean = points.reduce((sum, { value }) => sum + value, 0) / Math.max(1, points.length);
  const spread = Math.sqrt(
    points.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / Math.max(1, points.length),
  );
  const scale = spread > 0 ? spread : 1;
  if (points.length < 2) return () => ({ mean, deviation: scale });
  const values = points.map(({ value }) => (value - mean) / scale);
  const noises = noise === null ? NOISE_PARTS : [Math.max(NEVER_BELOW, noise / scale)];
  let best: Fit | null = null;
  for (const reach of REACHES)
    for (const deviation of noises) {
      const fit = fitted(points, values, reach, deviation * deviation);
      if (best === null || fit.evidence > best.evidence) best = fit;
    }
  const { reach, factor, weights } = best!;
  return (at) => {
    const near = points.map((point) => kernel(point.at, at, reach));
    const expected = near.reduce((sum, each, index) => sum + each * weights[index]!, 0);
    const solved = forward(factor, near);
    const variance = Math.max(NEVER_BELOW, 1 - solved.reduce((sum, each) => sum + each * each, 0));
    return { mean: mean + scale * expected, deviation: scale * Math.sqrt(variance) };
  };
}

interface Fit {
  reach: number;
  /** The lower triangle of the Cholesky decomposition, row by row. */
  factor: number[][];
  weights: number[];
  /** The logarithm of how likely the values are. */
  evidence: number;
}

function fitted(points: readonly Point[], values: readonly number[], reach: number, variance: number): Fit {
  const size = points.length;
  const factor: number[][] = [];
  for (let row = 0; row < size; row += 1) {
    const line: number[] = [];
    for (let column = 0; column <= row; column += 1) {
      let sum =
        kernel(points[row]!.at, points[column]!.at, reach) + (row === column ? variance + NEVER_BELOW : 0);
      const other = column === row ? line : factor[column]!;
      for (let each = 0; each < column; each += 1) sum -= line[each]! * other[each]!;
      line.push(row === column ? Math.sqrt(Math.max(NEVER_BELOW, sum)) : sum / factor[column]![column]!);
    }
    factor.push(line);
  }
  const half = forward(factor, values);
  const weights = backward(factor, half);
  const fit = values.reduce((sum, value, index) => sum + value * weights[index]!, 0);
  const size2 = factor.reduce((sum, line, index) => sum + Math.log(line[index]!), 0);
  return { reach, factor, weights, evidence: -0.5 * fit - size2 };
}

function kernel(a: readonly number[], b: readonly number[], reach: number): number {
  let distance = 0;
  for (let index = 0; index < a.length; index += 1) distance += (a[index]! - b[index]!) ** 2;
  return Math.exp(-0.5 * (distance / (reach * reach)));
}

function forward(factor: readonly number[][], values: readonly number[]): number[] {
  const solved: number[] = [];
  for (let row = 0; row < values.length; row += 1) {
    let sum = values[row]!;
    const line = factor[row]!;
    for (let column = 0; column < row; column += 1) sum -= line[column]! * solved[column]!;
    solved.push(sum / line[row]!);
  }
  return solved;
}

function backward(factor: readonly number[][], values: readonly number[]): number[] {
  const solved = new Array<number>(values.length).fill(0);
  for (let row = values.length - 1; row >= 0; row -= 1) {
    let sum = values[row]!;
    for (let below = row + 1; below < values.length; below += 1) sum -= factor[below]![row]! * solved[below]!;
    solved[row] = sum / factor[row]![row]!;
  }
  return solved;
}
