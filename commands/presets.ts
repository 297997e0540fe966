import { defineCommand } from '../src/core/command.ts';
import type { Block, Text } from '../src/core/message.ts';
import { howToDeclare, NO_PRESET } from '../src/core/no-preset.ts';
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
        blocks: [{ kind: 'text', text: `${NO_PRESET} ${howToDeclare()}` }],
      };
    const [only] = shown;
    return { blocks: shown.length === 1 ? inFull(only!) : inShort(shown) };
  },
});

/** So many of a preset's settings are named where several presets are listed. */
const NAMED_MAX = 5;

function inShort(shown: readonly Shown[]): Block[] {
  const rows = shown.map(({ name, description, options, queues }): Text[] => {
    const more = options.length - NAMED_MAX;
    const settings = options.slice(0, NAMED_MAX).map(({ key }) => key);
    return [
      { code: name },
      [description, ...(queues ? [`on ${queues.join(', ')}`] : [])].filter(Boolean).join('; '),
      [...settings, ...(more > 0 ? [`and ${more} more`] : [])].join(', '),
    ];
  });
  return [
    { kind: 'table', columns: ['preset', 'what it is', 'settings'], rows },
    {
      kind: 'text',
      text: [{ command: 'presets NAME' }, ' says what one starts and what its settings accept.'],
    },
  ];
}

function inFull({ name, description, command, options, allowExtra, queues }: Shown): Block[] {
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
  const isDescribed = options.some((option) => option.description !== '');
  const rows = options.map(({ key, default: usual, ...option }): Text[] => [
    { code: key },
    acceptedWords(option),
    usual ?? '',
    ...(isDescribed ? [option.description] : []),
  ]);
  const columns = ['setting', 'accepts', 'default', ...(isDescribed ? ['what it is'] : [])];
  return [
    ...said.map((text): Block => ({ kind: 'text', text })),
    ...(rows.length > 0 ? [{ kind: 'table' as const, columns, rows }] : []),
    ...(extra === '' ? [] : [{ kind: 'text' as const, text: extra }]),
  ];
}
