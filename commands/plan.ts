import { defineCommand } from '../src/core/command.ts';
import type { Block } from '../src/core/message.ts';

export const plan = defineCommand({
  name: 'plan',
  summary: 'Plan an experiment: what to run, why, and what to expect',
  examples: [
    'plan toy learning_rate=0.003 hypothesis="a lower rate is smoother" expected="loss below 0.2" parent=job-0000006',
    'plan toy learning_rate=0.003 hypothesis="…" name=lr-003',
  ],
  options: {
    preset: { type: 'preset', required: true, description: 'which preset of xaxbot.yaml' },
    settings: { type: 'assignments', description: "the preset's options, each as key=value" },
    hypothesis: {
      type: 'text',
      positional: false,
      required: true,
      multiline: true,
      description: 'what you expect to learn',
    },
    expected: { type: 'text', positional: false, multiline: true, description: 'what should be seen' },
    parent: { type: 'experiment', positional: false, description: 'the experiment it follows' },
    name: { type: 'text', positional: false, maxLength: 100, description: 'its name; plan-N unless said' },
  },
  role: 'agent',
  visibility: 'public',
  changes: true,
  async run(
    { preset, settings, hypothesis, expected = '', parent, name },
    { experiments, launches, person },
  ) {
    const { assignments, command } = launches.preview(preset, settings);
    const before = parent === undefined ? undefined : experiments.jobOf(parent);
    const from = before && launches.origin(before)?.assignments;
    const row = experiments.plan({
      name,
      hypothesis,
      parent,
      command,
      owner: person.id,
      changeSummary: from ? changesFrom(from, assignments) : '',
      launch: { preset, assignments, expected, by: person.id },
    });
    return { row, preset, assignments, expected };
  },
  view({ row, preset, assignments, expected }) {
    const settings = Object.entries(assignments).map(([key, value]) => `${key}=${value}`);
    const blocks: Block[] = [
      {
        kind: 'text',
        text: [
          { bold: 'Planned' },
          ' ',
          { code: row.experiment_id },
          ': ',
          { code: [preset, ...settings].join(' ') },
        ],
      },
      { kind: 'text', text: [{ bold: 'Hypothesis' }, `: ${row.hypothesis}`] },
    ];
    if (expected !== '') blocks.push({ kind: 'text', text: [{ bold: 'Expected' }, `: ${expected}`] });
    if (row.change_summary !== '')
      blocks.push({ kind: 'text', text: [{ bold: 'Changes' }, `: ${row.change_summary}`] });
    blocks.push({
      kind: 'buttons',
      buttons: [
        { label: 'Queue it', command: 'queue', options: { experiment: row.experiment_id }, style: 'primary' },
      ],
    });
    return { blocks, tone: 'good' };
  },
});

/** `learning_rate 0.01 -> 0.003`. */
function changesFrom(from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>): string {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys
    .filter((key) => from[key] !== to[key])
    .map((key) => `${key} ${from[key] ?? 'unset'} -> ${to[key] ?? 'unset'}`)
    .join(', ');
}
