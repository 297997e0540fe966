import { isObject, parseLooseJson } from './loose-json.ts';

/** One line of json/log.jsonl that tells of a step (JsonLogger.get_json of xax 0.4.9). */
export interface MetricsLine {
  step: number;
  /** When the run began and how long it had trained, by its own clock; seconds, null where the line does not say. */
  start: number | null;
  elapsed: number | null;
  /** By namespace and key, the namespace without what is not ASCII. */
  values: Record<string, unknown>;
}

/** The line's step and values; null for a message (a ping, a status), undefined for what is no line of the log. */
export function parseMetricsLine(text: string): MetricsLine | null | undefined {
  const parsed = parseLooseJson(text);
  if (!parsed) return undefined;
  const { state, ...values } = parsed;
  if (!isObject(state)) return null;
  const { num_steps: step, start_time_s: start, elapsed_time_s: elapsed } = state;
  if (!isNumber(step)) return null;
  return {
    step,
    start: isNumber(start) ? start : null,
    elapsed: isNumber(elapsed) ? elapsed : null,
    values,
  };
}

/** Every scalar of a line as `namespace/key`; what was logged as text is left out. */
export function eachScalar({ values }: MetricsLine, visit: (tag: string, value: number) => void): void {
  for (const [namespace, logged] of Object.entries(values)) {
    if (!isObject(logged)) continue;
    for (const [key, value] of Object.entries(logged)) {
      const number = scalar(value);
      if (number !== undefined) visit(`${namespace}/${key}`, number);
    }
  }
}

function scalar(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
