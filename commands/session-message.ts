import type { Objective, SessionInfo, Spent } from '../src/core/experiment.ts';
import type { Block, Message, Text } from '../src/core/message.ts';
import type { KnownSession } from '../src/core/services/sessions.ts';
import { hoursText } from '../src/core/units.ts';

export function heading({ name, closedAt }: SessionInfo): Block {
  return { kind: 'text', text: [{ bold: name }, closedAt === null ? '' : ', closed'] };
}

export function facts(session: SessionInfo, spent: Spent | null): Block[] {
  const { objective, target, budget, owner, csvPath } = session;
  const fields: { name: string; value: Text }[] = [];
  fields.push({ name: 'objective', value: objective ? objectiveText(objective) : 'none yet' });
  if (target !== null) fields.push({ name: 'target', value: String(target) });
  const of = (all: number | undefined) => (all === undefined ? '' : ` of ${all}`);
  if (spent) {
    fields.push({ name: 'runs', value: `${spent.runs}${of(budget.runs)}` });
    fields.push({ name: 'GPU hours', value: `${hoursText(spent.gpuHours)}${of(budget.hours)}` });
  } else {
    if (budget.runs !== undefined) fields.push({ name: 'runs', value: String(budget.runs) });
    if (budget.hours !== undefined) fields.push({ name: 'GPU hours', value: String(budget.hours) });
  }
  if (budget.until !== undefined)
    fields.push({ name: 'until', value: { time: budget.until, style: 'datetime' } });
  if (owner !== '') fields.push({ name: 'by', value: owner });
  fields.push({ name: 'log', value: { code: csvPath } });
  return [{ kind: 'fields', fields }];
}

function objectiveText({ metric, mode, take = 'last', points }: Objective): string {
  const how =
    take === 'last'
      ? 'its last value'
      : take === 'best'
        ? 'its best'
        : `the mean of its last ${points ?? 10}`;
  return `${metric}, ${mode === 'min' ? 'lower' : 'higher'} is better, by ${how}`;
}

export function listMessage(sessions: readonly KnownSession[]): Message {
  const rows = sessions.map(({ name, experiments, objective, isCurrent, channels, closedAt }): Text[] => [
    { code: name },
    experiments === null ? 'on disk' : String(experiments),
    objective?.metric ?? '',
    [
      isCurrent ? 'in use' : '',
      closedAt === null ? '' : 'closed',
      ...channels.map(({ adapter, channel }) => `in ${adapter} ${channel}`),
    ]
      .filter((part) => part !== '')
      .join(', '),
  ]);
  return { blocks: [{ kind: 'table', columns: ['session', 'experiments', 'objective', ''], rows }] };
}
