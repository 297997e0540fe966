import { clip } from '../../src/core/clip.ts';
import type { CommandPart } from '../../src/core/command-parts.ts';
import { BotError } from '../../src/core/errors.ts';
import { closest } from '../../src/core/nearest.ts';
import type { OptionSpec } from '../../src/core/options.ts';
import { type EXTRAS, extrasOf, propertyName } from './schema.ts';
import { moreName } from './settings-schema.ts';

/** Options in words, as every adapter gives them; what is `key=value` apart. */
export interface CallOptions {
  options: Record<string, string>;
  assignments: Record<string, string>;
}

/** A tool call in the bot's words, and what its answer is to have besides words. */
export interface Call extends CallOptions {
  extras: ReadonlySet<keyof typeof EXTRAS>;
}

/**
 * A tool call's arguments as options in words. What it does not take, or what has the wrong shape, is an error `bad-option`;
 * the rest the bot checks. `null` is nothing: strict models give it for whatever they leave out.
 */
export function callOf(part: CommandPart, given: Readonly<Record<string, unknown>>): Call {
  const options = new Map(Object.entries(part.fixed));
  const assignments = new Map<string, string>();
  const extras = new Set<keyof typeof EXTRAS>();
  for (const [property, sent] of Object.entries(given)) {
    if (sent === null || sent === undefined) continue;
    const extra = extrasOf(part).find((each) => each === property);
    const [name, spec] = optionOf(part, property) ?? [];
    const value = spec?.type === 'assignments' || spec?.type === 'jobs' ? unpacked(sent) : sent;
    if (spec?.type === 'assignments') {
      if (typeof value === 'string') options.set(name!, value);
      else for (const [key, each] of settingsOf(property, value)) assignments.set(key, each);
    } else if (spec?.type === 'jobs' && Array.isArray(value)) {
      options.set(name!, value.map((each) => word(property, each)).join(' '));
    } else if (spec) {
      if (spec.type === 'choice') mustBeOneOf(property, value, spec.choices);
      options.set(name!, word(property, value));
    } else if (extra) {
      if (isYes(property, value)) extras.add(extra);
    } else {
      throw unknown(property, part);
    }
  }
  return { options: Object.fromEntries(options), assignments: Object.fromEntries(assignments), extras };
}

/** The option that a property stands for. */
function optionOf({ options }: CommandPart, property: string): [string, OptionSpec] | undefined {
  if (Object.hasOwn(options, property)) return [property, options[property]!];
  return Object.entries(options).find(([name, { type }]) =>
    type === 'assignments' ? property === moreName(name) : property === propertyName(name),
  );
}

/** Models that are given no more than "object" or "array" often send one as JSON in a text. */
function unpacked(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** `{key: value}`, or `["key=value"]`. */
function settingsOf(property: string, value: unknown): [string, string][] {
  if (!Array.isArray(value)) {
    if (typeof value !== 'object') throw bad(property, value, 'settings by name, or a list of "key=value"');
    return Object.entries(value as object).flatMap(([key, each]): [string, string][] =>
      each === null ? [] : [[key, word(`${property}.${key}`, each)]],
    );
  }
  return value.map((each): [string, string] => {
    const cut = typeof each === 'string' ? each.indexOf('=') : -1;
    if (cut < 1) throw bad(property, each, 'each as "key=value"');
    return [each.slice(0, cut).trim(), each.slice(cut + 1)];
  });
}

function word(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw bad(name, value, 'a text, a number, true or false');
}

/** The bot knows more words for some: those that another tool is for. */
function mustBeOneOf(name: string, value: unknown, choices: readonly string[]): void {
  const given = typeof value === 'string' ? value.toLowerCase() : value;
  if (given !== '' && !choices.some((choice) => choice === given))
    throw bad(name, value, `one of ${choices.join(', ')}`);
}

function isYes(name: string, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw bad(name, value, 'true or false');
}

function bad(name: string, value: unknown, accepted: string): BotError {
  return new BotError(
    'bad-option',
    `${name} is ${clip(JSON.stringify(value) ?? 'nothing', 60)}; accepted: ${accepted}.`,
    'Nothing was changed.',
    name,
  );
}

function unknown(property: string, part: CommandPart): BotError {
  const names = [...Object.keys(part.options).map(propertyName), ...extrasOf(part)];
  const near = closest(property.slice(0, 60), names);
  return new BotError(
    'bad-option',
    `There is no option ${clip(property, 60)}.`,
    `${near ? `Did you mean ${near}? ` : ''}${part.name} takes: ${names.join(', ') || 'nothing'}.`,
    property,
  );
}
