import type { Block, Inline, Message, PersonId, Text, Tone } from '../core/message.ts';
import type { Proposal } from '../core/proposal.ts';
import type { ProposalState } from '../core/proposal-state.ts';
import { isSecretName } from '../core/secret-names.ts';
import { MASK, maskSecrets } from '../core/secrets.ts';
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

/**
 * A proposal where people decide on it: exactly what would run, until when, and the buttons; once it is decided, the
 * decision in their place.
 */
export function proposalCard(
  proposal: Proposal,
  deciders: readonly { id: PersonId; name: string }[] = [],
): Message {
  const { id, state, question, expiresAt, proposedAt } = proposal;
  const options = { proposal: String(id) };
  const asked: Block[] = [
    { kind: 'text', text: headOf(proposal) },
    ...optionFields(proposal),
    ...(question?.blocks ?? []),
  ];
  if (state !== 'waiting')
    return {
      tone: TONES[state],
      blocks: [...asked, { kind: 'text', text: [{ bold: `It ${stateWords(proposal)}.` }] }],
    };
  return {
    tone: TONES.waiting,
    blocks: [
      ...asked,
      {
        kind: 'text',
        text: [
          'An operator decides',
          ...deciders.flatMap(({ id: person, name }, index): Inline[] => [
            index === 0 ? ': ' : ', ',
            { mention: person, name, ping: { kind: 'approvals' } },
          ]),
          `. If nobody has within ${durationText(expiresAt - proposedAt)}, by `,
          { time: expiresAt, style: 'datetime' },
          ', it is denied.',
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

function headOf({ id, agent, command }: Proposal): Inline[] {
  return [{ bold: `${agent.name} proposes` }, ' ', { code: command }, ` (proposal ${id})`];
}

/** In the channel, where a thread's messages may go unseen. */
export function proposalPointer(proposal: Proposal): Message {
  const { id, session } = proposal;
  const where = session === null ? '' : `, in the thread of the session ${session}`;
  const text = [
    ...headOf(proposal),
    `${where}: `,
    { command: `approve ${id}` },
    ' or ',
    { command: `deny ${id}` },
    '.',
  ];
  return { tone: TONES.waiting, blocks: [{ kind: 'text', text }] };
}

/** The answer to an agent that proposes a change. `isTold`: the proposal is in a chat, where people see it. */
export function waitingMessage({ id, command, expiresAt }: Proposal, isTold: boolean): Message {
  const untold: Block = {
    kind: 'text',
    text: [
      'There is no channel to ask in, so nobody was notified. Someone must decide in a terminal on the host, with ',
      { code: `xaxbot approve ${id}` },
      ' or ',
      { code: `xaxbot deny ${id}` },
      '.',
    ],
  };
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
          { command: `proposals ${id}` },
          ' shows its state, ',
          { command: `wait proposal=${id}` },
          ' waits for it.',
        ],
      },
      ...(isTold ? [] : [untold]),
    ],
  };
}

/** The result of a proposal, for everyone who saw it. */
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

/** A proposal as its reader sees it: what it is, and its state. */
export function proposalView(proposal: Proposal): Message {
  const { blocks, tone } = decisionPost(proposal);
  return { ...(tone ? { tone } : {}), blocks: [blocks[0]!, ...optionFields(proposal), ...blocks.slice(1)] };
}

/** The state of a proposal: `was approved by Ada and is done`. */
export function stateWords({ state, decidedBy, reason, proposedAt, expiresAt }: Proposal): string {
  const by = decidedBy ? ` by ${decidedBy.name}` : '';
  const waited = durationText(expiresAt - proposedAt);
  switch (state) {
    case 'waiting':
      return 'waits for an operator';
    case 'running':
      return `was approved${by} and is running`;
    case 'done':
      return `was approved${by} and is done`;
    case 'refused':
      return `was approved${by}, but could not be done`;
    case 'failed':
      return `was approved${by}, but failed`;
    case 'interrupted':
      return `was approved${by}, but xaxbot stopped while it was running: check the queue`;
    case 'denied':
      return `was denied${by}${reason === null ? '' : `: ${reason}`}`;
    case 'expired':
      return `expired: nobody decided within ${waited}, which counts as a denial`;
  }
}

/**
 * Each option as it would be passed, with only secrets hidden; a setting of the run is labelled as such, since
 * it may have an option's name. Then what it is about, and where it runs.
 */
function optionFields({ options: { named, assignments }, details, session }: Proposal): Block[] {
  const fields: { name: string; value: Text }[] = [
    ...Object.entries(named).map(([name, value]) => ({ name, value: passed(name, value) })),
    ...Object.entries(assignments).map(([name, value]) => ({
      name: `setting ${name}`,
      value: passed(name, value),
    })),
    ...details.map(({ name, text }) => ({ name, value: text })),
    ...(session === null ? [] : [{ name: 'in session', value: { code: session } }]),
  ];
  return fields.length === 0 ? [] : [{ kind: 'fields', fields }];
}

function passed(name: string, value: string): Text {
  const shown = isSecretName(name) ? MASK : maskSecrets(value);
  return shown === value ? { code: value } : [{ code: shown }, ' (partly hidden here, but passed as given)'];
}
