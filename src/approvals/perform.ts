import type { ContextOf, Run } from '../chat/context.ts';
import type { Meant } from '../chat/launch-reference.ts';
import type { Runner } from '../chat/runner.ts';
import { parseValues } from '../chat/values.ts';
import type { Reply } from '../core/adapter.ts';
import type { Command } from '../core/command.ts';
import { commandNamed } from '../core/command-names.ts';
import { BotError } from '../core/errors.ts';
import type { Message } from '../core/message.ts';
import type { Person } from '../core/person.ts';
import type { Proposal } from '../core/proposal.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';

/** Runs what was proposed; `by` has approved it. Throws what the command throws. */
export type Perform = (
  proposal: Proposal,
  by: Person,
  onProgress: (message: Message) => void,
) => Promise<Reply>;

/**
 * Runs a proposal with the options that were approved, read and checked again: in the session that it was made for, in the
 * agent's name, with the right of whoever approved it. A question that the command would ask was answered by the approval.
 */
export function createPerform(deps: {
  commands: readonly Command[];
  contextOf: ContextOf;
  run: Runner;
  meant: Pick<Meant, 'named'>;
  /** The experiments of a session; undefined when there is none of that name. */
  experimentsOf(session: string): ExperimentsService | undefined;
  /** Error `not-allowed` for who may not run a command with these options. */
  mustBeAllowed(by: Person, command: Command, values: Readonly<Record<string, unknown>>): void;
}): Perform {
  return async function perform(proposal, by, onProgress) {
    const command = commandNamed(proposal.command, deps.commands);
    if (!command)
      throw new BotError('unknown-command', `The command "${proposal.command}" no longer exists.`);
    const { agent, adapter, channel, options: raw } = proposal;
    const values = parseValues(command.options, raw, {
      inJobThread: false,
      job: (reference, which) => deps.meant.named(reference ?? '', undefined, which),
    });
    deps.mustBeAllowed(by, command, values as Record<string, unknown>);
    const { id, name } = agent;
    const request = { person: { ...by, id, name }, adapter, channel };
    const experiments = proposal.session === null ? undefined : deps.experimentsOf(proposal.session);
    const asked: Run = {
      request,
      command,
      values,
      raw,
      experiments,
      threadJob: undefined,
      approvedBy: by,
    };
    let last: Reply | undefined;
    const hear = async (reply: Reply) => {
      last = reply;
      if (!reply.final) onProgress(reply.message);
    };
    await deps.run(asked, deps.contextOf(asked, hear), hear);
    return last!;
  };
}
