/** Words after `xaxbot` that are no commands of the chat, in the order of help; what each does is in subcommands.ts. */
export const SUBCOMMAND_NAMES = [
  'start',
  'demo',
  'init',
  'doctor',
  'mcp',
  'run',
  'web-link',
  'service',
  'restore',
  'completion',
] as const;

export type SubcommandName = (typeof SUBCOMMAND_NAMES)[number];

export function isSubcommand(word: string | undefined): word is SubcommandName {
  return SUBCOMMAND_NAMES.some((name) => name === word);
}
