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
    const [first, second] = [Math.min(low, high), Math.max(low, high)];
    if (first >= 0) drawn.push({ x: xs[first]!, y: ys[first]! });
    if (second > first) drawn.push({ x: xs[second]!, y: ys[second]! });
    if (gap >= 0) drawn.push({ x: xs[gap]!, y: null });
  }
  return drawn;
}
