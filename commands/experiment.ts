import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { EXPERIMENT_COLUMNS, type ExperimentRow } from '../src/core/experiment.ts';
import type { Block, Text } from '../src/core/message.ts';
import { allows } from '../src/core/person.ts';

const LISTED = 20;
/** Columns that people write. The others are the queue's and the bot's. */
const EDITABLE = {
  hypothesis: 'hypothesis',
  changes: 'change_summary',
  next: 'next_action',
  notes: 'notes',
  owner: 'owner',
  parent: 'parent_experiment_id',
} as const;

type ExperimentData =
  | { action: 'show'; row: ExperimentRow; preset: string | null; expected: string }
  | { action: 'list'; found: number; rows: ExperimentRow[] }
  | { action: 'edit' | 'supersede'; row: ExperimentRow; changed: string[] };

export const experiment = defineCommand({
  name: 'experiment',
  summary: 'Experiments of the session: look one up, list and search, edit, supersede',
  examples: [
    'experiment list status=planned',
    'experiment list search="warm up" tag=lr',
    'experiment show lr-003',
    'experiment edit lr-003 next="try a warm-up" parent=job-0000006',
    'experiment supersede lr-003 by=lr-004',
  ],
  options: {
    action: {
      type: 'choice',
      choices: ['list', 'show', 'edit', 'supersede'],
      description: 'list (unless said), show, edit or supersede',
    },
    experiment: { type: 'experiment', description: 'which experiment' },
    status: {
      type: 'choice',
      choices: ['planned', 'queued', 'running', 'completed', 'failed', 'cancelled', 'superseded'],
      positional: false,
      description: 'for list: only these',
    },
    search: { type: 'text', maxLength: 200, positional: false, description: 'for list: what its texts hold' },
    tag: {
      type: 'text',
      maxLength: 60,
      positional: false,
      description: 'for list: a #tag that its texts hold',
    },
    hypothesis: { type: 'text', positional: false, multiline: true, description: 'for edit: the hypothesis' },
    changes: { type: 'text', positional: false, multiline: true, description: 'for edit: what it changes' },
    next: { type: 'text', positional: false, multiline: true, description: 'for edit: what to do next' },
    notes: {
      type: 'text',
      positional: false,
      multiline: true,
      description: 'for edit: the notes, all of them',
    },
    owner: { type: 'text', maxLength: 100, positional: false, description: 'for edit: whose it is' },
    parent: { type: 'experiment', positional: false, description: 'for edit: the experiment it follows' },
    by: { type: 'experiment', positional: false, description: 'for supersede: what takes its place' },
  },
  role: 'viewer',
  visibility: ({ action = 'list' }) => (action === 'list' || action === 'show' ? 'private' : 'public'),
  changes: true,
  async run(options, { experiments, person }): Promise<ExperimentData> {
    const { action = 'list', experiment: id } = options;
    if (action === 'list') {
      const rows = experiments.rows().filter((row) => matches(row, options));
      return { action, found: rows.length, rows: rows.slice(-LISTED).reverse() };
    }
    const row = id === undefined ? undefined : experiments.get(id);
    if (!row)
      throw new BotError(
        'unknown-experiment',
        id === undefined
          ? `Which experiment should be ${VERBS[action]}?`
          : `There is no experiment "${id.slice(0, 60)}".`,
        '"experiment list" shows them.',
        'experiment',
      );
    if (action === 'show') {
      const plan = experiments.planOf(row.experiment_id);
      return { action, row, preset: plan?.preset ?? null, expected: plan?.expected ?? '' };
    }
    if (!allows(person.role, 'operator'))
      throw new BotError(
        'not-allowed',
        `"experiment ${action}" needs the role operator.`,
        'An admin can change that in xaxbot.yaml.',
      );
    if (action === 'supersede') {
      const { by } = options;
      if (by !== undefined && !experiments.get(by))
        throw new BotError('unknown-experiment', `There is no experiment "${by.slice(0, 60)}".`, '', 'by');
      const next_action = by === undefined ? undefined : `superseded by ${by}`;
      const values = {
        status: 'superseded',
        ...(row.next_action === '' && next_action ? { next_action } : {}),
      };
      return { action, row: experiments.edit(row.experiment_id, values), changed: Object.keys(values) };
    }
    const values = Object.fromEntries(
      Object.entries(EDITABLE).flatMap(([option, column]) => {
        const value = options[option as keyof typeof EDITABLE];
        return value === undefined ? [] : [[column, value]];
      }),
    );
    if (Object.keys(values).length === 0)
      throw new BotError('bad-option', 'What should be edited?', 'As in "experiment edit lr-003 next=…".');
    return { action, row: experiments.edit(row.experiment_id, values), changed: Object.keys(values) };
  },
  view(data) {
    if (data.action === 'list') {
      if (data.found === 0) return { blocks: [{ kind: 'text', text: 'No such experiment.' }] };
      const blocks: Block[] = [
        {
          kind: 'table',
          columns: ['experiment', 'status', 'value', 'hypothesis', 'result'],
          rows: data.rows.map((row): Text[] => [
            { code: row.experiment_id },
            row.status,
            row.objective_value,
            row.hypothesis,
            row.result_summary,
          ]),
        },
      ];
      if (data.found > data.rows.length)
        blocks.push({ kind: 'text', text: `and ${data.found - data.rows.length} older ones.` });
      return { blocks };
    }
    const { row } = data;
    if (data.action === 'show') {
      const filled = EXPERIMENT_COLUMNS.filter((column) => row[column] !== '').map((column) => ({
        name: column,
        value: row[column] as Text,
      }));
      const planned = [
        ...(data.preset === null ? [] : [{ name: 'preset', value: data.preset as Text }]),
        ...(data.expected === '' ? [] : [{ name: 'expected', value: data.expected as Text }]),
      ];
      const blocks: Block[] = [{ kind: 'fields', fields: [...filled, ...planned] }];
      if (row.status === 'planned' && data.preset !== null)
        blocks.push({
          kind: 'buttons',
          buttons: [{ label: 'Queue it', command: 'queue', options: { experiment: row.experiment_id } }],
        });
      return { blocks };
    }
    const what = data.action === 'supersede' ? 'Superseded' : `Edited ${data.changed.join(', ')} of`;
    return { blocks: [{ kind: 'text', text: [`${what} `, { code: row.experiment_id }, '.'] }], tone: 'good' };
  },
});

const VERBS = { show: 'shown', edit: 'edited', supersede: 'superseded' } as const;
const TEXTS = [
  'experiment_id',
  'hypothesis',
  'change_summary',
  'result_summary',
  'next_action',
  'notes',
] as const;

function matches(
  row: ExperimentRow,
  {
    status,
    search,
    tag,
  }: { status?: string | undefined; search?: string | undefined; tag?: string | undefined },
): boolean {
  if (status !== undefined && row.status !== status) return false;
  const text = TEXTS.map((column) => row[column])
    .join('\n')
    .toLowerCase();
  if (search !== undefined && !text.includes(search.toLowerCase())) return false;
  if (tag === undefined) return true;
  const wanted = `#${tag.replace(/^#/, '').toLowerCase()}`;
  return text.split(/[\s,;.:()]+/).includes(wanted);
}
