import type { Reply } from '../../src/core/adapter.ts';

/** The socket's name below the data folder. */
export const SOCKET_NAME = 'xaxbot.sock';

/** What the terminal asks of a running bot: a command's words as the shell split them. */
export interface TerminalRequest {
  argv: string[];
  /** `--yes`: confirms in the same breath. */
  yes: boolean;
}

/** What a coding agent asks: a command with its options by name, in the name of a person of role agent. */
export interface AgentRequest {
  agent: string;
  command: string;
  options: Record<string, string>;
  assignments: Record<string, string>;
}

/** One line of the answer. */
export type TerminalAnswer = { reply: Reply };
