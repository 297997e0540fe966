import type { PresetOption } from '../core/preset.ts';

/** A range of positive numbers whose ends are this many times apart is searched by factors, as learning rates are. */
const LOGARITHMIC_FROM = 100;
/** Without a range a number is searched between these factors of where it stands. */
const FREE_FACTOR = 10;
const SIGNIFICANT_DIGITS = 3;

/** One option as a search sees it: its values as places from 0 to 1. */
export interface Axis {
  key: string;
  /** Places that are no distance from one another in any order: choices and switches. */
  isCategory: boolean;
  /** How many values there are; infinity where they are numbers. */
  count: number;
  /** Where a value lies; null for one that cannot be placed. */
  placeOf(text: string): number | null;
  /** The value at a place, as xax reads it. */
  textAt(place: number): string;
}

/** The options that can be varied; texts cannot. `anchors` say where numbers without a range stand. */
export function axesOf(
  options: Readonly<Record<string, PresetOption>>,
  anchors: Readonly<Record<string, string>>,
): Axis[] {
  return Object.entries(options).flatMap(([key, option]) => {
    const axis = axisOf(key, option, anchors[key]);
    return axis ? [axis] : [];
  });
}

function axisOf(key: string, option: PresetOption, anchor: string | undefined): Axis | null {
  switch (option.type) {
    case 'boolean':
      return categories(key, ['false', 'true']);
    case 'choice':
      return categories(key, option.choices ?? []);
    case 'number':
    case 'integer':
      return numbers(key, option, anchor === undefined ? Number.NaN : Number(anchor));
    case 'text':
      return null;
  }
}

function categories(key: string, values: readonly string[]): Axis | null {
  if (values.length < 2) return null;
  const last = values.length - 1;
  return {
    key,
    isCategory: true,
    count: values.length,
    placeOf(text) {
      const index = values.indexOf(text);
      return index < 0 ? null : index / last;
    },
    textAt: (place) => values[Math.round(Math.min(1, Math.max(0, place)) * last)]!,
  };
}

function numbers(key: string, option: PresetOption, anchor: number): Axis | null {
  const isWhole = option.type === 'integer';
  const [min, max] = rangeOf(option, anchor);
  if (!(min < max)) return null;
  const isLog = isLogarithmic(min, max);
  const placeOf = (value: number) =>
    isLog ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  return {
    key,
    isCategory: false,
    count: isWhole ? max - min + 1 : Number.POSITIVE_INFINITY,
    placeOf(text) {
      const place = placeOf(Number(text));
      return Number.isFinite(place) ? Math.min(1, Math.max(0, place)) : null;
    },
    textAt(place) {
      const at = Math.min(1, Math.max(0, place));
      const value = isLog ? min * (max / min) ** at : min + (max - min) * at;
      return numberText(Math.min(max, Math.max(min, value)), isWhole, min, max);
    },
  };
}

function rangeOf({ min, max, type }: PresetOption, anchor: number): [number, number] {
  if (min !== undefined && max !== undefined) return [min, max];
  const center = Number.isFinite(anchor) && anchor !== 0 ? anchor : 1;
  const [low, high] =
    center > 0 ? [center / FREE_FACTOR, center * FREE_FACTOR] : [center * FREE_FACTOR, -center * FREE_FACTOR];
  const whole = (value: number) => (type === 'integer' ? Math.max(1, Math.round(value)) : value);
  return [min ?? whole(low), max ?? whole(high)];
}

/** Whether a range is searched by factors. */
export function isLogarithmic(min: number, max: number): boolean {
  return min > 0 && max / min >= LOGARITHMIC_FROM;
}

/** Few digits, in plain decimals where they are short, and within the range however it is rounded. */
export function numberText(value: number, isWhole: boolean, min: number, max: number): string {
  if (isWhole) return String(Math.min(Math.floor(max), Math.max(Math.ceil(min), Math.round(value))));
  const rounded = Number(value.toPrecision(SIGNIFICANT_DIGITS));
  return String(Math.min(max, Math.max(min, rounded)));
}

/**
 * Values for a sweep from one end to the other: by equal factors where the range is positive and wide (10 times or
 * more), else by equal steps. Whole numbers are rounded, each value once.
 */
export function sweepPoints(option: PresetOption, from: number, to: number, count: number): string[] {
  const isLog = Math.min(from, to) > 0 && Math.max(from, to) / Math.min(from, to) >= SWEEP_LOG_FROM;
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  const values = Array.from({ length: count }, (_, index) => {
    const part = count === 1 ? 0.5 : index / (count - 1);
    const value = isLog ? from * (to / from) ** part : from + (to - from) * part;
    return numberText(value, option.type === 'integer', low, high);
  });
  return [...new Set(values)];
}

const SWEEP_LOG_FROM = 10;
