import type { Invocation, Reply } from '../../src/core/adapter.ts';
import type { Person } from '../../src/core/person.ts';
import type { Patience } from '../../src/core/request.ts';

/** The socket's name below the data folder. */
export const SOCKET_NAME = 'xaxbot.sock';

/** The header of an answer that names the bot's IANA zone, in which a terminal shows times. */
export const TIMEZONE_HEADER = 'xaxbot-timezone';

/** What the terminal asks of a running bot. */
export type TerminalRequest =
  /** A command's words as the shell split them; `yes`: `--yes`, which confirms in the same breath. */
  | { argv: string[]; yes: boolean }
  /** Yes to a question that was asked here: to exactly what it named. The token stands in the question's data. */
  | { confirm: string };

/** What a coding agent asks: a command with its options by name, in the name of a person of role agent. */
export interface AgentRequest {
  agent: string;
  command: string;
  options: Record<string, string>;
  assignments: Record<string, string>;
  /** How long it waits for an answer, milliseconds. */
  patience: Omit<Patience, 'gone'>;
}

/** A shell's arguments as they were typed. A bot that cannot read them so answers nothing. */
export interface TypedRequest {
  typed: readonly string[];
}

/** How what was typed wants to be shown: the first line of the answer to it. */
export interface Shown {
  json: boolean;
  pager: boolean;
}

/** One line of the answer. */
export type TerminalAnswer = { reply: Reply } | { shown: Shown };

/**
 * The same as the rest of the house takes it, whether a bot runs or not; `gone` is aborted when the terminal is: it waits as long
 * as it takes. Absent: it is answered at once.
 */
export function invocationOf(request: TerminalRequest, person: Person, gone?: AbortSignal): Invocation {
  const patience = gone && { usualMs: Number.POSITIVE_INFINITY, maxMs: Number.POSITIVE_INFINITY, gone };
  const place = { adapter: 'terminal', channel: 'terminal', person, ...(patience ? { patience } : {}) };
  if ('confirm' in request) return { ...place, input: { kind: 'confirm', token: request.confirm } };
  return { ...place, input: { kind: 'argv', argv: request.argv }, preconfirmed: request.yes };
}
