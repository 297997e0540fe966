import type { Invocation } from './adapter.ts';

/** Among a button's options the session that it was shown in; no option can be called so. */
const SESSION = '@session';

type Input = Exclude<Invocation['input'], { kind: 'confirm' }>;

/** Options of a button that is about this session, whichever is in use when it is pressed. */
export function inSession(
  session: string,
  options: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...options, [SESSION]: session };
}

/** What was pressed or typed without its session, and the session; null where none was pinned. */
export function sessionPinned<I extends Input>(input: I): { input: I; session: string | null } {
  if (input.kind !== 'options' || !Object.hasOwn(input.options, SESSION)) return { input, session: null };
  const { [SESSION]: session = null, ...options } = input.options;
  return { input: { ...input, options }, session };
}
