import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { DEFAULT_MAX_LENGTH, type OptionSpec, type OptionSpecs } from '../../src/core/options.ts';
import { acceptedWords, type Preset } from '../../src/core/preset.ts';

type InputSchema = Tool['inputSchema'];

const A_JOB = "job-0000007, 7, last, running, or an experiment's id";

/** A command's declared options as JSON Schema. The bot checks them again: a schema cannot say all of it. */
export function inputSchema(specs: OptionSpecs, presets: readonly Preset[]): InputSchema {
  const entries = Object.entries(specs);
  const required = entries.filter(([, spec]) => spec.required).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, spec]) => [name, optionSchema(spec, presets)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

function optionSchema(spec: OptionSpec, presets: readonly Preset[]): Record<string, unknown> & object {
  const { description } = spec;
  switch (spec.type) {
    case 'text':
      return { type: 'string', maxLength: spec.maxLength ?? DEFAULT_MAX_LENGTH, description };
    case 'integer':
    case 'number': {
      const { type, min, max } = spec;
      return {
        type,
        description,
        ...(min === undefined ? {} : { minimum: min }),
        ...(max === undefined ? {} : { maximum: max }),
      };
    }
    case 'boolean':
      return { type: 'boolean', description };
    case 'choice':
      return { type: 'string', enum: [...spec.choices], description };
    case 'job':
      return { type: 'string', description: `${description} (${A_JOB})` };
    case 'jobs':
      return {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        maxItems: spec.max,
        description: `${description} (each ${A_JOB})`,
      };
    case 'preset':
      return { type: 'string', description: withPresets(description, presets) };
    case 'assignments':
      return {
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
        description: withSettings(description, presets),
      };
    case 'experiment':
    case 'tag':
      return { type: 'string', maxLength: DEFAULT_MAX_LENGTH, description };
  }
}

/** The presets' names, without binding anybody to them: they may have changed when the bot is restarted. */
function withPresets(description: string, presets: readonly Preset[]): string {
  const named = presets.map((preset) =>
    [preset.name, preset.description].filter((text) => text !== '').join(': '),
  );
  return [description, ...named].join('; ');
}

function withSettings(description: string, presets: readonly Preset[]): string {
  const settings = presets.map(({ name, options, allowExtra }) => {
    const declared = Object.entries(options).map(([key, option]) => `${key} (${acceptedWords(option)})`);
    return `${name} takes ${[...declared, ...allowExtra].join(', ') || 'none'}`;
  });
  return [description, ...settings].join('; ');
}
