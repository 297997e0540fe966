import { hasAtMost } from '../core/has-at-most.ts';

/** One line of json/log.jsonl that tells of a step (JsonLogger.get_json of xax 0.4.9). */
export interface MetricsLine {
  step: number;
  /** When the run began and how long it had trained, by its own clock; seconds, null where the line does not say. */
  start: number | null;
  elapsed: number | null;
  /** By namespace and key, the namespace without what is not ASCII. */
  values: Record<string, unknown>;
}

/** Python's json.dumps writes numbers that JSON has no word for; within a string, closed or not, they are text. */
const WORDS = /"(?:[^"\\]+|\\.)*"?|-?Infinity|NaN/g;
/** Put before such a word so that it is told from a text that was logged. */
const MARK = '\u0001';
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  [`${MARK}NaN`, Number.NaN],
  [`${MARK}Infinity`, Number.POSITIVE_INFINITY],
  [`${MARK}-Infinity`, Number.NEGATIVE_INFINITY],
]);

/** Commas and brackets in a line, of which each may be a value: more than these take long to parse. */
const SIGNS_MAX = 50_000;

/** The line's step and values; null for a message (a ping, a status), undefined for what is no line of the log. */
export function parseMetricsLine(text: string): MetricsLine | null | undefined {
  const parsed = parseObject(text);
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

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!hasAtMost(text, ',[{', SIGNS_MAX)) return undefined;
  const strict =
    text.includes('NaN') || text.includes('Infinity')
      ? text.replace(WORDS, (word) => (word.startsWith('"') ? word : JSON.stringify(MARK + word)))
      : text;
  try {
    const value: unknown = JSON.parse(strict);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function scalar(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' ? NOT_FINITE.get(value) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
