import type { SessionInfo, Spent } from '../core/experiment.ts';
import type { Message, Text } from '../core/message.ts';
import { hoursText } from '../core/units.ts';

/** A session where its thread begins: what it is after, and how far it is. */
export function sessionCard(
  { name, objective, target, owner, closedAt }: SessionInfo,
  spent: Spent,
): Message {
  const fields: { name: string; value: Text }[] = [
    {
      name: 'objective',
      value: objective
        ? `${objective.metric}, ${objective.mode === 'min' ? 'lower' : 'higher'} is better`
        : 'none yet',
    },
    ...(target === null ? [] : [{ name: 'target', value: String(target) }]),
    { name: 'runs', value: String(spent.runs) },
    { name: 'GPU hours', value: hoursText(spent.gpuHours) },
    ...(owner === '' ? [] : [{ name: 'by', value: owner }]),
  ];
  return {
    tone: 'neutral',
    blocks: [
      { kind: 'text', text: [{ bold: `Session ${name}` }, closedAt === null ? '' : ', closed'] },
      { kind: 'fields', fields },
    ],
  };
}
