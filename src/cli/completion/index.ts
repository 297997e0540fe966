import { say } from '../../../adapters/terminal/screen.ts';
import { grammar } from '../grammar.ts';
import type { Given, Subcommand } from '../subcommand.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const SHELLS: Record<string, typeof bashCompletion> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `xaxbot completion SHELL`: prints what that shell completes a line with. The exit code. */
export function completion({ action }: Given, subcommands: readonly Subcommand[]): number {
  say(SHELLS[action!]!(grammar(subcommands)).trimEnd());
  return 0;
}
