import { epochSeconds, stepNameOf, timeNameOf } from './step-names.ts';

/** Names within names, as `nested/acc`; deeper ones are no metrics. */
const DEPTH_MAX = 4;
/** What Ray Tune says of a trial beside what was reported: no metrics (its auto-filled result keys). */
const FOREIGN = new Set(['config', 'pid']);
/** Values of a record; one of more is none of metrics, and is left out. */
export const VALUES_MAX = 10_000;

/** What was logged at one step. */
export interface JsonRecord {
  /** What its step is called. */
  stepName: string;
  step: number;
  /** Epoch seconds, where the record says; else undefined. */
  wallTime: number | undefined;
  /** Numbers by their paths, without the step. */
  values: ReadonlyMap<string, number>;
}

/** A JSON object as a record of metrics; undefined where no number of it counts steps. */
export function recordOf(object: Record<string, unknown>): JsonRecord | undefined {
  const values = new Map(scalarsOf(object));
  const stepName = stepNameOf(values.keys());
  const step = stepName === undefined ? Number.NaN : values.get(stepName)!;
  if (!Number.isFinite(step)) return undefined;
  const time = timeNameOf([...values.keys()]);
  const wallTime = time === undefined ? undefined : epochSeconds(values.get(time)!);
  values.delete(stepName!);
  return { stepName: stepName!, step, wallTime, values };
}

/** Every number in an object by its path. */
export function* scalarsOf(
  value: Record<string, unknown>,
  prefix = '',
  depth = 1,
): Generator<[string, number]> {
  for (const [key, each] of Object.entries(value)) {
    if (prefix === '' && FOREIGN.has(key)) continue;
    if (typeof each === 'number') yield [`${prefix}${key}`, each];
    else if (depth < DEPTH_MAX && typeof each === 'object' && each !== null && !Array.isArray(each))
      yield* scalarsOf(each as Record<string, unknown>, `${prefix}${key}/`, depth + 1);
  }
}
