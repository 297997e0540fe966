import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRaw } from '../../src/metrics/raw.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { ELSEWHERE, FOLDERS } from './elsewhere.ts';

/** What an independent reader found: TensorBoard's, pandas, sqlite3, json, or the library's own. */
interface Expected {
  series: {
    subrun: string;
    file: string | null;
    tag?: string;
    kind: string;
    points: number;
    first: [number, number | string];
    last: [number, number | string];
  }[];
}

const NUMBERS: Record<string, number> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY };
const numberOf = (value: number | string) => (typeof value === 'string' ? NUMBERS[value]! : value);

describe('a run folder as another training stack left it', () => {
  it.each(FOLDERS)('%s: every series as it stands on disk', async (folder) => {
    const { series: expected } = JSON.parse(
      readFileSync(join(ELSEWHERE, folder, 'expected.json'), 'utf8'),
    ) as Expected;
    const { series } = await readRaw(createRunFiles(join(ELSEWHERE, folder)));
    if (expected.every(({ tag }) => tag === undefined)) expect(series).toEqual([]);
    for (const { subrun, file, tag, points, first, last } of expected) {
      // Of a whole folder as TensorBoard reads it, file after file.
      const theirs = series.filter(
        (each) =>
          each.tag === tag && (file === null ? each.subRun === subrun : each.file === relative('.', file)),
      );
      if (tag === undefined) continue;
      expect(theirs.length, `${subrun} ${file} ${tag}`).toBeGreaterThan(0);
      expect(
        theirs.every((each) => each.subRun === subrun),
        `${file} is of ${theirs[0]?.subRun}`,
      ).toBe(true);
      expect(
        theirs.reduce((sum, each) => sum + each.points, 0),
        `${file} ${tag}`,
      ).toBe(points);
      expect([theirs[0]!.first, theirs.at(-1)!.last], `${file} ${tag}`).toEqual([
        [first[0], numberOf(first[1])],
        [last[0], numberOf(last[1])],
      ]);
    }
  });
});
