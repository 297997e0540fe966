import { mayBeSecret } from './own-secrets.ts';

/** A value that cannot be taken, as a refusal repeats it; not one that may be a secret in the wrong place. */
export function asGiven(value: string): string {
  return mayBeSecret(value)
    ? `"…" (${value.length} characters, not repeated here: they may be a secret)`
    : `"${value}"`;
}
