import { describe, expect, it } from 'vitest';
import { analyse, noiseOf, type Outcome, spreadOf } from '../../src/core/analysis.ts';
import { objectiveValue } from '../../src/core/objective.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';

const series = (values: number[]) => ({
  tag: 'value/loss',
  length: values.length,
  steps: Float64Array.from(values, (_, index) => index),
  wallTimes: new Float64Array(values.length),
  values: Float64Array.from(values),
});
const outcome = (experimentId: string, value: number | null, more: Partial<Outcome> = {}): Outcome => ({
  experimentId,
  value,
  noise: 0.01,
  steps: 1_000,
  ...more,
});
const read = (
  run: Outcome,
  {
    parent = null,
    best = null,
    mode = 'min',
    status = 'completed',
  }: Partial<Parameters<typeof analyse>[0]> = {},
) => analyse({ status, metric: 'value/loss', mode, run, parent, best });

describe("a run's value by the objective", () => {
  const curve = series([5, 1, 2, 3]);
  it('is its last, its best or the mean of its last points', () => {
    const objective = { metric: 'value/loss', mode: 'min' } as const;
    expect(objectiveValue(curve, objective)).toBe(3);
    expect(objectiveValue(curve, { ...objective, take: 'best' })).toBe(1);
    expect(objectiveValue(curve, { ...objective, mode: 'max', take: 'best' })).toBe(5);
    expect(objectiveValue(curve, { ...objective, take: 'mean', points: 2 })).toBe(2.5);
    expect(objectiveValue(curve, { ...objective, take: 'mean' })).toBe(2.75);
    expect(objectiveValue(series([]), objective)).toBeNull();
  });
});

describe('the noise of a curve', () => {
  it('is that of its last points about their trend', () => {
    const random = seededRandom(3);
    const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const noisy = Array.from({ length: 400 }, (_, index) => 10 - index * 0.001 + 0.05 * gauss());
    const found = Array.from({ length: 20 }, (_, cut) => noiseOf(series(noisy.slice(0, 100 + cut * 15)))!);
    const mean = found.reduce((sum, each) => sum + each, 0) / found.length;
    expect(mean).toBeGreaterThan(0.04);
    expect(mean).toBeLessThan(0.06);
    expect(noiseOf(series([1, 2]))).toBeNull();
    expect(noiseOf(series([1, 1, 1, 1, 1, Number.NaN]))).toBeNull();
  });
  it('is the spread of repeats where there are any', () => {
    expect(spreadOf([1, 3])).toBeCloseTo(Math.SQRT2);
    expect(spreadOf([1])).toBeNull();
  });
});

describe('the proposed reading of a run', () => {
  const parent = outcome('job-1', 0.5);
  it('goes by its parent, else by the best, and needs more than the noise', () => {
    expect(read(outcome('job-2', 0.4), { parent })).toMatchObject({
      reading: 'improved',
      because: 'by more than the noise, against the parent job-1',
    });
    expect(read(outcome('job-2', 0.6), { parent }).reading).toBe('worse');
    expect(read(outcome('job-2', 0.49), { parent }).reading).toBe('no clear change');
    expect(read(outcome('job-2', 0.4), { best: outcome('job-9', 0.3) })).toMatchObject({
      reading: 'worse',
      because: 'by more than the noise, against the best job-9',
    });
    expect(read(outcome('job-2', 0.6), { parent, mode: 'max' }).reading).toBe('improved');
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
    const because = (run: Outcome, more = {}) => {
      const { reading, because } = read(run, more);
      return `${reading}: ${because}`;
    };
    expect(because(outcome('job-2', 0.4))).toBe(
      'not comparable: there is nothing to compare it with yet: it is a baseline',
    );
    expect(because(outcome('job-2', null), { parent })).toBe('not comparable: it logged no value/loss');
    expect(because(outcome('job-2', Number.NaN), { parent })).toBe('not comparable: its value/loss is NaN');
    expect(because(outcome('job-2', 0.4, { steps: 300 }), { parent })).toBe(
      'not comparable: it made 300 steps, job-1 made 1000',
    );
    expect(because(outcome('job-2', 0.4), { parent, status: 'cancelled' })).toBe(
      'not comparable: it was cancelled',
    );
    expect(because(outcome('job-2', 0.4), { parent, status: 'failed' })).toBe('failed: the run failed');
  });
  it('says where the noise is unknown', () => {
    const unknown = { noise: null };
    expect(read(outcome('job-2', 0.4, unknown), { parent: outcome('job-1', 0.5, unknown) }).because).toBe(
      'against the parent job-1; the noise is unknown',
    );
  });
});
