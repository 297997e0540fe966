import { clip } from '../src/core/clip.ts';
import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { assignmentsText } from '../src/core/quoting.ts';
import type { Services } from '../src/core/services/context.ts';

export const dismiss = defineCommand({
  name: 'dismiss',
  aliases: ['suggest dismiss', 'notnow'],
  group: 'Experiments',
  summary: 'Dismiss a suggestion, and say why: neither it nor anything near it is suggested again',
  examples: [
    'dismiss toy learning_rate=0.3 reason="diverged last month already"',
    'dismiss toy learning_rate=0.01 hidden_dim=512 about=hidden_dim reason="too large for one GPU"',
  ],
  options: {
    preset: { type: 'preset', required: true, settled: true, description: 'the preset of the suggestion' },
    settings: {
      type: 'assignments',
      settled: true,
      description: "the suggestion's options, each as key=value",
    },
    reason: {
      type: 'text',
      positional: false,
      required: true,
      multiline: true,
      label: 'Why not',
      description: 'why not; kept, and shown to whoever tries the same',
    },
    about: {
      type: 'text',
      positional: false,
      settled: true,
      maxLength: 1_000,
      description: 'the options it is about (default: all that are given)',
    },
  },
  services: ['dismissals', 'now', 'launches'],
  role: 'operator',
  visibility: 'public',
  changes: true,
  check: (options, { services }) => void meant(options, services),
  async run(options, { caller: { person }, services }) {
    const { preset, reason } = options;
    const dismissed = { preset, ...meant(options, services), reason, by: person.name };
    services.dismissals.add({ ...dismissed, at: services.now() });
    const { id } = services.dismissals.all().at(-1)!;
    return { id, ...dismissed };
  },
  view({ id, preset, assignments, about, reason, by }) {
    const near = about.length === 0 ? '' : ` Nothing is suggested near its ${about.join(', ')}.`;
    return {
      blocks: [
        {
          kind: 'text',
          text: [
            { bold: 'Dismissed' },
            ': ',
            { code: `${preset} ${assignmentsText(assignments)}`.trim() },
            `. ${by}: ${reason}.${near} `,
            { command: `dismissed undo=${id}` },
            ' undoes it.',
          ],
        },
      ],
    };
  },
});

/** The suggestion's settings, defaults filled in, and those of them that it is about. Errors `bad-option`, and those of `preview`. */
function meant(
  {
    preset,
    settings,
    about,
  }: { preset: string; settings: Record<string, string>; about: string | undefined },
  { launches }: Pick<Services, 'launches'>,
): { assignments: Record<string, string>; about: string[] } {
  const { assignments } = launches.preview(preset, settings);
  const keys = about?.split(/[\s,]+/).filter((key) => key !== '') ?? Object.keys(settings);
  const unknown = keys.find((key) => !Object.hasOwn(assignments, key));
  if (unknown === undefined) return { assignments, about: keys };
  throw new BotError(
    'bad-option',
    `about names ${clip(unknown, 60)}, which is not among the settings.`,
    `They are: ${Object.keys(assignments).join(', ') || 'none'}.`,
    'about',
  );
}
