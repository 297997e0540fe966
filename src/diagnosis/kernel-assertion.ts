import { readWords } from './read-words.ts';

/** What a kernel prints whose own check failed; every later call to the GPU fails because of it. */
const ASSERTION = /thread: \[[^\]]*\] (Assertion .+? failed)/;
/** Lines above in which it is looked for. */
const ABOVE = 15;

/** A kernel's failed assertion near above a line, and what to try. */
export function assertionAbove(
  lines: readonly string[],
  at: number,
): { words: string; advice: string | null } | undefined {
  const words = lines
    .slice(Math.max(0, at - ABOVE), at)
    .map((line) => ASSERTION.exec(line)?.[1])
    .find((found) => found !== undefined);
  return words === undefined ? undefined : { words, advice: readWords('', 'device-side assert').advice };
}
