/** One drawn point; null breaks the line where something that is no number was logged. */
export interface DrawnPoint {
  x: number;
  y: number | null;
}

/**
 * At most about `2 * buckets` points that look the same when drawn: of each bucket of neighbours the smallest and the
 * largest in their order, so that peaks survive. A point that is no finite number becomes a gap.
 */
export function decimate(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  length: number,
  buckets: number,
): DrawnPoint[] {
  const drawn: DrawnPoint[] = [];
  const size = Math.max(1, Math.ceil(length / buckets));
  for (let start = 0; start < length; start += size) {
    const end = Math.min(length, start + size);
    let low = -1;
    let high = -1;
    let gap = -1;
    for (let index = start; index < end; index += 1) {
      if (!Number.isFinite(ys[index]!)) gap = index;
      else {
        if (low < 0 || ys[index]! < ys[low]!) low = index;
        if (high < 0 || ys[index]! > ys[high]!) high = index;
      }
    }
    const kept = [...new Set([low, high])].filter((index) => index >= 0).sort((a, b) => a - b);
    for (const index of kept) drawn.push({ x: xs[index]!, y: ys[index]! });
    if (gap >= 0) drawn.push({ x: xs[gap]!, y: null });
  }
  return drawn;
}

/** Exponential moving average with the start corrected, as TensorBoard smooths; gaps stay gaps. `weight` in [0, 1). */
export function smooth(values: ArrayLike<number>, length: number, weight: number): Float64Array {
  const smoothed = new Float64Array(length);
  let average = 0;
  let correction = 0;
  for (let index = 0; index < length; index += 1) {
    const value = values[index]!;
    if (!Number.isFinite(value)) {
      smoothed[index] = Number.NaN;
      continue;
    }
    average = average * weight + (1 - weight) * value;
    correction = correction * weight + (1 - weight);
    smoothed[index] = average / correction;
  }
  return smoothed;
}
