import { describe, expect, it } from 'vitest';
import { analyse, type Judged, type Outcome } from '../../src/core/analysis.ts';
import { objectiveValue, parseValue } from '../../src/core/objective.ts';
import { series } from '../series.ts';

const curveOf = (values: readonly number[]) => series('value/loss', values, { stepsApart: 1 });
const outcome = (experimentId: string, value: number | null, more: Partial<Outcome> = {}): Outcome => ({
  experimentId,
  status: 'completed',
  value,
  runs: 1,
  jitter: 0.01,
  steps: 1_000,
  ...more,
});
const read = (run: Outcome, more: Partial<Judged> = {}) =>
  analyse({
    status: 'completed',
    metric: 'value/loss',
    mode: 'min',
    own: run.value,
    run,
    parent: null,
    best: null,
    repeatsParent: false,
    seeds: null,
    ...more,
  });

describe("a run's value by the objective", () => {
  const curve = curveOf([5, 1, 2, 3]);
  it('is its last, its best or the mean of its last points', () => {
    const objective = { metric: 'value/loss', mode: 'min' } as const;
    expect(objectiveValue(curve, objective)).toBe(3);
    expect(objectiveValue(curve, { ...objective, take: 'best' })).toBe(1);
    expect(objectiveValue(curve, { ...objective, mode: 'max', take: 'best' })).toBe(5);
    expect(objectiveValue(curve, { ...objective, take: 'mean', points: 2 })).toBe(2.5);
    expect(objectiveValue(curve, { ...objective, take: 'mean' })).toBe(2.75);
    expect(objectiveValue(curveOf([]), objective)).toBeNull();
  });
});

describe("a number in the log's objective_value", () => {
  it("is read as Python's float() reads it", () => {
    expect(['0.25', ' -1e-05 ', '5.', '.5', '1_000'].map(parseValue)).toEqual([0.25, -1e-5, 5, 0.5, 1000]);
    expect(['', 'nan', '-inf', '0x10', '0,1', '1__0', '1_', 'e5', '.'].map(parseValue)).toEqual(
      new Array(9).fill(null),
    );
  });
});

describe('the proposed reading of a run', () => {
  const parent = outcome('job-1', 0.5);
  const words = (...given: Parameters<typeof read>) => {
    const { reading, because } = read(...given);
    return because === '' ? reading : `${reading}: ${because}`;
  };

  it('goes by its parent, else by the best, and needs more than the jitter of both curves', () => {
    expect(words(outcome('job-2', 0.4), { parent })).toBe(
      'improved: compared with the parent job-1, by more than the jitter of the curves; the spread across seeds is unknown',
    );
    expect(read(outcome('job-2', 0.6), { parent }).reading).toBe('worse');
    expect(words(outcome('job-2', 0.48), { parent })).toBe(
      'no clear change: the difference from the parent job-1 is within the jitter of the curves',
    );
    expect(words(outcome('job-2', 0.4), { best: outcome('job-9', 0.3) })).toMatch(
      /^worse: compared with the best run job-9/,
    );
    expect(read(outcome('job-2', 0.6), { parent, mode: 'max' }).reading).toBe('improved');
  });

  it('goes by the seed noise where runs were repeated, and by as many runs as there are', () => {
    const seeds = { deviation: 0.01, degrees: 4 };
    // Student's t with four degrees of freedom is 2.776; two single runs differ by 1.414 deviations.
    expect(read(outcome('job-2', 0.462), { parent, seeds }).reading).toBe('no clear change');
    expect(words(outcome('job-2', 0.46), { parent, seeds })).toBe(
      'improved: compared with the parent job-1, by more than seed noise',
    );
    const repeated = outcome('job-1', 0.5, { runs: 4 });
    expect(read(outcome('job-2', 0.475, { runs: 3 }), { parent: repeated, seeds }).reading).toBe('improved');
    expect(read(outcome('job-2', 0.475), { parent, seeds: { deviation: 0.01, degrees: 1 } }).reading).toBe(
      'no clear change',
    );
  });

  it('of a run that repeats its parent is no change, however far apart the two are', () => {
    expect(words(outcome('job-2', 0.1), { parent, repeatsParent: true })).toBe(
      'no clear change: it repeats the parent job-1: only the seeds differ',
    );
  });

  it('is no clear change where the noise of either is not known, however far apart they are', () => {
    const still = { jitter: null };
    const unknown =
      'no clear change: the difference from the parent job-1 may be chance: no run was repeated, and the noise of the curves is unknown';
    for (const value of [0.4999, 0.1, 0.9]) {
      expect(words(outcome('job-2', value, still), { parent: outcome('job-1', 0.5, still) })).toBe(unknown);
      expect(words(outcome('job-2', value, still), { parent })).toBe(unknown);
      expect(words(outcome('job-2', value), { parent: outcome('job-1', 0.5, still) })).toBe(unknown);
    }
    const seeds = { deviation: 0.01, degrees: 4 };
    expect(read(outcome('job-2', 0.4, still), { parent, seeds }).reading).toBe('improved');
  });

  it('says both differences, and one of a parent that is the best', () => {
    const both = read(outcome('job-2', 0.4), { parent, best: outcome('job-9', 0.3) });
    expect(both.differences.map(({ why, gain }) => [why, Math.round(gain * 100)])).toEqual([
      ['parent', 10],
      ['best', -10],
    ]);
    expect(read(outcome('job-2', 0.4), { parent, best: parent }).differences).toHaveLength(1);
  });

  it('is none where there is nothing to compare', () => {
    expect(words(outcome('job-2', 0.4))).toBe(
      'not comparable: there is nothing to compare it with yet: it is a baseline',
    );
    expect(words(outcome('job-2', null), { parent })).toBe('not comparable: it logged no value/loss');
    expect(words(outcome('job-2', Number.NaN), { parent })).toBe('not comparable: its value/loss is NaN');
    expect(words(outcome('job-2', 0.4), { parent, status: 'cancelled' })).toBe(
      'not comparable: it was cancelled',
    );
    expect(words(outcome('job-2', 0.4), { parent, status: 'failed' })).toBe('failed');
  });

  it('is none of a run that was trained much shorter or longer than the other', () => {
    expect(words(outcome('job-2', 0.4, { steps: 300 }), { parent })).toBe(
      'not comparable: it made 300 steps, job-1 made 1000',
    );
    expect(words(outcome('job-2', 0.4, { steps: 3_000 }), { parent })).toBe(
      'not comparable: it made 3000 steps, job-1 made 1000',
    );
    expect(read(outcome('job-2', 0.4, { steps: 950 }), { parent }).reading).toBe('improved');
  });

  it('leaves out a parent that did not complete or has no number, and says so', () => {
    const best = outcome('job-9', 0.3);
    expect(words(outcome('job-2', 0.4), { parent: outcome('job-1', 0.9, { status: 'failed' }), best })).toBe(
      'worse: compared with the best run job-9, by more than the jitter of the curves; the spread across seeds is unknown; the parent job-1 is failed',
    );
    expect(words(outcome('job-2', 0.4), { parent: outcome('job-1', null) })).toBe(
      'not comparable: there is nothing else to compare it with; the parent job-1 has no value',
    );
  });
});
