import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { commandNamed } from '../../src/core/command-names.ts';
import { type CommandPart, isProposed, partsOf, wholeOf } from '../../src/core/command-parts.ts';
import { inWords } from '../../src/core/options.ts';
import type { Preset } from '../../src/core/preset.ts';
import { inputSchema } from './schema.ts';

/** A command, or what of it reads or changes something, as a tool; `presets` are what an option for one accepts. */
export function toolOf(part: CommandPart, presets: readonly Preset[]): Tool {
  const proposes = isProposed(part);
  return {
    name: part.name,
    title: part.title ?? inWords(part.name),
    description: `${part.summary}.${proposes ? ' Proposes it; an operator decides.' : ''}`,
    inputSchema: inputSchema(part, presets),
    annotations: {
      readOnlyHint: !part.changes,
      // A proposal takes nothing away: whoever approves it does.
      destructiveHint: part.changes && !proposes && part.destroys === true,
      // Of what only reads it says nothing (MCP, ToolAnnotations).
      ...(part.changes ? { idempotentHint: part.repeatable === true } : {}),
      openWorldHint: false,
    },
  };
}

/**
 * What a tool of that name does. A command whose reading and changing are tools of their own goes on to be understood by its name,
 * as whoever learnt it before gives it.
 */
export function partNamed(name: string, commands: readonly CommandDeclaration[]): CommandPart | undefined {
  const part = commands.flatMap(partsOf).find((each) => each.name === name);
  if (part) return part;
  const command = commandNamed(name, commands);
  return command && wholeOf(command);
}
