import { dirname, resolve } from 'node:path';
import { BotError } from '../core/errors.ts';
import { expandHome } from '../queue/expand-home.ts';

/** Where a subcommand runs: the process's environment and folder. */
export interface Place {
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** What every subcommand and command takes, and the variable that says the same. */
export const PLACE_FLAGS = {
  config: {
    description:
      'the settings, in the place of XAXBOT_CONFIG; it runs as if it was started in the folder of that file',
    value: { name: 'FILE', from: 'files' },
    variable: 'XAXBOT_CONFIG',
  },
  'data-dir': {
    description:
      "the bot's own folder, in the place of XAXBOT_DATA_DIR; the demo has a temporary one in any case",
    value: { name: 'FOLDER', from: 'folders' },
    variable: 'XAXBOT_DATA_DIR',
  },
} as const;

/** The variable that each flag of a place stands for. */
const VARIABLES = new Map(Object.entries(PLACE_FLAGS).map(([name, { variable }]) => [`--${name}`, variable]));

/**
 * Takes `--config FILE` and `--data-dir FOLDER` out of the arguments, up to `--`; `isOver` says from which word on they
 * mean something else. A subcommand with a config runs as if it was started in that file's folder, with the `.env` there.
 * Error `bad-option`.
 */
export function takePlace(
  argv: readonly string[],
  { env, cwd }: Place,
  isOver: (rest: readonly string[]) => boolean = () => false,
): { place: Place; args: string[] } {
  const named = new Map<string, string>();
  const args: string[] = [];
  const left = [...argv];
  while (left.length > 0 && left[0] !== '--' && !isOver(left)) {
    const word = left.shift()!;
    const [flag = '', ...given] = word.split('=');
    const variable = VARIABLES.get(flag);
    if (variable === undefined) {
      args.push(word);
      continue;
    }
    const value = given.length > 0 ? given.join('=') : left.shift();
    if (!value || (given.length === 0 && value.startsWith('-')))
      throw new BotError('bad-option', `${flag} names nothing.`, `Write ${flag} PATH.`);
    named.set(variable, resolve(cwd, expandHome(value, env)));
  }
  args.push(...left);
  const config = named.get('XAXBOT_CONFIG');
  const place = {
    env: { ...env, ...Object.fromEntries(named) },
    cwd: config === undefined ? cwd : dirname(config),
  };
  return { place, args };
}
