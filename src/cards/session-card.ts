import type { SessionInfo, Spent } from '../core/experiment.ts';
import type { Message, Text } from '../core/message.ts';
import { hoursText } from '../core/units.ts';

/** A session at the top of its thread: its goal, and its progress. */
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
