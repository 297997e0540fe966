import type { CommandDeclaration } from '../../src/core/command-declaration.ts';

/** A flag of the commands of the chat that only a terminal has. */
export interface TerminalFlag {
  description: string;
  short?: string;
  /** What stands for its value; absent: it takes none. */
  value?: { name: string };
  /** Which commands take it; absent: all. */
  of?: Takers;
}

/** Some commands, and how they are called together. */
interface Takers {
  words: string;
  has(command: CommandDeclaration): boolean;
}

const READING: Takers = { words: 'Each that only reads', has: ({ changes }) => !changes };
const OF_LOGS: Takers = { words: 'logs', has: ({ name }) => name === 'logs' };

export const TERMINAL_FLAGS = {
  json: { description: 'print the data as JSON' },
  yes: { short: 'y', description: 'confirm what would be asked' },
  watch: {
    short: 'w',
    description: 'show it anew whenever something changes, until Ctrl+C; --watch=10: every 10 seconds',
    of: READING,
  },
  interval: {
    short: 'n',
    value: { name: 'SECONDS' },
    description: 'with --watch: how often it is shown anew at least',
    of: READING,
  },
  follow: {
    short: 'f',
    description: 'go on as the log grows, until the job has ended',
    of: OF_LOGS,
  },
  'no-pager': { description: 'do not page what is longer than the screen' },
} as const satisfies Record<string, TerminalFlag>;

type Flags = Readonly<Record<string, TerminalFlag>>;

const ALL: Flags = TERMINAL_FLAGS;

/** Those that a command takes; all where it is not known. */
export function terminalFlags(command: CommandDeclaration | undefined): Flags {
  return Object.fromEntries(
    Object.entries(ALL).filter(([, { of }]) => command === undefined || (of?.has(command) ?? true)),
  );
}

/** All of them by who takes them, in words: every command first. */
export function terminalFlagGroups(): { takers: string; flags: Flags }[] {
  const groups = Map.groupBy(Object.entries(ALL), ([, { of }]) => of?.words ?? 'Each COMMAND');
  return [...groups].map(([takers, flags]) => ({ takers, flags: Object.fromEntries(flags) }));
}
