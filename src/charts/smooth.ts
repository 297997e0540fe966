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
