import { COMMANDS } from '../commands/index.ts';
import type { AdapterHandlers, Reply } from '../src/core/adapter.ts';
import { formOf } from '../src/core/form.ts';
import { type Message, textMessage } from '../src/core/message.ts';
import type { Preset } from '../src/core/preset.ts';
import type { House } from './contract/adapter-harness.ts';

/** The command whose form depends on what is chosen in it. */
export const QUEUE = COMMANDS.find(({ name }) => name === 'queue')!;

/** A preset with these options. */
export const preset = (name: string, options: Preset['options'], more: Partial<Preset> = {}): Preset => ({
  name,
  description: `trains ${name}`,
  cwd: '/p',
  argv: ['python'],
  options,
  allowExtra: [],
  ...more,
});

/** Two presets, with settings of every kind; `lr` is of both, with other defaults. */
export const PRESETS: readonly Preset[] = [
  preset('toy', {
    lr: { type: 'number', description: 'step size', min: 0.001, max: 1, default: '0.01' },
    depth: { type: 'integer', description: 'layers', min: 1, max: 8, default: '2' },
    opt: { type: 'choice', description: 'which', choices: ['adam', 'sgd'], default: 'sgd' },
    amp: { type: 'boolean', description: 'half precision', default: 'true' },
  }),
  preset('gpt', { lr: { type: 'number', description: 'step size', default: '0.5' } }),
];

/** A card with a button that opens the form of a run. */
export const QUEUE_CARD: Message = {
  blocks: [
    { kind: 'text', text: 'a card' },
    { kind: 'buttons', buttons: [{ label: 'Queue a run', command: 'queue', options: {}, form: true }] },
  ],
};

/** Handlers of a bot with that command and these presets alone. */
export function queueHandlers(house: House, presets = PRESETS): AdapterHandlers {
  return {
    ...house.handlers,
    commands: [QUEUE],
    commandsFor: () => [QUEUE],
    form: async (_invocation, _command, given) => formOf(QUEUE, given, { presets, useless: ['replace'] }),
  };
}

/** What it is answered that was not done, for something that an option says. */
export function refusal(text: string, errorOption?: string): Reply {
  return {
    message: textMessage(text, 'warning'),
    visibility: 'private',
    ok: false,
    final: true,
    errorCode: 'no',
    ...(errorOption === undefined ? {} : { errorOption }),
  };
}
