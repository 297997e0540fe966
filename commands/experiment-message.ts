import { valueText } from '../src/cards/job-card.ts';
import { cellText } from '../src/core/cell-text.ts';
import { EXPERIMENT_COLUMNS, type ExperimentRow, experimentKeyText } from '../src/core/experiment.ts';
import type { Block, Button, Message, Text } from '../src/core/message.ts';
import { tagOf } from '../src/core/tags.ts';
import { isNone, type ListFilter } from './experiment-list.ts';

export type ExperimentData =
  | {
      action: 'show';
      session: string;
      row: ExperimentRow;
      preset: string | null;
      expected: string;
      result: string;
      /** Whoever asked may edit it. */
      canEdit: boolean;
    }
  | { action: 'list'; found: number; rows: ExperimentRow[]; results: string[]; filter: ListFilter }
  | {
      action: 'edit' | 'supersede' | 'restore';
      row: ExperimentRow;
      changed: string[];
      /** With it a launch was taken back that waited. */
      takenBack?: true;
    };

export function listMessage({
  rows,
  results,
  found,
  filter,
}: Extract<ExperimentData, { action: 'list' }>): Message {
  const last = rows.at(-1);
  if (!last) {
    const asked = filterWords(filter);
    const text = asked.length > 0 ? `No experiment has ${asked.join(' and ')}.` : 'No experiments yet.';
    return { blocks: [{ kind: 'text', text }] };
  }
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
  canEdit,
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
  const buttons = canEdit ? [...queue, edit] : queue;
  return {
    blocks: [
      { kind: 'fields', fields },
      ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
    ],
  };
}

const FILTERS: Readonly<Record<keyof ListFilter, (value: string) => string>> = {
  status: (status) => `the status ${status}`,
  search: (text) => `"${cellText(text)}" in it`,
  tag: (tag) => `the tag #${tagOf(tag) ?? tag}`,
  owner: (owner) => `the owner ${owner}`,
  parent: (parent) => (isNone(parent) ? 'no parent' : `the parent ${parent}`),
  preset: (preset) => `the preset ${preset}`,
  task: (task) => `"${cellText(task)}" in its task`,
  before: (experiment) => `a place before ${experiment}`,
};

/** What a list was asked for, as something that an experiment has. */
function filterWords(filter: ListFilter): string[] {
  return Object.entries(FILTERS).flatMap(([name, words]) => {
    const value = filter[name as keyof ListFilter];
    return value === undefined ? [] : [words(value)];
  });
}
