import { decisionPost } from '../src/cards/proposal.ts';
import { defineCommand } from '../src/core/command.ts';
import { WAITING_PROPOSAL } from './waiting-proposal.ts';

export const deny = defineCommand({
  name: 'deny',
  group: 'Coding agents',
  summary: 'Refuse what an agent proposed',
  examples: ['deny 3', 'deny 3 that was tried in job-0000006'],
  options: {
    proposal: { ...WAITING_PROPOSAL, settled: true },
    reason: {
      type: 'text',
      rest: true,
      multiline: true,
      label: 'Why',
      description: 'why, for the agent and the team',
    },
  },
  services: ['approvals'],
  role: 'operator',
  // Everyone who saw the question is told, in the place where it was asked.
  visibility: 'private',
  changes: true,
  agents: 'never',
  run: async ({ proposal, reason }, { caller: { person }, services: { approvals } }) =>
    approvals.deny(proposal, person, reason ?? null),
  view: decisionPost,
});
