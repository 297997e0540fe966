import { defineCommand } from '../src/core/command.ts';

export const notnow = defineCommand({
  name: 'notnow',
  title: 'Not now',
  summary: 'Say no to what was suggested, and why: it is not suggested again',
  examples: ['notnow toy learning_rate=0.3 reason="diverged last month already"'],
  options: {
    preset: { type: 'preset', required: true, settled: true, description: 'the preset of the suggestion' },
    settings: {
      type: 'assignments',
      settled: true,
      description: 'the options of the suggestion, each as key=value',
    },
    reason: {
      type: 'text',
      positional: false,
      required: true,
      multiline: true,
      label: 'Why not now',
      description: 'remembered beside the suggestion',
    },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  check: ({ preset, settings }, { launches }) => void launches.preview(preset, settings),
  async run({ preset, settings, reason }, { experiments, launches, person, now }) {
    const { assignments } = launches.preview(preset, settings);
    experiments.putOff({ preset, assignments, reason, by: person.name, at: now() });
    return { preset, assignments, reason, by: person.name };
  },
  view({ preset, assignments, reason, by }) {
    const settings = Object.entries(assignments).map(([key, value]) => `${key}=${value}`);
    return {
      blocks: [
        {
          kind: 'text',
          text: [{ bold: 'Not now' }, ': ', { code: [preset, ...settings].join(' ') }, `. ${by}: ${reason}`],
        },
      ],
    };
  },
});
