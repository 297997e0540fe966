/** Units of what xax itself logs beside a training's own values (its cpu, gpu, memory and timer mixins of 0.4.9). */
const UNITS: readonly [RegExp, string][] = [
  [/\btimers?\/(.*\/)?dt$/, 's'],
  [/\btimers?\/(.*\/)?(steps|samples)\/second$/, '1/s'],
  [/(^|\/)(\w+_)?percent$/, '%'],
  [/\bmem\/(rss|vms|shared)\b/, 'bytes'],
];

/** The unit of a tag's values; null where nothing tells. */
export function unitOf(tag: string): string | null {
  return UNITS.find(([pattern]) => pattern.test(tag))?.[1] ?? null;
}

/** GPU hours as people write them: `0.25`, `12.5`, `340`. */
export function hoursText(hours: number): string {
  return String(Number(hours.toFixed(hours < 1 ? 2 : hours < 100 ? 1 : 0)));
}

/** A measured number with at most five significant digits, as people write it. */
export function numberText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value);
}
