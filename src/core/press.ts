import { BotError } from './errors.ts';
import type { Message } from './message.ts';

/** Shows this in place of a message that stands somewhere. Rejects where the platform does not edit that message, or no more. */
export type Edit = (message: Message) => Promise<void>;

/** What an invocation came from, as far as its adapter can tell it from every other: the same twice is one deed. */
export interface Press {
  /** A button of a message, a form that was opened, or what was typed. */
  kind: 'button' | 'form' | 'words';
  /** The message, the opening of the form, or what was typed; unique on its adapter. */
  id: string;
  /** Of a button whose answer stands in place of the message that it is on. */
  edit?: Edit | undefined;
}

/** What is pressed or sent that the bot no longer knows. `help`: the command that lists commands, as it is typed there. */
export function tooOld(what: 'button' | 'form', help: string): BotError {
  return new BotError(
    `old-${what}`,
    `That ${what} is too old to work: xaxbot no longer knows what it does. Nothing was done.`,
    `Give the command instead; "${help}" lists them.`,
  );
}

/** The error code of a deed that was done already. */
export const PRESSED_ALREADY = 'pressed-already';

/** The error code of a question that waits for its yes. */
export const NEEDS_CONFIRMATION = 'needs-confirmation';

/** The error code of a question that nobody can answer any more. */
export const CONFIRMATION_GONE = 'confirmation-gone';

/** The command name that a question's yes carries; its only option is the token. */
export const CONFIRM = 'confirm';

/** What somebody asks for, as far as it may be a yes. */
type Input =
  | { kind: 'confirm'; token: string }
  | { kind: 'options'; command: string; options: Readonly<Record<string, string>> }
  | { kind: 'text' | 'argv' };

/** The token of a yes to a question; undefined for anything else. */
export function yesToken(input: Input): string | undefined {
  if (input.kind === 'confirm') return input.token;
  return input.kind === 'options' && input.command === CONFIRM ? input.options.token : undefined;
}
