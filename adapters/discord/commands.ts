import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandType,
  type RESTPostAPIApplicationCommandsJSONBody,
  ApplicationCommandOptionType as Type,
} from 'discord-api-types/v10';
import { clip } from '../../src/core/clip.ts';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { DEFAULT_MAX_LENGTH, type OptionSpec } from '../../src/core/options.ts';
import { groupsOf, MORE, SLASH_COMMAND } from './groups.ts';
import { COMMAND_DESCRIPTION_MAX, OPTION_TEXT_MAX } from './limits.ts';

/** The command of a message's menu. */
export const SAVE_AS_NOTE = 'Save as note';

/** The commands as Discord declares them: `/xax status`, `/xax queue`, with what each takes. */
export function declarations(
  commands: readonly CommandDeclaration[],
): RESTPostAPIApplicationCommandsJSONBody[] {
  const slash = groupsOf(commands).map(
    ({ name, under }): RESTPostAPIApplicationCommandsJSONBody => ({
      type: ApplicationCommandType.ChatInput,
      name,
      description: 'The training queue',
      options: under.map(subcommandOf),
    }),
  );
  return [...slash, { type: ApplicationCommandType.Message, name: SAVE_AS_NOTE }];
}

/** Whether a slash command is one of ours. */
export function isOurs(name: string): boolean {
  return name === SLASH_COMMAND || name.startsWith(MORE);
}

/** Whether Discord has these declarations already; it adds fields of its own to what it was given. */
export function isDeclared(ours: unknown, theirs: unknown): boolean {
  if (Array.isArray(ours))
    return (
      Array.isArray(theirs) &&
      ours.length === theirs.length &&
      ours.every((each, index) => isDeclared(each, theirs[index]))
    );
  if (typeof ours !== 'object' || ours === null)
    return ours === theirs || ((ours === false || ours === undefined) && theirs === undefined);
  if (typeof theirs !== 'object' || theirs === null) return false;
  return Object.entries(ours).every(([key, value]) =>
    isDeclared(value, (theirs as Record<string, unknown>)[key]),
  );
}

function subcommandOf({ name, summary, options }: CommandDeclaration): APIApplicationCommandSubcommandOption {
  const given = Object.entries(options).map(([option, spec]) => optionOf(option, spec));
  return {
    type: Type.Subcommand,
    name,
    description: clip(summary, COMMAND_DESCRIPTION_MAX),
    // Discord wants what is required first. A job is not: in its thread it is known.
    options: [...given.filter(({ required }) => required), ...given.filter(({ required }) => !required)],
  };
}

function optionOf(name: string, spec: OptionSpec): APIApplicationCommandBasicOption {
  const base = {
    name,
    description: clip(spec.description, COMMAND_DESCRIPTION_MAX),
    required: spec.required === true && spec.type !== 'job' && spec.type !== 'jobs',
  };
  switch (spec.type) {
    case 'boolean':
      return { ...base, type: Type.Boolean };
    case 'integer':
      return {
        ...base,
        type: Type.Integer,
        ...bounds(spec),
        ...(spec.proposals ? { autocomplete: true } : {}),
      };
    case 'number':
      return { ...base, type: Type.Number, ...bounds(spec) };
    case 'choice':
      return { ...base, type: Type.String, choices: spec.choices.map((value) => ({ name: value, value })) };
    case 'text':
      return {
        ...base,
        type: Type.String,
        max_length: Math.min(OPTION_TEXT_MAX, spec.maxLength ?? DEFAULT_MAX_LENGTH),
      };
    // Several in one text: what Discord completes would take the place of all of them.
    case 'jobs':
      return { ...base, type: Type.String };
    default:
      return { ...base, type: Type.String, autocomplete: true };
  }
}

function bounds({ min, max }: { min?: number; max?: number }) {
  return {
    ...(min === undefined ? {} : { min_value: min }),
    ...(max === undefined ? {} : { max_value: max }),
  };
}
