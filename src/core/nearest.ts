import { distance } from 'fastest-levenshtein';

/** The `count` of `known` that are spelt most like `given`. */
export function nearest(given: string, known: readonly string[], count: number): string[] {
  const lower = given.toLowerCase();
  const score = (name: string) => {
    const candidate = name.toLowerCase();
    return candidate.startsWith(lower) || candidate.includes(lower) ? 0 : distance(lower, candidate);
  };
  return known
    .map((name) => ({ name, score: score(name) }))
    .sort((a, b) => a.score - b.score)
    .slice(0, count)
    .map(({ name }) => name);
}
