import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { allows } from '../../src/core/person.ts';
import type { Preset } from '../../src/core/preset.ts';
import { OUTPUT_SCHEMA } from './result.ts';
import { inputSchema } from './schema.ts';

/** A command as a tool of an agent; `presets` are what an option for one accepts. */
export function toolOf(
  { name, summary, role, changes, agents, options }: CommandDeclaration,
  presets: readonly Preset[],
): Tool {
  const isProposed = changes && !allows('agent', role) && agents !== 'directly';
  const isPartly = agents === 'partly';
  const proposes = isProposed
    ? ' Makes a proposal that an operator decides on.'
    : isPartly
      ? ' Its changes may become a proposal that an operator decides on.'
      : '';
  return {
    name,
    description: `${summary}.${proposes}`,
    inputSchema: inputSchema(options, presets),
    outputSchema: OUTPUT_SCHEMA,
    annotations: { readOnlyHint: !changes, destructiveHint: isProposed || isPartly, openWorldHint: false },
  };
}
