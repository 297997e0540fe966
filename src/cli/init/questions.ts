import type { AdapterKind } from '../../../adapters/kind.ts';
import { ADAPTERS } from '../../../adapters/registry.ts';
import type { Flags } from '../subcommand.ts';

/** The flag that gives a variable: `--slack-bot-token` for SLACK_BOT_TOKEN. */
export function flagOf(variable: string): string {
  return variable
    .replace(/^XAXBOT_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

/** The flag that gives the channels of an adapter. */
export function channelsFlag({ name }: Pick<AdapterKind, 'name'>): string {
  return `${name}-channels`;
}

const OF_ADAPTERS: Flags = Object.fromEntries(
  ADAPTERS.flatMap((kind) => [
    ...(kind.setUp?.asks ?? []).map(({ variable, words, value }) => [
      flagOf(variable),
      { description: words, value: { name: value } },
    ]),
    ...(kind.setUp?.channels
      ? [[channelsFlag(kind), { description: kind.setUp.channels, value: { name: 'IDS' } }]]
      : []),
  ]),
);

/** What `xaxbot init` takes in the place of its questions. */
export const INIT_FLAGS: Flags = {
  yes: { description: 'ask nothing: what was found, and what no flag says otherwise' },
  force: { description: 'change files that are there without asking; a copy of each is kept' },
  'xax-home': { description: "the queue's folder", value: { name: 'FOLDER', from: 'folders' } },
  'xax-bin': { description: 'the xax command', value: { name: 'FILE', from: 'files' } },
  project: {
    description: 'where the training code is; several with : between',
    value: { name: 'FOLDERS', from: 'folders' },
  },
  python: { description: 'the Python that runs it', value: { name: 'FILE', from: 'files' } },
  presets: {
    description: 'which of the modules found may be launched: all, none, or names',
    value: { name: 'NAMES' },
  },
  host: { description: 'what the chat calls this machine', value: { name: 'NAME' } },
  timezone: { description: 'for times in the terminal', value: { name: 'ZONE' } },
  ...OF_ADAPTERS,
};
