import { decisionPost } from '../src/cards/proposal.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Message } from '../src/core/message.ts';
import type { Proposal } from '../src/core/proposal.ts';
import { WAITING_PROPOSAL } from './waiting-proposal.ts';

type ApproveData = { step: 'running'; message: Message } | { step: 'decided'; proposal: Proposal };

export const approve = defineCommand({
  name: 'approve',
  group: 'Coding agents',
  summary: 'Let an agent do what it proposed',
  examples: ['approve 3'],
  options: { proposal: WAITING_PROPOSAL },
  services: ['approvals'],
  role: 'operator',
  // Everyone who saw the question is told the result, in the place where it was asked.
  visibility: 'private',
  changes: true,
  agents: 'never',
  async run(
    { proposal: id },
    { caller: { person }, reply: { progress }, services: { approvals } },
  ): Promise<ApproveData> {
    const onProgress = (message: Message) => progress({ step: 'running', message });
    return { step: 'decided', proposal: await approvals.approve(id, person, onProgress) };
  },
  view: (data) => (data.step === 'running' ? data.message : decisionPost(data.proposal)),
  succeeded: (data) => data.step === 'decided' && data.proposal.state === 'done',
});
