import type { GatheredSeries } from './gathered-series.ts';

/**
 * Tells NaN where a loss is exactly 0 at a step at which the gradient's norm beside it is NaN: Hugging Face's Trainer leaves NaN
 * losses out of its sums (logging_nan_inf_filter of transformers 5.24), and so logs 0 of a training that has diverged.
 */
export function tellHiddenDivergence(byTag: Map<string, GatheredSeries>): void {
  for (const [tag, found] of byTag) {
    const norm = tag.endsWith('loss') ? byTag.get(tag.replace(/loss$/, 'grad_norm')) : undefined;
    if (!norm) continue;
    const { steps, values, length } = norm.series;
    const broken = new Set(steps.subarray(0, length).filter((_, index) => Number.isNaN(values[index]!)));
    if (broken.size === 0) continue;
    const { series } = found;
    const told = series.values
      .slice(0, series.length)
      .map((value, index) => (value === 0 && broken.has(series.steps[index]!) ? Number.NaN : value));
    byTag.set(tag, { ...found, series: { ...series, values: told } });
  }
}
