import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { noPreset } from '../core/no-preset.ts';
import type { Preset, PresetOption } from '../core/preset.ts';
import type { Queue } from '../core/queue.ts';
import { settingField } from '../core/setting-fields.ts';
import { scalarOf } from '../core/yaml-scalar.ts';
import { checkAssignment, checkTyped } from '../queue/assignments.ts';
import { acceptedNumbers, numberWithin } from './numbers.ts';
import { checkUndeclared, undeclaredScalar } from './undeclared.ts';

/** The preset of that name. Error `unknown-preset`, naming the nearest. */
export function findPreset(presets: readonly Preset[], name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found) return found;
  const names = presets.map((preset) => preset.name);
  const [close] = nearest(name.slice(0, 60), names, 1);
  if (close === undefined) throw noPreset();
  throw new BotError(
    'unknown-preset',
    `There is no preset "${clip(name, 60)}".`,
    names.length === 1
      ? `Did you mean ${close}? It is the only preset.`
      : `Did you mean ${close}? The presets are: ${names.join(', ')}.`,
    'preset',
  );
}

/** The assignments of a launch in the order declared, defaults filled in. Error `bad-assignment` names the key, what was given and what is accepted. */
export function checkAssignments(
  preset: Preset,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [key, value] of Object.entries(given)) {
    checkTyped(key, value);
    if (!Object.hasOwn(preset.options, key)) checkExtra(preset, key, given);
  }
  // A map, since a setting may be called `constructor` or `__proto__`, which mean something else in an object.
  const assignments = new Map<string, string>();
  for (const [key, option] of Object.entries(preset.options)) {
    const value = Object.hasOwn(given, key) ? given[key] : option.default;
    if (value !== undefined) assignments.set(key, checkOption(key, option, value));
  }
  for (const [key, value] of Object.entries(given)) if (!assignments.has(key)) assignments.set(key, value);
  const checked = Object.fromEntries(assignments);
  for (const [key, scalar] of Object.entries(passedOn(preset, checked))) checkAssignment(key, scalar);
  return checked;
}

/** The assignments of a launch as xax is given them: each value a YAML scalar that it reads as what was typed. */
export function passedOn(
  { options }: Preset,
  assignments: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(assignments).map(([key, value]) => {
      const type = Object.hasOwn(options, key) ? options[key]!.type : undefined;
      if (type === undefined) return [key, undeclaredScalar(value)];
      return [key, type === 'text' || type === 'choice' ? scalarOf(value) : value];
    }),
  );
}

/**
 * A value in the text that is passed on. Numbers stay as they were written where xax reads them as we do; other
 * spellings are refused. Error `bad-assignment`.
 */
export function checkOption(key: string, option: PresetOption, value: string): string {
  const text = value.trim();
  switch (option.type) {
    case 'number':
    case 'integer': {
      const number = numberWithin(option, text);
      if (number === null) throw bad(key, text, acceptedNumbers(option, text));
      return number;
    }
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

/** The command as people read it in the log, and may paste it into a shell; it is never run from there. */
export function commandText(
  preset: Preset,
  assignments: Readonly<Record<string, string>>,
  position?: number,
  queue?: Pick<Queue, 'commandFor'>,
): string {
  const place = position === undefined ? [] : ['--queue-position', String(position)];
  const settings = Object.entries(passedOn(preset, assignments)).map(([key, scalar]) =>
    // Quotes for YAML within quotes for the shell are easiest to read so, where nothing means more to the shell.
    /^'[^"$`\\!]*'$/.test(scalar) ? `${key}="${scalar}"` : quoted(`${key}=${scalar}`),
  );
  if (queue?.commandFor)
    return queue.commandFor([...preset.argv.map(quoted), ...settings].join(' '), preset.slurm);
  return [...[...preset.argv, '--launcher', 'queued', ...place].map(quoted), ...settings].join(' ');
}

/** A key beyond the declared: allowed, no way around a declared one (`optim={lr: 9}` for `optim.lr`), and a plain value. */
function checkExtra(preset: Preset, key: string, given: Readonly<Record<string, string>>): void {
  if (!preset.allowExtra.includes(key) && !preset.allowExtra.includes('*')) throw unknownKey(preset, key);
  const overlap = overlapOf(key, Object.keys(preset.options)) ?? overlapOf(key, Object.keys(given));
  if (overlap !== undefined) {
    const isDeclared = Object.hasOwn(preset.options, overlap);
    throw new BotError(
      'bad-assignment',
      `${clip(key, 60)} would set ${clip(overlap, 60)} too, which is ${isDeclared ? 'declared' : 'given as well'}.`,
      `Give ${isDeclared ? `${overlap}=… itself` : 'one of them'}. Nothing was launched.`,
      settingField(key),
    );
  }
  checkUndeclared(key, given[key]!);
}

/** The key among others that holds this one, or lies within it. */
export function overlapOf(key: string, others: readonly string[]): string | undefined {
  return others.find((other) => other.startsWith(`${key}.`) || key.startsWith(`${other}.`));
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
    `The preset ${preset.name} has no option ${clip(key, 60)}.`,
    `${known} Nothing was launched.`,
    settingField(key),
  );
}

function bad(key: string, given: string, accepted: string): BotError {
  return new BotError(
    'bad-assignment',
    `${key} is "${clip(given, 60)}"; accepted: ${accepted}.`,
    'Nothing was launched.',
    settingField(key),
  );
}

function quoted(word: string): string {
  // A home is left to the shell.
  return /^(~\w*(?=\/|$))?[\w@%+=:,./-]*$/.test(word) && word !== ''
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}
