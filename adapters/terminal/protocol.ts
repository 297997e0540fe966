import type { Reply } from '../../src/core/adapter.ts';

/** The socket's name below the data folder. */
export const SOCKET_NAME = 'xaxbot.sock';

/** What the terminal asks of a running bot: a command's words as the shell split them. */
export interface TerminalRequest {
  argv: string[];
  /** `--yes`: confirms in the same breath. */
  yes: boolean;
}

/** One line of the answer. */
export type TerminalAnswer = { reply: Reply };
