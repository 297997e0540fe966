import { describe, expect, it } from 'vitest';
import type { Objective } from '../../src/core/experiment.ts';
import type { Series } from '../../src/core/metrics.ts';
import { reachedIn } from '../../src/notify/reached.ts';
import { series } from '../series.ts';

const curve = (tag: string, values: number[]) => series(tag, values, { stepsApart: 1 });
const reached = (objective: Objective | null, ...all: Series[]) => reachedIn(all, objective);

const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
const accuracy = { metric: 'value/acc', mode: 'max' } as const;

describe('what a run reached', () => {
  it('is lost where its curve ended in no number, though its best is one', () => {
    const objective = { metric: 'value/loss', mode: 'min', take: 'best' } as const;
    expect(reached(objective, curve('value/loss', [2, 1, nan]))).toEqual({
      tag: 'value/loss',
      value: 1,
      lost: { tag: 'value/loss', value: nan },
    });
    expect(reached(objective, curve('value/loss', [nan, 1, 2]))?.lost).toBeUndefined();
  });

  it('is lost where the loss ended in none, whatever the objective says', () => {
    expect(reached(accuracy, curve('value/acc', [0.1, 0.1]), curve('value/loss', [2, inf]))).toMatchObject({
      tag: 'value/acc',
      value: 0.1,
      lost: { tag: 'value/loss', value: inf },
    });
  });

  it('is not lost for a gradient that overflowed at the end', () => {
    const found = reached(accuracy, curve('value/acc', [0.1]), curve('value/grad_norm', [1, inf]));
    expect(found).toEqual({ tag: 'value/acc', value: 0.1, lost: undefined });
  });
});
