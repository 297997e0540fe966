import { waitingMessage } from '../cards/proposal.ts';
import type { Proposed } from '../chat/invoke.ts';
import type { Reply } from '../core/adapter.ts';
import { isoSeconds } from '../core/time.ts';
import { detailsOf, pinOptions } from './pin.ts';
import type { Approvals } from './service.ts';

/** Pins what an agent asked for and hands it to those who decide; the answer to the agent. */
export function createPropose(approvals: Pick<Approvals, 'propose'>): (asked: Proposed) => Promise<Reply> {
  return async ({ run, context, experiments, job, session, question }) => {
    const { request, command, raw } = run;
    const { person, adapter, channel } = request;
    const options = await pinOptions(command, run.values as Record<string, unknown>, raw, context, question);
    const { proposal, isTold } = approvals.propose({
      agent: { id: person.id, name: person.name },
      adapter,
      channel,
      command: command.name,
      options,
      session,
      question: question?.question ?? null,
      details: detailsOf(command.options, options, experiments),
      job,
    });
    const { id, state, expiresAt } = proposal;
    const data = { state, proposal: id, until: isoSeconds(expiresAt), told: isTold };
    const message = waitingMessage(proposal, isTold);
    return { message, visibility: 'private', ok: true, final: true, data };
  };
}
