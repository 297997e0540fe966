import { proposalView } from '../src/cards/proposal.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Text } from '../src/core/message.ts';
import { type Proposal, unknownProposal } from '../src/core/proposal.ts';
import { PROPOSAL_STATES } from '../src/core/proposal-state.ts';

const LISTED = 20;

type ProposalsData = { one: Proposal } | { list: (Proposal & { jobName?: string })[] };

export const proposals = defineCommand({
  name: 'proposals',
  group: 'Coding agents',
  summary: 'What agents have proposed, and what happened',
  examples: ['proposals', 'proposals 3'],
  options: {
    proposal: {
      type: 'integer',
      min: 1,
      proposals: PROPOSAL_STATES,
      description: "a proposal's number",
    },
  },
  services: ['approvals', 'queues'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ proposal: id }, { services: { approvals, queues } }): Promise<ProposalsData> {
    if (id === undefined)
      return {
        list: approvals
          .list(LISTED)
          .map((each) => (each.job ? { ...each, jobName: queues.nameOf(each.job) } : each)),
      };
    const one = approvals.get(id);
    if (one) return { one };
    throw unknownProposal(id, 'proposal');
  },
  view(data) {
    if ('one' in data) return proposalView(data.one);
    if (data.list.length === 0)
      return { blocks: [{ kind: 'text', text: 'No agent has proposed anything.' }] };
    const rows = data.list.map(({ id, agent, command, jobName, state, decidedBy, proposedAt }): Text[] => [
      { code: String(id) },
      agent.name,
      jobName ? `${command} ${jobName}` : command,
      decidedBy ? `${state}, ${decidedBy.name}` : state,
      { time: proposedAt, style: 'relative' },
    ]);
    return { blocks: [{ kind: 'table', columns: ['proposal', 'of', 'what', 'state', 'proposed'], rows }] };
  },
});
