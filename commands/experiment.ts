import { cellText } from '../src/cards/cell-text.ts';
import { valueText } from '../src/cards/job-card.ts';
import { clip } from '../src/core/clip.ts';
import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import {
  EXPERIMENT_COLUMNS,
  type ExperimentRow,
  expectedOf,
  experimentKeyText,
  STATUSES,
} from '../src/core/experiment.ts';
import type { Block, Message, Text } from '../src/core/message.ts';
import { nearest } from '../src/core/nearest.ts';
import { allows } from '../src/core/person.ts';
import type { Caller, Services } from '../src/core/services/context.ts';
import { edited } from './experiment-edit.ts';
import { filteredRows, type ListFilter } from './experiment-list.ts';
import { experimentMeant, type Meant } from './experiment-meant.ts';

const LISTED = 20;
const LISTED_MAX = 200;

type Action = 'list' | 'show' | 'edit' | 'supersede' | 'restore';

/** What each action takes beside itself; `experiment` stands for all but list. */
const TAKES: Readonly<Record<Action, readonly string[]>> = {
  list: ['status', 'search', 'tag', 'owner', 'parent', 'preset', 'task', 'limit', 'before'],
  show: [],
  edit: ['hypothesis', 'changes', 'result', 'next', 'notes', 'note', 'tag', 'untag', 'owner', 'parent'],
  supersede: ['by'],
  restore: [],
};

type ExperimentData =
  | { action: 'show'; session: string; row: ExperimentRow; preset: string | null; expected: string }
  | { action: 'list'; found: number; rows: ExperimentRow[]; results: string[]; isSearch: boolean }
  | { action: 'edit' | 'supersede' | 'restore'; row: ExperimentRow; changed: string[] };

export const experiment = defineCommand({
  name: 'experiment',
  group: 'Experiments',
  summary: 'Experiments: list, search, show, edit, supersede',
  examples: [
    'experiment list status=planned',
    'experiment list search="warm up" tag=lr limit=50',
    'experiment show lr-003',
    'experiment edit lr-003 next="try a warm-up" parent=job-0000006',
    'experiment edit lr-003 tag=lr note="see the spikes" parent=none',
    'experiment supersede lr-003 by=lr-004',
    'experiment restore lr-003',
  ],
  options: {
    action: {
      type: 'choice',
      choices: ['list', 'show', 'edit', 'supersede', 'restore'],
      description: 'list (default), show, edit, supersede, or restore a superseded one',
    },
    experiment: { type: 'experiment', description: 'which experiment, by its id or job' },
    status: { type: 'choice', choices: STATUSES, positional: false, description: 'for list: only these' },
    search: { type: 'text', maxLength: 200, positional: false, description: 'for list: text to search for' },
    tag: {
      type: 'text',
      maxLength: 60,
      positional: false,
      description: 'for list: only those with this #tag; for edit: a #tag to add to the notes',
    },
    untag: { type: 'text', maxLength: 60, positional: false, description: 'for edit: a #tag to remove' },
    preset: {
      type: 'preset',
      positional: false,
      description: 'for list: launched or planned from this preset',
    },
    task: { type: 'text', maxLength: 200, positional: false, description: 'for list: part of the task key' },
    limit: {
      type: 'integer',
      min: 1,
      max: LISTED_MAX,
      positional: false,
      description: `for list: how many (default ${LISTED})`,
    },
    before: { type: 'experiment', positional: false, description: 'for list: those older than this one' },
    hypothesis: {
      type: 'text',
      positional: false,
      multiline: true,
      clearable: true,
      description: 'for edit: the hypothesis',
    },
    changes: {
      type: 'text',
      positional: false,
      multiline: true,
      clearable: true,
      description: 'for edit: what it changes',
    },
    result: {
      type: 'text',
      positional: false,
      multiline: true,
      clearable: true,
      description: 'for edit, without a job: the result, verdict first, e.g. "confirmed: smoother"',
    },
    next: {
      type: 'text',
      positional: false,
      multiline: true,
      clearable: true,
      description: 'for edit: what to do next',
    },
    note: { type: 'text', positional: false, multiline: true, description: 'for edit: a note to add' },
    notes: {
      type: 'text',
      positional: false,
      multiline: true,
      clearable: true,
      description: 'for edit: replace the notes (what was expected stays)',
    },
    owner: { type: 'text', maxLength: 100, positional: false, clearable: true, description: 'who owns it' },
    parent: {
      type: 'experiment',
      positional: false,
      clearable: true,
      description: 'the experiment it follows; "none" clears this and any text',
    },
    by: { type: 'experiment', positional: false, description: 'for supersede: what takes its place' },
  },
  services: [
    'session',
    'rows',
    'editor',
    'plans',
    'notes',
    'now',
    'jobs',
    'sessions',
    'launches',
    'nameOf',
    'causes',
  ],
  role: 'viewer',
  visibility: ({ action = 'list' }) => (action === 'list' || action === 'show' ? 'private' : 'public'),
  changes: true,
  agents: 'partly',
  async run(options, { caller, services }): Promise<ExperimentData> {
    const { experiment: reference } = options;
    const action = actionOf(options.action, reference, services);
    refuseOthers(action, options);
    if (action === 'list') return list(options, services);
    if (reference === undefined)
      throw new BotError(
        'unknown-experiment',
        `Which experiment should be ${VERBS[action]}?`,
        '"experiment list" shows them.',
        'experiment',
      );
    const meant = experimentMeant(reference, services);
    if (action === 'show') return show(meant, services);
    mustBeOperator(action, caller);
    switch (action) {
      case 'supersede':
        return supersede(meant, options.by);
      case 'restore':
        return restore(meant, services);
      case 'edit':
        return { action, ...edited(options, meant, caller, services) };
    }
  },
  view(data) {
    if (data.action === 'list') return listMessage(data);
    if (data.action === 'show') return showMessage(data);
    const what = {
      edit: `Edited ${data.changed.join(', ')} of`,
      supersede: 'Superseded',
      restore: `Back to ${data.row.status}:`,
    }[data.action];
    return {
      blocks: [{ kind: 'text', text: [`${what} `, { code: data.row.experiment_id }, '.'] }],
      tone: 'good',
    };
  },
});

const VERBS = { show: 'shown', edit: 'edited', supersede: 'superseded', restore: 'restored' } as const;

/** The action, or show where only an experiment is named. Error `bad-option` for what is neither, with the nearest. */
function actionOf(
  action: Action | undefined,
  reference: string | undefined,
  services: Pick<Services, 'rows' | 'sessions'>,
): Action {
  if (action !== undefined) return action;
  if (reference === undefined) return 'list';
  try {
    experimentMeant(reference, services);
    return 'show';
  } catch {
    const [close] = nearest(reference.slice(0, 60), Object.keys(TAKES), 1);
    throw new BotError(
      'bad-option',
      `"${clip(reference, 60)}" is neither an action of experiment nor an experiment.`,
      `Did you mean "experiment ${close}"? The actions are: ${Object.keys(TAKES).join(', ')}.`,
      'action',
    );
  }
}

/** What was given and does not belong to the action is an error, not passed over. */
function refuseOthers(action: Action, options: Readonly<Record<string, unknown>>): void {
  const known = ['action', ...(action === 'list' ? [] : ['experiment']), ...TAKES[action]];
  const stray = Object.keys(options).find((name) => options[name] !== undefined && !known.includes(name));
  if (stray === undefined) return;
  const where = (Object.keys(TAKES) as Action[]).filter((each) => TAKES[each].includes(stray));
  const elsewhere = where.length === 0 ? '' : `${stray} is for ${where.join(' and ')}. `;
  const takes = TAKES[action].length === 0 ? 'nothing else' : TAKES[action].join(', ');
  throw new BotError(
    'bad-option',
    stray === 'experiment'
      ? `list takes no experiment, but was given "${clip(String(options[stray]), 60)}".`
      : `${action} does not take ${stray}.`,
    `${elsewhere}${action} takes: ${takes}.`,
    stray,
  );
}

function mustBeOperator(action: Action, { person }: Caller): void {
  if (allows(person.role, 'operator')) return;
  throw new BotError(
    'not-allowed',
    `"experiment ${action}" needs the role operator.`,
    'An admin can change that in xaxbot.yaml.',
  );
}

async function list(
  options: ListFilter & { limit?: number | undefined },
  services: Pick<Services, 'rows' | 'plans' | 'launches' | 'nameOf' | 'causes'>,
): Promise<ExperimentData> {
  const found = filteredRows(options, services);
  const rows = found.slice(0, options.limit ?? LISTED);
  const results = await services.causes.results(rows, services);
  const isSearch = TAKES.list.some((name) => options[name as keyof ListFilter] !== undefined);
  return { action: 'list', found: found.length, rows, results, isSearch };
}

function show(
  { experiments, row }: Meant<'rows' | 'plans' | 'session'>,
  { launches, nameOf }: Pick<Services, 'launches' | 'nameOf'>,
): ExperimentData {
  const plan = experiments.plans.of(row.experiment_id);
  const job = experiments.rows.jobOf(row.experiment_id);
  return {
    action: 'show',
    session: experiments.session.info().name,
    row: { ...row, owner: nameOf(row.owner) },
    preset: (job && launches.origin(job)?.preset) ?? plan?.preset ?? null,
    expected: expectedOf(row) || plan?.expected || '',
  };
}

function supersede(
  { experiments, row }: Meant<'rows' | 'editor'>,
  reference: string | undefined,
): ExperimentData {
  const { experiment_id: id } = row;
  if (row.status === 'superseded')
    throw new BotError(
      'superseded',
      `${id} is superseded already${row.next_action === '' ? '' : ` (${clip(row.next_action, 100)})`}.`,
      `"experiment restore ${id}" undoes that.`,
    );
  const by = reference === undefined ? undefined : experiments.rows.named(reference).experiment_id;
  if (by === id)
    throw new BotError(
      'bad-option',
      `${id} cannot supersede itself.`,
      'Name another experiment, or none.',
      'by',
    );
  const values = {
    status: 'superseded',
    ...(row.next_action === '' && by !== undefined ? { next_action: supersededBy(by) } : {}),
  };
  return { action: 'supersede', row: experiments.editor.edit(id, values), changed: Object.keys(values) };
}

/** Back to what its job says, or to the plan. */
function restore(
  { experiments, row }: Meant<'rows' | 'editor'>,
  { jobs }: Pick<Services, 'jobs'>,
): ExperimentData {
  const { experiment_id: id } = row;
  if (row.status !== 'superseded')
    throw new BotError('not-superseded', `${id} is ${row.status}, not superseded.`, 'Nothing was changed.');
  const key = experiments.rows.jobOf(id);
  const status = (key && jobs.get(key)?.status) ?? (row.objective_value === '' ? 'planned' : 'completed');
  const isOurs = row.next_action.startsWith(supersededBy(''));
  const values = { status, ...(isOurs ? { next_action: '' } : {}) };
  return { action: 'restore', row: experiments.editor.edit(id, values), changed: Object.keys(values) };
}

function supersededBy(id: string): string {
  return `superseded by ${id}`;
}

function listMessage({
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

function showMessage({
  session,
  row,
  preset,
  expected,
}: Extract<ExperimentData, { action: 'show' }>): Message {
  const fields = EXPERIMENT_COLUMNS.filter((column) => row[column] !== '').map((column) => ({
    name: column as string,
    value: row[column] as Text,
  }));
  if (preset !== null) fields.push({ name: 'preset', value: preset });
  if (expected !== '') fields.push({ name: 'expected', value: expected });
  const blocks: Block[] = [{ kind: 'fields', fields }];
  if (row.status === 'planned' && preset !== null)
    blocks.push({
      kind: 'buttons',
      buttons: [
        {
          label: 'Queue it',
          command: 'queue',
          options: { experiment: experimentKeyText(session, row.experiment_id) },
        },
      ],
    });
  return { blocks };
}
