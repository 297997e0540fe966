import { clip } from '../../src/core/clip.ts';
import { BotError } from '../../src/core/errors.ts';
import { type OptionSpecs, specOf } from '../../src/core/options.ts';

/** Options in words, as every adapter gives them; what is `key=value` apart. */
export interface CallOptions {
  options: Record<string, string>;
  assignments: Record<string, string>;
}

/** A tool call's arguments as options in words. What has the wrong shape is an error `bad-option`; the rest the bot checks. */
export function callOptions(specs: OptionSpecs, given: Readonly<Record<string, unknown>>): CallOptions {
  const options = new Map<string, string>();
  const assignments = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    const spec = specOf(specs, name);
    if (spec?.type === 'assignments' && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, each] of Object.entries(value)) assignments.set(key, word(`${name}.${key}`, each));
    } else if (spec?.type === 'jobs' && Array.isArray(value)) {
      options.set(name, value.map((each) => word(name, each)).join(' '));
    } else {
      options.set(name, word(name, value));
    }
  }
  return { options: Object.fromEntries(options), assignments: Object.fromEntries(assignments) };
}

function word(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new BotError(
    'bad-option',
    `${name} is ${clip(JSON.stringify(value) ?? 'nothing', 60)}; accepted: a text, a number, true or false.`,
    'Nothing was changed.',
    name,
  );
}
