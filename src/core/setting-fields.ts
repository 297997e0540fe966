import type { OptionSpec, OptionSpecs } from './options.ts';
import type { Preset, PresetOption } from './preset.ts';
import { rangeWords } from './range-words.ts';

/** The option of a command that takes the settings of its preset. */
export const SETTINGS = 'settings';
const PREFIX = `${SETTINGS}.`;

/** The field of a form that asks for one setting of the preset alone. */
export function settingField(key: string): string {
  return `${PREFIX}${key}`;
}

/** The setting that a field asks for; undefined for a field that asks for an option. */
export function settingOf(field: string): string | undefined {
  return field.startsWith(PREFIX) ? field.slice(PREFIX.length) : undefined;
}

/** A field for each setting that a preset declares; `standing`: what holds where nothing else is given. */
export function settingFields({ options }: Preset, standing: Readonly<Record<string, string>>): OptionSpecs {
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => [
      settingField(key),
      fieldOf(key, option, standing[settingField(key)] !== undefined),
    ]),
  );
}

/** What an option of a preset accepts, in words: `number from 0 to 1, default 0.01`. */
export function acceptedWords({ type, choices, default: fallback, ...range }: PresetOption): string {
  const usual = fallback === undefined ? '' : `, default ${fallback}`;
  return `${choices ? choices.join(' or ') : type}${rangeWords(range)}${usual}`;
}

/** What stands in it can be changed, and not be taken away; without one, an empty field leaves it to the task. */
function fieldOf(key: string, option: PresetOption, hasValue: boolean): OptionSpec {
  const { type, min, max, choices = [] } = option;
  const base = { label: key, description: wordsOf(option), required: hasValue && type !== 'text' };
  switch (type) {
    case 'number':
    case 'integer':
      return { ...base, type, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
    case 'choice':
      return { ...base, type, choices };
    case 'boolean':
      return hasValue
        ? { ...base, type, required: false }
        : { ...base, type: 'choice', choices: ['true', 'false'] };
    case 'text':
      return { ...base, type };
  }
}

/** What a list or a switch shows by itself is not said again. */
function wordsOf({ description, type, min, max, default: fallback }: PresetOption): string {
  const range = `${type === 'integer' ? 'whole number' : ''}${rangeWords({ min, max })}`.trim();
  const usual =
    fallback === undefined
      ? "empty: the task's own default"
      : type === 'boolean'
        ? ''
        : `default ${fallback}`;
  return [description, range, usual].filter((words) => words !== '').join('; ');
}
