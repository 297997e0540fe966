import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { CommandPart } from '../../src/core/command-parts.ts';
import type { OptionSpec } from '../../src/core/options.ts';
import type { Preset } from '../../src/core/preset.ts';
import { rangeWords, type Schema, settingsProperties } from './settings-schema.ts';

const A_JOB = '(7, last, lr-003)';

/** What every tool of its kind takes besides the options of its command. */
export const EXTRAS = {
  data: 'JSON too',
  chart: 'the image too',
} as const;

/** Those of the extras that a tool has: what changes something tells its data anyway. */
export function extrasOf({
  changes,
  draws,
}: Pick<CommandPart, 'changes' | 'draws'>): (keyof typeof EXTRAS)[] {
  return [...(changes ? [] : ['data' as const]), ...(draws ? ['chart' as const] : [])];
}

/** A setting's or an option's name as all models accept one: letters, digits and underscores (Gemini API, FunctionDeclaration). */
export function propertyName(name: string): string {
  return name
    .replace(/\W/g, '_')
    .replace(/^(?=\d)/, '_')
    .slice(0, 64);
}

/**
 * What a tool takes, in the part of JSON Schema that every model's API accepts: types, descriptions, choices, items and
 * properties. Ranges and lengths stand in words, and the bot checks all of it.
 */
export function inputSchema(part: CommandPart, presets: readonly Preset[]): Tool['inputSchema'] {
  const entries = Object.entries(part.options);
  const isRun = entries.some(([, { type }]) => type === 'assignments');
  const options = entries.flatMap(([name, spec]): [string, Schema][] =>
    spec.type === 'assignments'
      ? settingsProperties(name, spec, presets)
      : [
          [
            propertyName(name),
            optionSchema(spec, {
              presets: isRun ? presets : presets.map(nameAlone),
              toolWords: part.summary,
            }),
          ],
        ],
  );
  const extras = extrasOf(part).map((name): [string, Schema] => [
    name,
    { type: 'boolean', description: EXTRAS[name] },
  ]);
  const required = entries.filter(([, spec]) => spec.required).map(([name]) => propertyName(name));
  return {
    type: 'object',
    properties: Object.fromEntries([...options, ...extras]),
    ...(required.length > 0 ? { required } : {}),
  };
}

function optionSchema(
  spec: Exclude<OptionSpec, { type: 'assignments' }>,
  { presets, toolWords }: { presets: readonly Preset[]; toolWords: string },
): Schema {
  const { description } = spec;
  switch (spec.type) {
    case 'integer':
    case 'number':
      return { type: spec.type, description: description + rangeWords(spec) };
    case 'boolean':
      return { type: 'boolean', description };
    case 'choice':
      // An empty list of choices is refused by some, and would mean nothing.
      return {
        type: 'string',
        ...(spec.choices.length > 0 ? { enum: [...spec.choices] } : {}),
        description: withChoices(description, spec.choices, toolWords),
      };
    case 'job':
      return { type: 'string', description: `${description} ${A_JOB}` };
    case 'jobs':
      return {
        type: 'array',
        items: { type: 'string' },
        description: `${description}; up to ${spec.max} ${A_JOB}`,
      };
    case 'preset':
      return { type: 'string', description: withPresets(description, presets) };
    case 'text':
    case 'experiment':
    case 'tag':
      return { type: 'string', description };
  }
}

/** Some clients hand on no choices (mcp-use 1.7.1), so that words name them all, the tool's or the option's. */
function withChoices(description: string, choices: readonly string[], toolWords: string): string {
  const named = new Set(`${toolWords} ${description}`.split(/[^\w-]+/));
  return choices.every((choice) => named.has(choice)) ? description : `${description}: ${choices.join(', ')}`;
}

/** The presets' names, without binding anybody to them: they may have changed when the bot is restarted. */
function withPresets(description: string, presets: readonly Preset[]): string {
  const named = presets.map((preset) =>
    [preset.name, preset.description].filter((text) => text !== '').join(': '),
  );
  return [description, ...named].join('; ');
}

/** What a preset is for is told where one is run. */
function nameAlone(preset: Preset): Preset {
  return { ...preset, description: '' };
}
