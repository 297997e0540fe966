import { cellText } from '../src/core/cell-text.ts';
import { clip } from '../src/core/clip.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Action } from '../src/core/command-declaration.ts';
import { asRead } from '../src/core/config-delta.ts';
import { BotError } from '../src/core/errors.ts';
import { type ExperimentRow, experimentRow } from '../src/core/experiment.ts';
import type { Block, Text } from '../src/core/message.ts';
import { allows } from '../src/core/person.ts';
import type { Caller } from '../src/core/services/context.ts';
import { experimentMeant } from './experiment-meant.ts';

const LISTED = 20;

type HypothesisData =
  | { action: 'added'; row: ExperimentRow; planned: boolean }
  | { action: 'list'; rows: ExperimentRow[]; results: string[] }
  | { action: 'show'; row: ExperimentRow };

const ACTIONS = {
  add: {
    summary: 'write down what you expect of a planned run or of a job; replacing one needs an operator',
    takes: ['text', 'name', 'parent', 'job', 'replace'],
    requires: ['text'],
    changes: true,
    role: 'agent',
    title: 'Hypothesis',
    submit: 'Save hypothesis',
  },
  list: {
    summary: 'the newest, and what came of them',
    takes: [],
    changes: false,
    title: 'Hypotheses',
    submit: 'List hypotheses',
  },
  show: { summary: 'one, with its experiment', takes: ['text'], requires: ['text'], changes: false },
} as const satisfies Readonly<Record<string, Action>>;

export const hypothesis = defineCommand({
  name: 'hypothesis',
  group: 'Experiments',
  summary: 'Write down what you expect before a run, or look it up',
  examples: [
    'hypothesis add "a lower rate is smoother" name=lr-003 parent=job-0000006',
    'hypothesis add job=7 "wider is better"',
    'hypothesis list',
    'hypothesis show lr-003',
  ],
  options: {
    action: {
      type: 'choice',
      choices: ['add', 'list', 'show'],
      required: true,
      settled: true,
      description: 'add, list or show',
    },
    text: {
      type: 'text',
      rest: false,
      multiline: true,
      label: 'What you expect',
      description: 'for add: the hypothesis; for show: the experiment',
    },
    name: {
      type: 'text',
      positional: false,
      maxLength: 100,
      folded: true,
      description: 'a name for the planned experiment',
    },
    parent: {
      type: 'experiment',
      positional: false,
      folded: true,
      description: 'the experiment it follows',
    },
    job: {
      type: 'job',
      positional: false,
      folded: true,
      description: 'a job that exists already; optional in its thread',
    },
    replace: {
      type: 'boolean',
      description: 'replace what was written before, which is kept in the notes',
    },
  },
  services: ['rows', 'editor', 'plans', 'notes', 'now', 'sessions', 'causes'],
  role: 'viewer',
  visibility: ({ action }) => (action === 'add' ? 'public' : 'private'),
  changes: true,
  actions: ACTIONS,
  useless: (job, { sessions }) =>
    job
      ? ['name', ...(sessions.inSessionOf(job).rows.ofJob(job)?.hypothesis ? [] : ['replace'])]
      : ['replace'],
  async run(
    { action, text, name, parent, job, replace = false },
    { caller, services },
  ): Promise<HypothesisData> {
    const { person, threadJob } = caller;
    if (action === 'list') {
      const rows = services.rows.newest(LISTED, true);
      return { action: 'list', rows, results: await services.causes.results(rows, services) };
    }
    if (text === undefined)
      throw new BotError(
        'bad-option',
        `text is missing: what should be ${action === 'add' ? 'added' : 'shown'}?`,
        'See "help hypothesis".',
      );
    if (action === 'show') return { action: 'show', row: experimentMeant(text, services).row };
    const about = job ?? threadJob;
    if (!allows(person.role, 'agent') && !(about && caller.mayRunOwn(about)))
      throw new BotError(
        'not-allowed',
        'Adding a hypothesis needs the role operator.',
        'An admin can change that in xaxbot.yaml.',
      );
    const existing = about && services.rows.ofJob(about);
    if (!existing)
      return {
        action: 'added',
        row: services.plans.add({ name, hypothesis: text, parent, owner: person.name }),
        planned: true,
      };
    const theirs = services.sessions.inSessionOf(about);
    const parentId =
      parent === undefined ? undefined : theirs.editor.checkedParent(existing.experiment_id, parent);
    const before = wordsBefore(existing, text, parentId);
    if (before.length > 0) mayReplace(before, replace, caller);
    for (const { what, text: words } of before) {
      const text = `${what} before: ${words}`;
      services.notes.add(about, { author: person.name, person: person.id, text, at: services.now() });
    }
    const edited = services.editor.editOfJob(about, {
      hypothesis: text,
      ...(parentId === undefined ? {} : { parent_experiment_id: parentId }),
    });
    return { action: 'added', row: edited ?? existing, planned: false };
  },
  made: (data) => (data.action === 'list' ? '' : `experiment ${data.row.experiment_id}`),
  view(data) {
    if (data.action === 'list') {
      if (data.rows.length === 0)
        return {
          blocks: [
            {
              kind: 'text',
              text: ['No hypothesis yet. Add one with ', { command: 'hypothesis add …' }, '.'],
            },
          ],
        };
      const rows = data.rows.map((row, index): Text[] => [
        { code: row.experiment_id },
        cellText(row.status),
        cellText(asRead(row.hypothesis)),
        cellText(data.results[index]!),
      ]);
      return { blocks: [{ kind: 'table', columns: ['experiment', 'status', 'hypothesis', 'result'], rows }] };
    }
    const { row } = data;
    if (data.action === 'added') {
      const next: Block[] = data.planned
        ? [
            {
              kind: 'text',
              text: ['Queue it with ', { command: `queue PRESET … experiment=${row.experiment_id}` }, '.'],
            },
          ]
        : [];
      return {
        tone: 'good',
        blocks: [
          {
            kind: 'text',
            text: [{ bold: 'Hypothesis' }, ' of ', { code: row.experiment_id }, `: ${row.hypothesis}`],
          },
          ...next,
        ],
      };
    }
    const filled = Object.entries(experimentRow(row)).filter(([, value]) => value !== '');
    return { blocks: [{ kind: 'fields', fields: filled.map(([name, value]) => ({ name, value })) }] };
  },
});

/** What the row already says and would be replaced. */
function wordsBefore(
  { hypothesis, parent_experiment_id }: ExperimentRow,
  text: string,
  parent: string | undefined,
): { what: 'hypothesis' | 'parent'; text: string }[] {
  const isOtherParent =
    parent !== undefined && parent_experiment_id !== '' && parent_experiment_id !== parent;
  return [
    ...(hypothesis !== '' && hypothesis !== text ? [{ what: 'hypothesis' as const, text: hypothesis }] : []),
    ...(isOtherParent ? [{ what: 'parent' as const, text: parent_experiment_id }] : []),
  ];
}

/** Errors `hypothesis-exists`; `not-allowed` for someone who may only write where there is none. */
function mayReplace(before: ReturnType<typeof wordsBefore>, replace: boolean, { person }: Caller): void {
  if (!replace)
    throw new BotError(
      'hypothesis-exists',
      `Someone already wrote: ${before.map(({ what, text }) => `${what} "${clip(text, 200)}"`).join(', ')}.`,
      'Add replace=true to replace it; theirs is kept in the notes.',
    );
  if (!allows(person.role, 'operator'))
    throw new BotError(
      'not-allowed',
      "Replacing someone's hypothesis needs the role operator.",
      'An admin can change that in xaxbot.yaml.',
    );
}
