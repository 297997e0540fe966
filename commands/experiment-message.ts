import { valueText } from '../src/cards/job-card.ts';
import { cellText } from '../src/core/cell-text.ts';
import { EXPERIMENT_COLUMNS, type ExperimentRow, experimentKeyText } from '../src/core/experiment.ts';
import type { Block, Button, Message, Text } from '../src/core/message.ts';

export type ExperimentData =
  | {
      action: 'show';
      session: string;
      row: ExperimentRow;
      preset: string | null;
      expected: string;
      result: string;
    }
  | { action: 'list'; found: number; rows: ExperimentRow[]; results: string[]; isSearch: boolean }
  | { action: 'edit' | 'supersede' | 'restore'; row: ExperimentRow; changed: string[] };

export function listMessage({
  rows,
  results,
  found,
  isSearch,
}: Extract<ExperimentData, { action: 'list' }>): Message {
  const last = rows.at(-1);
  if (!last)
    return { blocks: [{ kind: 'text', text: isSearch ? 'No such experiment.' : 'No experiments yet.' }] };
  const blocks: Block[] = [
    {
      kind: 'table',
      columns: ['experiment', 'status', 'value', 'hypothesis', 'result'],
      rows: rows.map((row, index): Text[] => [
        { code: cellText(row.experiment_id) },
        cellText(row.status),
        valueText(row),
        cellText(row.hypothesis),
        cellText(results[index]!),
      ]),
    },
  ];
  if (found > rows.length)
    blocks.push({
      kind: 'text',
      text: [
        `and ${found - rows.length} older; to see them add `,
        { code: `before=${last.experiment_id}` },
        '.',
      ],
    });
  return { blocks };
}

export function showMessage({
  session,
  row,
  preset,
  expected,
  result,
}: Extract<ExperimentData, { action: 'show' }>): Message {
  const shown = { ...row, result_summary: result };
  const fields = EXPERIMENT_COLUMNS.filter((column) => shown[column] !== '').map((column) => ({
    name: column as string,
    value: shown[column] as Text,
  }));
  if (preset !== null) fields.push({ name: 'preset', value: preset });
  if (expected !== '') fields.push({ name: 'expected', value: expected });
  const experiment = experimentKeyText(session, row.experiment_id);
  const queue: Button[] =
    row.status === 'planned' && preset !== null
      ? [{ label: 'Queue it', command: 'queue', options: { experiment } }]
      : [];
  const edit: Button = {
    label: 'Edit',
    command: 'experiment',
    options: { action: 'edit', experiment },
    form: true,
  };
  return {
    blocks: [
      { kind: 'fields', fields },
      { kind: 'buttons', buttons: [...queue, edit] },
    ],
  };
}
