import type { Block, Message, Text, Tone } from '../core/message.ts';
import type { Proposal, ProposalState } from '../core/proposal.ts';
import { isSecretName, MASK, maskSecrets } from '../core/secrets.ts';
import { durationText } from '../core/time.ts';

const TONES: Record<ProposalState, Tone> = {
  waiting: 'warning',
  running: 'active',
  done: 'good',
  refused: 'warning',
  failed: 'bad',
  interrupted: 'bad',
  denied: 'neutral',
  expired: 'neutral',
};

/** Asks for a decision: exactly what would run, until when, and the buttons. `question`: what the command itself asks. */
export function proposalPost(proposal: Proposal, question: Message | undefined): Message {
  const { id, agent, expiresAt, proposedAt } = proposal;
  const options = { proposal: String(id) };
  return {
    tone: TONES.waiting,
    blocks: [
      {
        kind: 'text',
        text: [{ bold: `${agent.name} proposes` }, ' ', { code: proposal.command }, ` (proposal ${id})`],
      },
      ...optionFields(proposal),
      ...(question?.blocks ?? []),
      {
        kind: 'text',
        text: [
          `An operator decides. Silence is a denial after ${durationText(expiresAt - proposedAt)}, at `,
          { time: expiresAt, style: 'datetime' },
          '.',
        ],
      },
      {
        kind: 'buttons',
        buttons: [
          { label: 'Approve', command: 'approve', options, style: 'primary' },
          { label: 'Deny', command: 'deny', options, style: 'danger' },
          { label: 'Deny with a reason', command: 'deny', options, form: true },
        ],
      },
    ],
  };
}

/** What an agent is answered that wants something changed. */
export function waitingMessage({ id, command, expiresAt }: Proposal): Message {
  return {
    tone: TONES.waiting,
    blocks: [
      {
        kind: 'text',
        text: [
          { bold: `Proposal ${id}` },
          ', ',
          { code: command },
          ', waits for an operator until ',
          { time: expiresAt, style: 'datetime' },
          '. ',
          { code: `proposals ${id}` },
          ' says what became of it.',
        ],
      },
    ],
  };
}

/** What became of a proposal, for everybody who saw it asked. */
export function decisionPost(proposal: Proposal): Message {
  const { id, agent, state } = proposal;
  const text: Text = [
    { bold: `Proposal ${id}` },
    ` of ${agent.name}, `,
    { code: proposal.command },
    `, ${stateWords(proposal)}.`,
  ];
  return { tone: TONES[state], blocks: [{ kind: 'text', text }, ...(proposal.outcome?.blocks ?? [])] };
}

/** A proposal as whoever asks for it sees it: what it is, and what became of it. */
export function proposalView(proposal: Proposal): Message {
  const { blocks, tone } = decisionPost(proposal);
  return { ...(tone ? { tone } : {}), blocks: [blocks[0]!, ...optionFields(proposal), ...blocks.slice(1)] };
}

/** What became of a proposal: `was approved by Ada and is done`. */
export function stateWords({ state, decidedBy, reason, proposedAt, expiresAt }: Proposal): string {
  const by = decidedBy ? ` by ${decidedBy.name}` : '';
  const waited = durationText(expiresAt - proposedAt);
  switch (state) {
    case 'waiting':
      return 'waits for an operator';
    case 'running':
      return `was approved${by} and is under way`;
    case 'done':
      return `was approved${by} and is done`;
    case 'refused':
      return `was approved${by}, but could not be done`;
    case 'failed':
      return `was approved${by}, but failed`;
    case 'interrupted':
      return `was approved${by}, but xaxbot ended while it was under way: look at the queue`;
    case 'denied':
      return `was denied${by}${reason === null ? '' : `: ${maskSecrets(reason)}`}`;
    case 'expired':
      return `expired: nobody decided within ${waited}, which is a denial`;
  }
}

/** Each option as it would be passed, nothing shortened but what has the form of a secret. */
function optionFields({ options: { named, assignments } }: Proposal): Block[] {
  const fields = [...Object.entries(named), ...Object.entries(assignments)].map(([name, value]) => ({
    name,
    value: { code: isSecretName(name) ? MASK : maskSecrets(value) },
  }));
  return fields.length === 0 ? [] : [{ kind: 'fields', fields }];
}
