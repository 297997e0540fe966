import { authorise } from '../chat/authorise.ts';
import type { Command } from '../core/command.ts';
import { commandNamed } from '../core/command-names.ts';
import { BotError } from '../core/errors.ts';
import type { SessionInfo } from '../core/experiment.ts';
import { allows, type Person, type Role } from '../core/person.ts';
import type { Proposal } from '../core/proposal.ts';

type Proposed = Pick<Proposal, 'agent' | 'command' | 'session' | 'job'>;

/**
 * Whether a proposal may be made, or still be approved: its agent may propose it, and the session that it is for is there and
 * open. One about a job is about that job whatever became of the session. Errors `not-for-agents`, `not-allowed`,
 * `session-gone`, `session-closed`, each with the hint.
 */
export function createStanding(deps: {
  commands: readonly Command[];
  mayPropose: readonly string[];
  personOf(id: string): { id: string; name: string; role: Role | null } | undefined;
  sessionOf(name: string): Pick<SessionInfo, 'closedAt'> | undefined;
}) {
  return function mustStand({ agent, command: name, session, job }: Proposed, hint: string): void {
    const command = commandNamed(name, deps.commands);
    const person: Person | undefined = deps.personOf(agent.id);
    if (!person || !allows(person.role, 'agent'))
      throw new BotError('not-allowed', `${agent.name} is no longer an agent in xaxbot.yaml.`, hint);
    if (command) authorise(person, command, deps.mayPropose);
    if (session === null || job !== null) return;
    const known = deps.sessionOf(session);
    if (!known) throw new BotError('session-gone', `The session ${session} no longer exists.`, hint);
    if (known.closedAt !== null)
      throw new BotError('session-closed', `The session ${session} is closed.`, hint);
  };
}
