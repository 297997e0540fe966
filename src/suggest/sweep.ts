import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import type { Preset, PresetOption } from '../core/preset.ts';
import { rangeWords } from '../core/range-words.ts';
import type { Sweep, SweepRequest } from '../core/suggestion.ts';
import { checkOption } from '../launch/check.ts';
import { numberOf, numberText } from './space.ts';

/** Larger sweeps would not be readable. */
const RUNS_MAX = 50;
/** A positive range whose ends are this many times apart is swept by factors. */
const LOGARITHMIC_FROM = 10;
const RANGE = /^([^,]+?)\.\.([^,]+)$/;

export type SweptAxis = Sweep['axes'][number];

/**
 * What of the given settings is swept, and over which values. Errors `bad-option`, `bad-assignment`, which name what
 * was typed.
 */
export function sweptAxes(preset: Preset, { settings, points, spacing }: SweepRequest): SweptAxis[] {
  const axes = Object.entries(settings).flatMap(([key, text]): SweptAxis[] => {
    const option = Object.hasOwn(preset.options, key) ? preset.options[key]! : undefined;
    const range = RANGE.exec(text);
    const isNumber = option?.type === 'number' || option?.type === 'integer';
    if (range && isNumber) return [overRange(key, option, range, points, spacing)];
    if (range && option?.type !== 'text' && option?.type !== 'choice') throw noRange(preset, key, option);
    const isOne = option === undefined || option.type === 'text' || option.choices?.includes(text);
    if (!text.includes(',') || isOne) return [];
    const values = text.split(',').map((value) => checkOption(key, option, value.trim()));
    return [{ key, values: [...new Set(values)], spacing: null }];
  });
  if (axes.length === 0)
    throw new BotError(
      'bad-option',
      'No option is given as a range or as several values.',
      'For example "sweep toy learning_rate=0.0001..0.1" or "sweep toy warmup=true,false".',
    );
  const runs = axes.reduce((product, { values }) => product * values.length, 1);
  if (runs > RUNS_MAX)
    throw new BotError(
      'bad-option',
      `That is ${axes.map(({ values }) => values.length).join(' × ')} = ${runs} runs; a sweep has at most ${RUNS_MAX}.`,
      'Use fewer points.',
    );
  return axes;
}

/** Every combination of the axes' values; the first axis varies slowest. */
export function grid(axes: readonly SweptAxis[]): Record<string, string>[] {
  return axes.reduce<Record<string, string>[]>(
    (found, { key, values }) => found.flatMap((each) => values.map((value) => ({ ...each, [key]: value }))),
    [{}],
  );
}

function overRange(
  key: string,
  option: PresetOption,
  [typed, ...ends]: RegExpExecArray,
  points: number,
  spacing: SweepRequest['spacing'],
): SweptAxis {
  const [from, to] = ends.map((end) => numberOf(end) ?? Number.NaN) as [number, number];
  const refused = (what: string, hint: string) =>
    new BotError('bad-option', `${key}=${clip(typed, 60)} ${what}.`, hint);
  if (Number.isNaN(from) || Number.isNaN(to) || from === to)
    throw refused('is not a range between two numbers', 'For example "learning_rate=0.0001..0.1".');
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, type } = option;
  const isOutside = Math.min(from, to) < min || Math.max(from, to) > max;
  const isBroken = type === 'integer' && !(Number.isInteger(from) && Number.isInteger(to));
  if (isOutside || isBroken)
    throw refused(
      `goes beyond what the preset accepts: ${type === 'integer' ? 'whole numbers' : 'numbers'}${rangeWords(option)}`,
      'Nothing was planned.',
    );
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  if (spacing === 'log' && low <= 0)
    throw refused('cannot be swept on a log scale, since it is not above 0', 'Leave spacing out.');
  const isLog = spacing === undefined ? low > 0 && high / low >= LOGARITHMIC_FROM : spacing === 'log';
  const values = Array.from({ length: points }, (_, index) => {
    const part = index / (points - 1);
    const value = isLog ? from * (to / from) ** part : from + (to - from) * part;
    return numberText(value, type === 'integer', low, high);
  });
  return { key, values: [...new Set(values)], spacing: isLog ? 'log' : 'linear' };
}

function noRange({ name, options }: Preset, key: string, option: PresetOption | undefined): BotError {
  if (option)
    return new BotError(
      'bad-option',
      `${key} is not a number, so it has no range.`,
      `List its values, for example "${key}=true,false".`,
    );
  const numbers = Object.keys(options).filter((each) => ['number', 'integer'].includes(options[each]!.type));
  return new BotError(
    'bad-option',
    `${clip(key, 60)} is not a number in the preset ${name}, so it has no range.`,
    `Its numbers: ${numbers.join(', ') || 'none'}.`,
  );
}
