import { createHash } from 'node:crypto';
import type { Invocation } from './adapter.ts';

/** What an invocation came from, as far as its adapter can tell it from every other: the same twice is one deed. */
export interface Press {
  /** A button of a message, a form that was opened, or what was typed. */
  kind: 'button' | 'form' | 'words';
  /** The message, the opening of the form, or what was typed; unique on its adapter. */
  id: string;
}

/** The error code of a deed that was done already. */
export const PRESSED_ALREADY = 'pressed-already';

/** The command name that a question's yes carries; its only option is the token. */
export const CONFIRM = 'confirm';

/** The token of a yes to a question; undefined for anything else. */
export function yesToken(input: Invocation['input']): string | undefined {
  if (input.kind === 'confirm') return input.token;
  return input.kind === 'options' && input.command === CONFIRM ? input.options.token : undefined;
}

/** Names a press: of a button its message and what it does; undefined where the adapter names nothing. */
export function pressKey({ adapter, input, press }: Pick<Invocation, 'adapter' | 'input' | 'press'>) {
  const token = yesToken(input);
  if (token !== undefined) return `yes:${fingerprint(token)}`;
  if (press === undefined) return undefined;
  return [adapter, press.kind, press.id, ...(press.kind === 'button' ? [fingerprint(input)] : [])].join(':');
}

/** The same for the same JSON, in whatever order its keys stand. */
export function fingerprint(value: unknown): string {
  const inOrder = (_key: string, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  return createHash('sha256').update(JSON.stringify(value, inOrder)).digest('base64url').slice(0, 22);
}
