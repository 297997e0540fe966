import type { Series } from '../core/metrics.ts';

/** Counters and clocks that stacks log beside their metrics. */
const CLOCK =
  /(^|\/)(epochs?|done|pid|_?timestamp|wall_?(time|clock)|elapsed(_\w+)?|(\w*_)?runtime|\w+_per_second|total_flos|time(_\w+)?|iterations?_since_restore|num_(input_)?tokens_seen)$|(^|\/)time\/|(^|\/)monitor\/t$/i;
/** Lightning's placeholder for what hyper-parameters are compared by. */
const PLACEHOLDER = { tag: 'hp_metric', value: -1 };

/** Whether a tag counts or times what is trained, and tells nothing of how well. */
export function isClock(tag: string): boolean {
  return CLOCK.test(tag);
}

/** What hyper-parameters are compared by, as add_hparams of torch and tensorboardX is shown it in its documentation: at step 0, whenever it came. */
const OF_HPARAMS = /(^|\/)hparam\//;

/** Whether a series is a total that is told once, when everything is over: no curve ends there, and none is drawn of it. */
export function isTotal({ tag, length, steps }: Series, lastStep: number, others: number): boolean {
  return length === 1 && (steps[0] === lastStep || OF_HPARAMS.test(tag)) && others > 1;
}

/** Whether a series is a placeholder that its stack writes where nothing was logged. */
export function isPlaceholder({ tag, length, values }: Series): boolean {
  return (
    tag.endsWith(PLACEHOLDER.tag) && values.subarray(0, length).every((value) => value === PLACEHOLDER.value)
  );
}
