import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { type ExperimentRow, experimentRow } from '../src/core/experiment.ts';
import type { Text } from '../src/core/message.ts';

const LISTED = 20;

type HypothesisData =
  | { action: 'added'; row: ExperimentRow; planned: boolean }
  | { action: 'list'; rows: ExperimentRow[] }
  | { action: 'show'; row: ExperimentRow };

export const hypothesis = defineCommand({
  name: 'hypothesis',
  summary: 'Write down what you expect before a run, or read it again',
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
      description: 'add, list or show',
    },
    text: {
      type: 'text',
      rest: false,
      multiline: true,
      description: 'the hypothesis; for show, the experiment',
    },
    name: {
      type: 'text',
      positional: false,
      maxLength: 100,
      description: 'a name for the planned experiment',
    },
    parent: { type: 'experiment', positional: false, description: 'the experiment it follows' },
    job: {
      type: 'job',
      positional: false,
      description: 'a job that exists already; in its thread it may be left out',
    },
  },
  role: 'viewer',
  visibility: ({ action }) => (action === 'add' ? 'public' : 'private'),
  changes: true,
  async run(
    { action, text, name, parent, job },
    { experiments, person, threadJob },
  ): Promise<HypothesisData> {
    if (action === 'list') {
      return { action: 'list', rows: experiments.newest(LISTED, true) };
    }
    if (text === undefined)
      throw new BotError(
        'bad-option',
        `text is missing: what should ${action} be given?`,
        'See "help hypothesis".',
      );
    if (action === 'show') {
      const row = experiments.get(text);
      if (row) return { action: 'show', row };
      throw new BotError(
        'unknown-experiment',
        `There is no experiment "${text.slice(0, 60)}".`,
        '"hypothesis list" shows them.',
      );
    }
    if (person.role === 'viewer')
      throw new BotError(
        'not-allowed',
        'Adding a hypothesis needs the role operator.',
        'An admin can change that in xaxbot.yaml.',
      );
    const about = job ?? threadJob;
    const existing = about && experiments.ofJob(about);
    if (existing) {
      const edited = experiments.editOfJob(about, {
        hypothesis: text,
        ...(parent === undefined ? {} : { parent_experiment_id: parent }),
      });
      return { action: 'added', row: edited ?? existing, planned: false };
    }
    return {
      action: 'added',
      row: experiments.plan({ name, hypothesis: text, parent, owner: person.id }),
      planned: true,
    };
  },
  view(data) {
    if (data.action === 'list') {
      if (data.rows.length === 0)
        return { blocks: [{ kind: 'text', text: 'No hypothesis yet. Add one with "hypothesis add".' }] };
      const rows = data.rows.map((row): Text[] => [
        { code: row.experiment_id },
        row.status,
        row.hypothesis,
        row.result_summary,
      ]);
      return { blocks: [{ kind: 'table', columns: ['experiment', 'status', 'hypothesis', 'result'], rows }] };
    }
    const { row } = data;
    if (data.action === 'added') {
      const next = data.planned
        ? [' Queue it with ', { code: `queue PRESET … experiment=${row.experiment_id}` }, '.']
        : [];
      return {
        tone: 'good',
        blocks: [
          {
            kind: 'text',
            text: [
              { bold: 'Hypothesis' },
              ' of ',
              { code: row.experiment_id },
              `: ${row.hypothesis}`,
              ...next,
            ],
          },
        ],
      };
    }
    const filled = Object.entries(experimentRow(row)).filter(([, value]) => value !== '');
    return { blocks: [{ kind: 'fields', fields: filled.map(([name, value]) => ({ name, value })) }] };
  },
});
