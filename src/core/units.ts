/** Units of what xax itself logs beside a training's own values (its cpu, gpu, memory and timer mixins of 0.4.9). */
const UNITS: readonly [RegExp, string][] = [
  [/\btimers?\/(.*\/)?dt$/, 's'],
  [/\btimers?\/(.*\/)?steps\/second$/, 'steps/s'],
  [/\btimers?\/(.*\/)?samples\/second$/, 'samples/s'],
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

/** A measured number with five significant digits, and no digit before the point left out: `0.50451`, `1234567`. */
export function numberText(value: number): string {
  if (Math.abs(value) >= 1e5 && Math.abs(value) < 1e15) return String(Math.round(value));
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value);
}

/** A whole number, thousands parted: `1,313`. */
export function countText(count: number): string {
  return new Intl.NumberFormat('en-US').format(count);
}

/** A measured number in its unit: `543 MB`, `1,313 steps/s`, `0.021 s`; without one as `numberText` has it. */
export function quantityText(value: number, unit: string | null): string {
  if (unit === null || !Number.isFinite(value)) return [numberText(value), unit ?? ''].join(' ').trim();
  return unit === 'bytes' ? bytesText(value) : `${digitsText(value, 4)} ${unit}`;
}

const SIZES = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A metric's value as people read it, in its unit. */
export function metricText(tag: string, value: number): string {
  return quantityText(value, unitOf(tag));
}

/** Bytes in decimal units, as disks and xax's own logs count them: `512 bytes`, `543 MB`. */
export function bytesText(bytes: number): string {
  let [size, value] = [0, bytes];
  // 999,600 bytes are 1 MB to three digits, not 1,000 kB.
  while (Math.abs(Number(value.toPrecision(3))) >= 1000 && size < SIZES.length - 1) {
    size += 1;
    value /= 1000;
  }
  return `${digitsText(value, 3)} ${SIZES[size]}`;
}

/**
 * A value beside its standard deviation, neither more precise than the deviation is known, which is two digits:
 * `0.5045 ± 0.003`.
 */
export function spreadText(value: number, deviation: number): string {
  const known = knownText(value, deviation);
  return deviation > 0 && Number.isFinite(deviation) && Number.isFinite(value)
    ? `${known} ± ${numberText(Number(deviation.toPrecision(2)))}`
    : known;
}

/** A value as precisely as it is known by its standard deviation; `numberText` where there is none. */
export function knownText(value: number, deviation: number | null): string {
  if (deviation === null || !(deviation > 0) || !Number.isFinite(deviation) || !Number.isFinite(value))
    return numberText(value);
  const decimals = 1 - Math.floor(Math.log10(Number(deviation.toPrecision(2))));
  if (decimals > DECIMALS_MAX) return numberText(value);
  if (decimals >= 0) return String(Number(value.toFixed(decimals)));
  const step = 10 ** -decimals;
  return numberText(Math.round(value / step) * step);
}

/** What `toFixed` takes at the most (ECMAScript, Number.prototype.toFixed). */
const DECIMALS_MAX = 100;

/** So many significant digits, none before the point left out, thousands parted. */
function digitsText(value: number, digits: number): string {
  const shown = Math.abs(value) >= 10 ** (digits - 1) ? Math.round(value) : Number(value.toPrecision(digits));
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 }).format(shown);
}
