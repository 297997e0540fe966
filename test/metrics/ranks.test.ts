import { describe, expect, it } from 'vitest';
import { createColumns } from '../../src/metrics/columns.ts';
import { ranksOf } from '../../src/metrics/ranks.ts';

interface Written {
  name: string;
  steps: number[];
  /** Epoch seconds of the first and the last point. */
  from: number;
  to: number;
}

function told(...written: Written[]) {
  const byName = new Map(
    written.map(({ name, steps, from, to }) => {
      const points = createColumns('loss');
      for (const [index, step] of steps.entries())
        points.push(step, from + ((to - from) * index) / Math.max(1, steps.length - 1), 1);
      return [name, new Map([['loss', points]])];
    }),
  );
  const ranks = ranksOf([...byName.keys()], (path) => byName.get(path)!);
  return ranks && Object.fromEntries(ranks);
}
const file = (began: number, pid: number, count = 0) => `events.out.tfevents.${began}.host1.${pid}.${count}`;

describe('ranks in one folder', () => {
  it('are writers that log the same steps at the same time', () => {
    const [a, b] = [file(1_000, 71), file(1_009, 70)];
    const steps = [0, 1, 2, 3];
    expect(
      told({ name: a, steps, from: 1_010, to: 1_040 }, { name: b, steps, from: 1_011, to: 1_041 }),
    ).toEqual({
      [a]: 1,
      [b]: 0,
    });
  });

  it('are those that were begun together, whenever each wrote', () => {
    const [a, b] = [file(1_000, 70), file(1_001, 71)];
    const steps = [0, 1, 2];
    expect(
      told({ name: a, steps, from: 1_002, to: 1_003 }, { name: b, steps, from: 1_004, to: 1_005 }),
    ).toEqual({
      [a]: 0,
      [b]: 1,
    });
  });

  it('are none where a later process goes on from an earlier step, however soon', () => {
    expect(
      told(
        { name: file(1_000, 70), steps: [5, 10, 15], from: 1_000, to: 1_001 },
        { name: file(1_002, 80), steps: [15, 20], from: 1_003, to: 1_004 },
      ),
    ).toBeNull();
  });

  it('are none where one process closes its file and begins another, or logs another tag at other steps', () => {
    expect(
      told(
        { name: file(1_000, 70), steps: [0, 1], from: 1_000, to: 1_001 },
        { name: file(1_000, 70, 1), steps: [2, 3], from: 1_002, to: 1_003 },
      ),
    ).toBeNull();
    expect(
      told(
        { name: file(1_000, 70), steps: [0, 2], from: 1_000, to: 1_009 },
        { name: file(1_000, 71), steps: [1, 3], from: 1_000, to: 1_009 },
      ),
    ).toBeNull();
  });

  it('keep their numbers when all are begun again', () => {
    const names = [file(1_000, 70), file(1_000, 71), file(2_000, 90), file(2_000, 91)];
    const steps = [0, 1, 2];
    const later = [2, 3, 4];
    expect(
      told(
        { name: names[0]!, steps, from: 1_000, to: 1_500 },
        { name: names[1]!, steps, from: 1_000, to: 1_500 },
        { name: names[2]!, steps: later, from: 2_000, to: 2_500 },
        { name: names[3]!, steps: later, from: 2_000, to: 2_500 },
      ),
    ).toEqual({ [names[0]!]: 0, [names[1]!]: 1, [names[2]!]: 0, [names[3]!]: 1 });
  });
});
