import { defineCommand } from '../src/core/command.ts';
import type { Block, Button, Text } from '../src/core/message.ts';

/** More at once is a sweep. */
const MOST = 3;

export const suggest = defineCommand({
  name: 'suggest',
  summary: 'What to try next, and why; or that it is time to stop',
  examples: ['suggest', 'suggest 3', 'suggest preset=toy'],
  options: {
    count: { type: 'integer', min: 1, max: MOST, description: `how many, up to ${MOST}; one unless said` },
    preset: { type: 'preset', positional: false, description: "which preset; the best run's unless said" },
  },
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ count = 1, preset }, { suggestions, experiments }) {
    return { session: experiments.session().name, ...suggestions.suggest(experiments, preset, count) };
  },
  view({ preset, stop, suggestions }) {
    const blocks: Block[] = [];
    if (stop)
      blocks.push({
        kind: 'text',
        text: [
          { bold: 'Time to stop' },
          `: ${stop.why}.${suggestions.length > 0 ? ' If you go on all the same:' : ''}`,
        ],
      });
    if (suggestions.length === 0 && !stop)
      blocks.push({ kind: 'text', text: 'Everything that the preset declares has been tried.' });
    for (const { settings, parent, hypothesis, expected, why } of suggestions) {
      const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
      const command = ['queue', preset, ...lines, parent === null ? '' : `parent=${parent}`].filter(
        (word) => word !== '',
      );
      const text = (name: string, words: string): Block => ({
        kind: 'text',
        text: [{ bold: name }, `: ${words}`] as Text,
      });
      blocks.push(
        { kind: 'code', text: command.join(' ') },
        text('Hypothesis', hypothesis),
        text('Expected', expected),
        text('Why', why),
        { kind: 'buttons', buttons: buttons({ preset, lines, parent, hypothesis, expected }) },
      );
    }
    return { blocks, tone: stop ? 'warning' : 'neutral' };
  },
});

function buttons(given: {
  preset: string;
  lines: readonly string[];
  parent: string | null;
  hypothesis: string;
  expected: string;
}): Button[] {
  const { preset, parent, hypothesis, expected } = given;
  const settings = given.lines.join('\n');
  const why = { hypothesis, ...(parent === null ? {} : { parent }) };
  return [
    { label: 'Plan', command: 'plan', options: { preset, settings, expected, ...why } },
    { label: 'Queue', command: 'queue', options: { preset, settings, ...why }, style: 'primary' },
    { label: 'Not now', command: 'notnow', options: { preset, settings }, form: true },
  ];
}
