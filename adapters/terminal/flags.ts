import type { CommandDeclaration } from '../../src/core/command-declaration.ts';

/** A flag of the commands of the chat that only a terminal has. */
export interface TerminalFlag {
  description: string;
  short?: string;
  /** What stands for its value; absent: it takes none. */
  value?: { name: string };
  /** Which commands take it; absent: all. */
  of?(command: CommandDeclaration): boolean;
}

const reads = ({ changes }: CommandDeclaration) => !changes;

export const TERMINAL_FLAGS = {
  json: { description: 'print the data as JSON' },
  yes: { short: 'y', description: 'confirm what would be asked' },
  watch: {
    short: 'w',
    description: 'show it anew whenever something changes, until Ctrl+C; --watch=10: every 10 seconds',
    of: reads,
  },
  interval: {
    short: 'n',
    value: { name: 'SECONDS' },
    description: 'with --watch: how often it is shown anew at least',
    of: reads,
  },
  follow: {
    short: 'f',
    description: 'go on as the log grows, until the job has ended',
    of: ({ name }: CommandDeclaration) => name === 'logs',
  },
  'no-pager': { description: 'do not page what is longer than the screen' },
} as const satisfies Record<string, TerminalFlag>;

/** Those that a command takes; all where it is not known. */
export function terminalFlags(
  command: CommandDeclaration | undefined,
): Readonly<Record<string, TerminalFlag>> {
  const flags: Readonly<Record<string, TerminalFlag>> = TERMINAL_FLAGS;
  return Object.fromEntries(
    Object.entries(flags).filter(([, { of }]) => command === undefined || (of?.(command) ?? true)),
  );
}
