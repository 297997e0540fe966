import { launchText } from '../src/core/chosen-settings.ts';
import { defineCommand } from '../src/core/command.ts';
import { asRead } from '../src/core/config-delta.ts';
import { experimentKeyText } from '../src/core/experiment.ts';
import type { Block } from '../src/core/message.ts';

export const plan = defineCommand({
  name: 'plan',
  title: 'Plan a run',
  submit: 'Plan run',
  group: 'Experiments',
  summary: 'Plan an experiment: what to run, why, and what to expect',
  examples: [
    'plan toy learning_rate=0.003 hypothesis="a lower rate is smoother" expected="loss below 0.2" parent=job-0000006',
    'plan toy learning_rate=0.003 hypothesis="…" name=lr-003',
  ],
  options: {
    preset: { type: 'preset', required: true, shapes: true, description: 'which preset of xaxbot.yaml' },
    settings: {
      type: 'assignments',
      declared: true,
      description: "the preset's options, each as key=value",
    },
    hypothesis: {
      type: 'text',
      positional: false,
      required: true,
      multiline: true,
      description: 'why it is run: what you believe and want to find out',
    },
    expected: {
      type: 'text',
      positional: false,
      multiline: true,
      description: 'what you should see if the hypothesis holds, e.g. "loss below 0.2"',
    },
    parent: {
      type: 'experiment',
      positional: false,
      folded: true,
      description: 'the experiment it builds on and is compared with',
    },
    name: {
      type: 'text',
      positional: false,
      maxLength: 100,
      folded: true,
      description: 'its name, e.g. lr-003 (default: plan-N)',
    },
  },
  services: ['session', 'rows', 'editor', 'plans', 'launches'],
  role: 'agent',
  visibility: 'public',
  changes: true,
  once: true,
  async run({ preset, settings, hypothesis, expected = '', parent, name }, { caller: { person }, services }) {
    const { assignments, command } = services.launches.preview(preset, settings);
    const parentId = parent === undefined ? undefined : services.editor.checkedParent(name ?? null, parent);
    const before = parentId === undefined ? undefined : services.rows.jobOf(parentId);
    const row = services.plans.add({
      name,
      hypothesis,
      parent: parentId,
      command,
      owner: person.name,
      changeSummary: services.launches.changes(before, assignments),
      launch: { preset, assignments, expected, by: person.id },
    });
    const usual = services.launches.usual(preset, assignments);
    return { row, preset, assignments, usual, expected, session: services.session.info().name };
  },
  made: ({ row }) => `experiment ${row.experiment_id}`,
  view({ row, preset, assignments, usual, expected, session }) {
    const blocks: Block[] = [
      {
        kind: 'text',
        text: [
          { bold: 'Planned' },
          ' ',
          { code: row.experiment_id },
          ': ',
          ...launchText(preset, { assignments, usual }),
        ],
      },
      { kind: 'text', text: [{ bold: 'Hypothesis' }, `: ${asRead(row.hypothesis)}`] },
    ];
    if (expected !== '') blocks.push({ kind: 'text', text: [{ bold: 'Expected' }, `: ${expected}`] });
    if (row.change_summary !== '')
      blocks.push({
        kind: 'text',
        text: [{ bold: 'Changes' }, `: ${asRead(row.change_summary)}`],
      });
    blocks.push({
      kind: 'buttons',
      buttons: [
        {
          label: 'Queue it',
          command: 'queue',
          options: { experiment: experimentKeyText(session, row.experiment_id) },
          style: 'primary',
        },
      ],
    });
    return { blocks, tone: 'good' };
  },
});
