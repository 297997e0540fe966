import { random } from '../random-secrets.ts';

/** A text that holds secrets, and what of it nobody may read. */
export interface Shape {
  name: string;
  text: string;
  secrets: readonly string[];
}

type Add = (name: string, text: (secret: string) => string, secret?: string) => void;

/** The shapes that `list` adds, each with one secret: a random one, unless it gives another. */
export function shapesOf(list: (add: Add) => void): Shape[] {
  const shapes: Shape[] = [];
  list((name, text, secret = random(24)) => shapes.push({ name, text: text(secret), secrets: [secret] }));
  return shapes;
}

export const json = (value: unknown) => JSON.stringify(value);

/** How many characters of a secret in a row may be read: fewer tell nobody anything. */
const READABLE = 8;

/** What of a text's secrets can still be read after it was masked; undefined: nothing. */
export function leakOf({ secrets }: Shape, masked: string): string | undefined {
  const seen = masked.replace(/\u001b\[[\d;]*m|[\u200b\u00ad]/g, '');
  for (const secret of secrets)
    for (let at = 0; at + READABLE <= secret.length; at += 1) {
      const piece = secret.slice(at, at + READABLE);
      if (seen.includes(piece)) return piece;
    }
  return undefined;
}
