import { defineCommand } from '../src/core/command.ts';
import type { Block, Text } from '../src/core/message.ts';
import type { PresetOption } from '../src/core/preset.ts';
import { acceptedWords } from '../src/core/setting-fields.ts';

interface Shown {
  name: string;
  description: string;
  /** What is started, as people read it. */
  command: string;
  options: (PresetOption & { key: string })[];
  /** Keys that may be set beyond those; `*` for every key. */
  allowExtra: readonly string[];
  /** The queues that it is for; absent: each. */
  queues?: readonly string[] | undefined;
}

export const presets = defineCommand({
  name: 'presets',
  group: 'The queue',
  summary: 'What can be queued, and the settings it takes',
  examples: ['presets', 'presets toy'],
  options: { preset: { type: 'preset', description: 'only this one' } },
  services: ['launches'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ preset }, { services: { launches } }): Promise<{ presets: Shown[] }> {
    // Refuses a name that is none.
    if (preset !== undefined) launches.preview(preset, {});
    const named = launches.presets().filter(({ name }) => preset === undefined || name === preset);
    return {
      presets: named.map(({ name, description, options, allowExtra, queues }) => ({
        name,
        description,
        command: launches.preview(name, {}).command,
        options: Object.entries(options).map(([key, option]) => ({ key, ...option })),
        allowExtra,
        ...(queues ? { queues } : {}),
      })),
    };
  },
  view({ presets: shown }) {
    if (shown.length === 0)
      return {
        blocks: [
          { kind: 'text', text: 'No preset is declared in xaxbot.yaml, so nothing can be queued from chat.' },
        ],
      };
    return { blocks: shown.flatMap(blocksOf) };
  },
});

function blocksOf({ name, description, command, options, allowExtra, queues }: Shown): Block[] {
  const extra = allowExtra.includes('*')
    ? 'Any other setting may be given too.'
    : allowExtra.length > 0
      ? `These may be given too: ${allowExtra.join(', ')}.`
      : '';
  const said: Text[] = [
    [{ bold: name }, description === '' ? '' : `: ${description}`],
    { code: command },
    ...(queues ? [`On ${queues.join(', ')}.`] : []),
  ];
  return [
    ...said.map((text): Block => ({ kind: 'text', text })),
    ...(options.length > 0
      ? [
          {
            kind: 'fields' as const,
            fields: options.map(({ key, ...option }) => ({ name: key, value: optionWords(option) })),
          },
        ]
      : []),
    ...(extra === '' ? [] : [{ kind: 'text' as const, text: extra }]),
  ];
}

function optionWords(option: PresetOption): string {
  const { description } = option;
  return [acceptedWords(option), description].filter((words) => words !== '').join('; ');
}
