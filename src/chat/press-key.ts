import { createHash } from 'node:crypto';
import type { Invocation } from '../core/adapter.ts';
import { yesToken } from '../core/press.ts';

/** Characters of a hash: 132 bits. */
const HASH_LENGTH = 22;

/** Names a press: of a button its message and what it does, of a yes its question; undefined where the adapter names nothing. */
export function pressKey({
  adapter,
  input,
  press,
}: Pick<Invocation, 'adapter' | 'input' | 'press'>): string | undefined {
  const token = yesToken(input);
  if (token !== undefined) return yesKey(token);
  if (press === undefined) return undefined;
  return [adapter, press.kind, press.id, ...(press.kind === 'button' ? [hashOf(input)] : [])].join(':');
}

/** Names the yes to a question. */
export function yesKey(token: string): string {
  return `yes:${hashOf(token)}`;
}

/** The same for the same JSON, in whatever order its keys stand. */
export function hashOf(value: unknown): string {
  const inOrder = (_key: string, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  return createHash('sha256')
    .update(JSON.stringify(value, inOrder))
    .digest('base64url')
    .slice(0, HASH_LENGTH);
}
