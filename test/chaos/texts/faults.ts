import { expect, type TestContext } from 'vitest';
import { hostileTexts } from '../../hostile-texts.ts';
import { figure, runs, SEED } from '../figures.ts';

/** How many of a kind of fault are shown. */
const SHOWN = 2;
const SHOWN_LENGTH = 400;

/**
 * Puts the texts through `faultsOf`, which says what is wrong with how each is shown, as `kind: what`; a figure of it, and a
 * test that fails for any.
 */
export async function tryTexts(
  task: TestContext['task'],
  { attack, full = 10_000, ci }: { attack: string; full?: number; ci: number },
  faultsOf: (text: string, index: number, mark: string) => readonly string[] | Promise<readonly string[]>,
): Promise<void> {
  const count = runs({ full, ci });
  const found = new Map<string, string[]>();
  for (const [index, { text, mark }] of hostileTexts(SEED, count).entries())
    for (const fault of await faultsOf(text, index, mark)) {
      const kind = fault.split(':')[0]!;
      const shown = `${JSON.stringify(fault).slice(0, SHOWN_LENGTH)} of ${JSON.stringify(text).slice(0, SHOWN_LENGTH)}`;
      found.set(kind, [...(found.get(kind) ?? []), shown]);
    }
  tell(task, attack, count, found);
}

/** The figure of an attack, and its test: `found` has what was wrong, by kind. */
export function tell(
  task: TestContext['task'],
  attack: string,
  count: number,
  found: ReadonlyMap<string, readonly string[]>,
): void {
  const sum = [...found.values()].reduce((all, { length }) => all + length, 0);
  figure(task, { attack, runs: count, result: `${sum} acted, broke or said something else` });
  const shortest = (all: readonly string[]) => all.toSorted((a, b) => a.length - b.length).slice(0, SHOWN);
  expect(
    [...found].map(([kind, all]) => `${kind}, ${all.length} times: ${shortest(all).join('; ')}`),
  ).toEqual([]);
}
