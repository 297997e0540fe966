import type { Rule } from '../chat/authorise.ts';
import type { Command } from '../core/command.ts';
import { commandNamed } from '../core/command-names.ts';
import { BotError } from '../core/errors.ts';
import type { SessionInfo } from '../core/experiment.ts';
import { allows, type Person } from '../core/person.ts';
import type { Proposal } from '../core/proposal.ts';

/**
 * Whether a proposal may still be approved: its agent may still propose it, and the session that it is for is there and
 * open. One about a job is about that job whatever became of the session. Errors `not-for-agents`, `not-allowed`,
 * `session-gone`, `session-closed`; it waits on, and may be denied.
 */
export function createStanding(deps: {
  commands: readonly Command[];
  rule: Pick<Rule, 'authorise'>;
  personOf(id: string): Person | undefined;
  /** The queues that a proposal is about. */
  queuesOf(command: Command, proposal: Proposal): string[];
  sessionOf(name: string): Pick<SessionInfo, 'closedAt'> | undefined;
}) {
  /** Error `session-closed`, or `session-gone`, for what could not be approved: it would be written to that session. */
  function mustBeOpen(
    { session, job }: Pick<Proposal, 'session' | 'job'>,
    closed: string,
    hint: string,
  ): void {
    if (session === null || job !== null) return;
    const known = deps.sessionOf(session);
    if (!known) throw new BotError('session-gone', `The session ${session} no longer exists.`, hint);
    if (known.closedAt !== null)
      throw new BotError('session-closed', `The session ${session} ${closed}.`, hint);
  }

  function mustStillBe(proposal: Proposal): void {
    const { id, agent, command: name, session, job } = proposal;
    const hint = `Nothing was done; "deny ${id}" dismisses it.`;
    const command = commandNamed(name, deps.commands);
    const person: Person | undefined = deps.personOf(agent.id);
    if (!person || !allows(person.role, 'agent'))
      throw new BotError('not-allowed', `${agent.name} is no longer an agent in xaxbot.yaml.`, hint);
    if (command) deps.rule.authorise(person, command, undefined, deps.queuesOf(command, proposal));
    mustBeOpen({ session, job }, 'was closed since it was proposed', hint);
  }

  return {
    mustStillBe,
    /** Error `session-closed` for a session that is closed already. */
    mayBeMade: (proposal: Pick<Proposal, 'session' | 'job'>) =>
      mustBeOpen(proposal, 'is closed', 'Nothing was proposed.'),
  };
}

export type Standing = ReturnType<typeof createStanding>;
