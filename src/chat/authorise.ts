import type { CommandDeclaration } from '../core/command-declaration.ts';
import { BotError } from '../core/errors.ts';
import { allows, type Person, RESERVED_COMMANDS } from '../core/person.ts';

/** What happens to a requested command: it is run, or proposed to those who may run it. */
export type Ruling = 'run' | 'propose';

/** The error code for a missing role. */
export const NOT_ALLOWED = 'not-allowed';

/**
 * Whether someone may run a command, or, as an agent, propose it. `mayPropose`: what the settings let agents propose
 * among the commands they may not use. Errors `not-allowed`, `not-for-agents`.
 */
export function authorise(
  person: Person,
  command: CommandDeclaration,
  mayPropose: readonly string[],
): Ruling {
  const { name, role: needed, agents } = command;
  const isAgent = person.role === 'agent';
  if (isAgent && !isForAgents(command, mayPropose)) {
    const isReserved = agents !== 'never';
    throw new BotError(
      'not-for-agents',
      `${name} is not for agents.`,
      isReserved
        ? 'An admin can let agents propose it under agents: may_propose in xaxbot.yaml.'
        : 'Ask a person to do it.',
    );
  }
  if (allows(person.role, needed) || (isAgent && agents === 'directly')) return 'run';
  if (isAgent && command.changes) return 'propose';
  if (person.isElsewhere) {
    throw new BotError(
      NOT_ALLOWED,
      'This channel is not among those of the settings, so only "help" is answered here.',
      'Ask in one that is; an admin can add this one under channels: in xaxbot.yaml.',
    );
  }
  const have = person.role === null ? 'you have no role' : `your role is ${person.role}`;
  throw new BotError(
    NOT_ALLOWED,
    `${name} needs the role ${needed}; ${have}.`,
    'An admin can change that under people: in xaxbot.yaml.',
  );
}

/** Whether agents may give a command at all. */
export function isForAgents({ name, agents }: CommandDeclaration, mayPropose: readonly string[]): boolean {
  if (agents === 'never') return false;
  const isReserved = (RESERVED_COMMANDS as readonly string[]).includes(name);
  return !isReserved || mayPropose.includes(name);
}
