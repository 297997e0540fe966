import { distance } from 'fastest-levenshtein';

/** Spelt closer than this, two names may be meant for each other: letters, and part of the longer one. */
const CLOSE_LETTERS = 2;
const CLOSE_PART = 0.4;

/** The `count` of `known` that are spelt most like `given`, or abbreviated by it: `lr` is `learning_rate`. */
export function nearest(given: string, known: readonly string[], count: number): string[] {
  return scored(given, known)
    .slice(0, count)
    .map(({ name }) => name);
}

/** The one of `known` that `given` may well be meant for; undefined where none is close. */
export function closest(given: string, known: readonly string[]): string | undefined {
  const [first] = scored(given, known);
  if (!first) return undefined;
  const close = Math.max(CLOSE_LETTERS, CLOSE_PART * Math.max(given.length, first.name.length));
  return first.score <= close ? first.name : undefined;
}

function scored(given: string, known: readonly string[]): { name: string; score: number }[] {
  const lower = given.toLowerCase();
  const score = (name: string) => {
    const candidate = name.toLowerCase();
    return candidate.includes(lower) || initials(candidate) === lower ? 0 : distance(lower, candidate);
  };
  return known.map((name) => ({ name, score: score(name) })).sort((a, b) => a.score - b.score);
}

/** `lr` of `learning_rate`; empty for a name of one part. */
function initials(name: string): string {
  const parts = name.split(/[-_./\s]+/).filter((part) => part !== '');
  return parts.length > 1 ? parts.map((part) => part[0]).join('') : '';
}
