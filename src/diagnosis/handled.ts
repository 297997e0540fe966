import { isAfterword } from './afterwords.ts';
import { saysAside } from './asides.ts';
import type { Chain } from './chains.ts';

/** Somebody wrote beside it that the program can do without; believed only where the program then had more to say. */
const HANDLED =
  /\bfall(s|ing)? ?back\b|\b(starting|start) (anew|fresh|from scratch)\b|\b(ignor|continu|retry|skipp|disabl)(ing|ed|es?)\b|\bgoing on\b|\bwill retry\b|\bwithout it\b/i;
/** A logger's own level, on the line above what it was given to log. */
const WARNED = /(?:^|[\s[|])WARN(?:ING)?\b\]?[\s:|-]+\S/;
/** So many lines that are no afterwords show that the program had more to say. */
const MORE_TO_SAY = 3;
/** Lines above and below in which it is said. */
const BESIDE = 2;

/** Tells of each chain of a log whether the program handled it. */
export function handledOf(chains: readonly Chain[], lines: readonly string[]): (chain: Chain) => boolean {
  const own = new Uint8Array(lines.length);
  for (const { start, end } of chains) own.fill(1, start, end);
  const ordinary = lines.flatMap((line, at) => (own[at] === 1 || isAfterword(line) ? [] : [at]));
  return ({ start, end, exceptions }) => {
    const beside = [...lines.slice(Math.max(0, start - BESIDE), start), ...lines.slice(end, end + BESIDE)];
    const isSaid =
      WARNED.test(lines[start - 1] ?? '') || beside.some((line) => HANDLED.test(line) && !saysAside(line));
    if (!isSaid) return false;
    // The lines of other ranks tell nothing of this one.
    const { margin } = exceptions.at(-1)!;
    let said = 0;
    for (const at of ordinary) {
      if (at >= end && margin.strip(lines[at]!) !== null) said += 1;
      if (said >= MORE_TO_SAY) return true;
    }
    return false;
  };
}
