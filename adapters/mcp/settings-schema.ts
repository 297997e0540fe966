import { clip } from '../../src/core/clip.ts';
import type { OptionSpec } from '../../src/core/options.ts';
import type { Preset, PresetOption } from '../../src/core/preset.ts';

/** A value's schema, in what every model's API accepts. */
export interface Schema {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  description?: string;
  /** Never empty, and without an empty text. */
  enum?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
}

/** What may be a property everywhere; other keys are given as `key=value`. */
const KEY = /^[A-Za-z_]\w{0,63}$/;
const ANY = '*';
/** A range to more than this tells nobody what to give. */
const TELLING_MAX = 10_000;
/** Longest description that names the settings, characters. */
const NAMED_MAX = 200;
/** How a person types them. */
const TYPED = ', each as key=value';
const TYPES = {
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  text: 'string',
  choice: 'string',
} as const;

/** What the settings beyond the declared ones are given as. */
export function moreName(name: string): string {
  return `more_${name}`;
}

/**
 * `key=value` options: what the presets declare as properties of one object, since a bare map reaches some models
 * empty; and a list of `key=value` texts for whatever else they allow, or for all where nothing is declared.
 */
export function settingsProperties(
  name: string,
  { description, ranges }: OptionSpec & { type: 'assignments' },
  presets: readonly Preset[],
): [string, Schema][] {
  const keys = [...new Set(presets.flatMap(({ options }) => Object.keys(options)))];
  const named = keys.filter((key) => KEY.test(key));
  const properties = named.map((key) => [key, settingSchema(key, presets, ranges === true)] as const);
  const others = presets.flatMap(({ options, allowExtra }) => [
    ...Object.entries(options)
      .filter(([key]) => !KEY.test(key))
      .map(
        ([key, option]) =>
          `${key}${[option.description, limits(option)]
            .filter(Boolean)
            .map((words) => ` ${words}`)
            .join('')}`,
      ),
    ...allowExtra.map((key) => (key === ANY ? 'any key' : key)),
  ]);
  const declared: [string, Schema] = [
    name,
    {
      type: 'object',
      properties: Object.fromEntries(properties),
      description: withNames(description.replace(TYPED, ''), named),
    },
  ];
  if (named.length > 0 && others.length === 0) return [declared];
  const list: Schema = { type: 'array', items: { type: 'string' } };
  if (named.length === 0)
    return [[name, { ...list, description: [description, ...new Set(others)].join('; ') }]];
  const more = `other settings, each "key=value": ${[...new Set(others)].join('; ')}`;
  return [declared, [moreName(name), { ...list, description: more }]];
}

/** A setting as the presets declare it; where they differ, as a text. `asRanges`: several values of it at once. */
function settingSchema(key: string, presets: readonly Preset[], asRanges: boolean): Schema {
  const declared = presets.flatMap((preset) => {
    const option = Object.hasOwn(preset.options, key) ? preset.options[key] : undefined;
    return option ? [{ preset: preset.name, option }] : [];
  });
  const types = new Set(declared.map(({ option }) => TYPES[option.type]));
  const type = asRanges || types.size > 1 ? 'string' : [...types][0]!;
  const choices = new Set(declared.flatMap(({ option }) => option.choices ?? []));
  const isChoice = !asRanges && declared.every(({ option }) => option.type === 'choice') && choices.size > 0;
  const isEnum = isChoice && !choices.has('');
  const words = declared.map(({ preset, option }) => ({ preset, text: settingWords(option) }));
  const isSame = new Set(words.map(({ text }) => text)).size === 1;
  const description = isSame
    ? words[0]!.text
    : words.map(({ preset, text }) => (text === '' ? `for ${preset}` : `for ${preset}: ${text}`)).join('; ');
  return { type, ...(isEnum ? { enum: [...choices] } : {}), ...(description === '' ? {} : { description }) };
}

function settingWords(option: PresetOption): string {
  return [option.description, limits(option)].filter((words) => words !== '').join(' ');
}

/** Some clients hand on an object without its properties (llama-index-tools-mcp 0.6.0): words name them, as many as are short. */
function withNames(description: string, names: readonly string[]): string {
  return names.length === 0 ? description : clip(`${description}: ${names.join(', ')}`, NAMED_MAX);
}

/** ` (1 to 200)`; nothing without a greatest, or with one that only bounds what a mistake may ask for. */
export function rangeWords({ min, max }: { min?: number; max?: number }): string {
  return max === undefined || max > TELLING_MAX ? '' : ` (${rangeOf(min, max)})`;
}

function rangeOf(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min === undefined ? (max === undefined ? '' : `up to ${max}`) : `from ${min}`;
}

function limits({ min, max, choices, default: fallback }: Partial<PresetOption>): string {
  const parts = [
    choices === undefined || choices.length === 0 ? '' : choices.join(' or '),
    rangeOf(min, max),
    fallback === undefined ? '' : `default ${fallback}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `(${parts.join(', ')})`;
}
