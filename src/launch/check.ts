import { BotError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Preset, PresetOption } from '../core/preset.ts';
import { checkAssignment } from '../queue/assignments.ts';

/**
 * Numbers as xax reads them too. It reads values with PyYAML's YAML 1.1, where 010 is 8, 0x10 is 16, 1_000 is 1000 and
 * 1:30 is 90, and a whole number that is written 1e3 or 1.0 is none (omegaconf 2.3, IntegerNode).
 */
const INTEGER = /^[-+]?(0|[1-9]\d*)$/;
const NUMBER = /^[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

const EXAMPLE = `presets:
  toy:
    cwd: ~/project
    argv: [python, -m, examples.toy]
    options:
      learning_rate: {type: number, min: 0.00001, max: 1}`;

/** The preset of that name. Error `unknown-preset`, naming the nearest. */
export function findPreset(presets: readonly Preset[], name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found) return found;
  const names = presets.map((preset) => preset.name);
  const [close] = nearest(name.slice(0, 60), names, 1);
  if (close === undefined) {
    throw new BotError(
      'unknown-preset',
      'No preset is declared, so nothing can be queued from chat.',
      `Declare what may be run in xaxbot.yaml:\n${EXAMPLE}`,
    );
  }
  throw new BotError(
    'unknown-preset',
    `There is no preset "${name.slice(0, 60)}".`,
    `Did you mean ${close}? There are: ${names.join(', ')}.`,
  );
}

/** The assignments of a launch in the order declared, defaults filled in. Error `bad-assignment` names the key, what was given and what is accepted. */
export function checkAssignments(
  preset: Preset,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [key, value] of Object.entries(given)) {
    checkAssignment(key, value);
    if (!Object.hasOwn(preset.options, key)) checkExtra(preset, key);
  }
  // A map, since a setting may be called `constructor` or `__proto__`, which mean something else in an object.
  const assignments = new Map<string, string>();
  for (const [key, option] of Object.entries(preset.options)) {
    const value = Object.hasOwn(given, key) ? given[key] : option.default;
    if (value !== undefined) assignments.set(key, checkOption(key, option, value));
  }
  for (const [key, value] of Object.entries(given)) if (!assignments.has(key)) assignments.set(key, value);
  return Object.fromEntries(assignments);
}

/**
 * A value in the text that is passed on. Numbers stay as they were written where xax reads them as we do; other
 * spellings are refused. Error `bad-assignment`.
 */
export function checkOption(key: string, option: PresetOption, value: string): string {
  const text = value.trim();
  switch (option.type) {
    case 'number':
    case 'integer':
      return checkNumber(key, option, text);
    case 'boolean':
      if (/^(true|yes|on|1)$/i.test(text)) return 'true';
      if (/^(false|no|off|0)$/i.test(text)) return 'false';
      throw bad(key, value, 'true or false');
    case 'choice':
      if (option.choices?.includes(value)) return value;
      if (option.choices?.includes(text)) return text;
      throw bad(key, value, `one of ${option.choices?.join(', ')}`);
    case 'text':
      return value;
  }
}

/** The command as people read it in the log; it is never run from there. */
export function commandText(
  preset: Preset,
  assignments: Readonly<Record<string, string>>,
  position?: number,
): string {
  const place = position === undefined ? [] : ['--queue-position', String(position)];
  const settings = Object.entries(assignments).map(([key, value]) => `${key}=${value}`);
  return [...preset.argv, '--launcher', 'queued', ...place, ...settings].map(quoted).join(' ');
}

function checkNumber(key: string, { type, min, max }: PresetOption, text: string): string {
  const value = Number(text);
  const range = [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` to ${max}`].join('');
  const accepted = `${type === 'integer' ? 'a whole number' : 'a number'}${range}`;
  const isOfType =
    text !== '' && Number.isFinite(value) && (type === 'number' || Number.isSafeInteger(value));
  const isInRange = value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
  const isPlain = (type === 'integer' ? INTEGER : NUMBER).test(text);
  if (isPlain && isOfType && isInRange) return withLeadingZero(text);
  if (isOfType && !isPlain) throw bad(key, text, `${accepted}, in plain digits`);
  throw bad(key, text, accepted);
}

/** YAML 1.1 takes `-.5` for a text, and `.5` for a number. */
function withLeadingZero(text: string): string {
  return text.replace(/^([-+]?)\./, '$10.');
}

/** A key beyond the declared: allowed, and no way around the range of a declared one (`optim={lr: 9}` for `optim.lr`). */
function checkExtra(preset: Preset, key: string): void {
  if (!preset.allowExtra.includes(key) && !preset.allowExtra.includes('*')) throw unknownKey(preset, key);
  const within = Object.keys(preset.options).find((declared) => declared.startsWith(`${key}.`));
  if (within === undefined) return;
  throw new BotError(
    'bad-assignment',
    `${key} would set ${within} too, which is declared.`,
    `Give ${within}=… itself. Nothing was launched.`,
  );
}

function unknownKey(preset: Preset, key: string): BotError {
  const declared = Object.keys(preset.options);
  const [close] = nearest(key, declared, 1);
  const known =
    close === undefined
      ? 'It declares no options.'
      : `Did you mean ${close}? It declares: ${declared.join(', ')}.`;
  return new BotError(
    'bad-assignment',
    `The preset ${preset.name} has no option ${key.slice(0, 60)}.`,
    `${known} Nothing was launched.`,
  );
}

function bad(key: string, given: string, accepted: string): BotError {
  return new BotError(
    'bad-assignment',
    `${key} is "${given.slice(0, 60)}"; accepted is ${accepted}.`,
    'Nothing was launched.',
  );
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
