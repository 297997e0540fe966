import { say } from '../../../adapters/terminal/screen.ts';
import { grammar } from '../grammar.ts';
import type { Place } from '../place.ts';
import type { Given } from '../subcommand.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const SHELLS: Record<string, typeof bashCompletion> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `xaxbot completion SHELL`: prints what that shell completes a line with. Resolves to the exit code. */
export async function completion(_place: Place, { action }: Given): Promise<number> {
  say(SHELLS[action!]!(grammar()).trimEnd());
  return 0;
}
