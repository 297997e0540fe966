import { isSeed } from '../core/config-delta.ts';
import type { PresetOption } from '../core/preset.ts';
import { canonicalNumber } from '../core/yaml-scalar.ts';

/** A range of positive numbers whose ends are this many times apart is searched by factors, as learning rates are. */
const LOGARITHMIC_FROM = 100;
/** An end of a range that is not declared lies this many times above or below where the number stands. */
const FREE_FACTOR = 10;
/** Suggested numbers have so many digits. */
export const SIGNIFICANT_DIGITS = 3;

/** One option as a search sees it: its values as places from 0 to 1. */
export interface Axis {
  key: string;
  /** Places that are no distance from one another in any order: choices and switches. */
  isCategory: boolean;
  /** How many values there are; infinity where they are numbers. */
  count: number;
  /** How many times the range's end is its beginning, where it is searched by factors; else null. */
  factor: number | null;
  /** Where a value lies, beyond 0 and 1 what lies beyond the range; null for one that cannot be placed, or none. */
  placeOf(text: string | undefined): number | null;
  /** The value at a place, as xax reads it. */
  textAt(place: number): string;
}

/** The options that can be varied: not texts, seeds, which only repeat, and what is declared not to be tuned. `anchors` say where numbers without a range stand. */
export function axesOf(
  options: Readonly<Record<string, PresetOption>>,
  anchors: Readonly<Record<string, string>>,
): Axis[] {
  return Object.entries(options).flatMap(([key, option]) => {
    if (isSeed(key) || option.tune === false) return [];
    const axis = axisOf(key, option, anchors[key]);
    return axis ? [axis] : [];
  });
}

function axisOf(key: string, option: PresetOption, anchor: string | undefined): Axis | null {
  switch (option.type) {
    case 'boolean':
      return categories(key, option, ['false', 'true']);
    case 'choice':
      return categories(key, option, option.choices ?? []);
    case 'number':
    case 'integer':
      return numbers(key, option, numberOf(anchor) ?? Number.NaN);
    case 'text':
      return null;
  }
}

function categories(key: string, option: PresetOption, values: readonly string[]): Axis | null {
  if (values.length < 2) return null;
  const last = values.length - 1;
  return {
    key,
    isCategory: true,
    count: values.length,
    factor: null,
    placeOf(text) {
      const index = text === undefined ? -1 : values.indexOf(canonical(option, text));
      return index < 0 ? null : index / last;
    },
    textAt: (place) => values[Math.round(Math.min(1, Math.max(0, place)) * last)]!,
  };
}

function numbers(key: string, option: PresetOption, anchor: number): Axis | null {
  const isWhole = option.type === 'integer';
  const [min, max] = rangeOf(option, anchor);
  if (!(min < max)) return null;
  const isOpenEnded = option.min === undefined || option.max === undefined;
  const isLog = min > 0 && (isOpenEnded || isLogarithmic(min, max));
  return {
    key,
    isCategory: false,
    count: isWhole ? Math.floor(max) - Math.ceil(min) + 1 : Number.POSITIVE_INFINITY,
    factor: isLog ? max / min : null,
    placeOf(text) {
      const value = numberOf(text);
      if (value === null || (isLog && value <= 0)) return null;
      return isLog ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
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
  const isWhole = type === 'integer';
  const whole = (value: number) =>
    isWhole ? Math.round(value) : Number(value.toPrecision(SIGNIFICANT_DIGITS));
  const stands = Number.isFinite(anchor) ? anchor : (min ?? max ?? 1);
  const center = Math.min(max ?? stands, Math.max(min ?? stands, stands));
  // From nothing no factor leads anywhere: what stands at 0, as a weight of a penalty does, is searched up to 1.
  if (center === 0) return [min ?? 0, max ?? (isWhole ? FREE_FACTOR : 1)];
  if (center < 0) return [min ?? whole(center * FREE_FACTOR), max ?? whole(-center * FREE_FACTOR)];
  const low = whole(center / FREE_FACTOR);
  return [min ?? (isWhole ? Math.max(1, low) : low), max ?? whole(center * FREE_FACTOR)];
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

/** A text as a number; null for one that is none, an empty one too. */
export function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/**
 * A value in one spelling, so that 1e-3 and 0.001 are the same. `digits`: numbers of ranges that agree in so many are the
 * same too.
 */
export function canonical(option: PresetOption | undefined, text: string, digits?: number): string {
  if (option?.type === 'boolean') {
    if (/^(true|yes|on|1)$/i.test(text.trim())) return 'true';
    if (/^(false|no|off|0)$/i.test(text.trim())) return 'false';
  }
  const value = option?.type === 'text' || option?.type === 'choice' ? null : numberOf(text);
  if (value === null) return option?.type === 'text' ? text : text.trim();
  const isRounded = digits !== undefined && option?.type === 'number';
  if (isRounded) return String(Number(value.toPrecision(digits)));
  return canonicalNumber(text.trim()) ?? String(value);
}

/**
 * Settings as one text: equal where runs with them are the same. `others`: what holds where one is not given.
 * Seeds count unless they are left out.
 */
export function nameOf(
  options: Readonly<Record<string, PresetOption>>,
  settings: Readonly<Record<string, string>>,
  { others = {}, seeds = true, digits }: NameRules = {},
): string {
  const keys = [...new Set([...Object.keys(options), ...Object.keys(settings)])].sort();
  const own = (of: Readonly<Record<string, string>>, key: string) =>
    Object.hasOwn(of, key) ? of[key] : undefined;
  return JSON.stringify(
    keys
      .filter((key) => seeds || !isSeed(key))
      .map((key) => {
        const text = own(settings, key) ?? own(others, key);
        const option = Object.hasOwn(options, key) ? options[key] : undefined;
        return text === undefined ? null : [key, canonical(option, text, digits)];
      })
      .filter((each) => each !== null),
  );
}

export interface NameRules {
  others?: Readonly<Record<string, string>>;
  seeds?: boolean;
  digits?: number;
}
