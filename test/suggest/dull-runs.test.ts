import { describe, expect, it } from 'vitest';
import { dullRuns } from '../../src/suggest/history.ts';
import { suggest } from '../../src/suggest/policy.ts';
import type { Trial } from '../../src/suggest/types.ts';
import { input, trial } from './trials.ts';

describe('suggestions', () => {
  it('turn after two runs that improved nothing to one option that was not just tried', () => {
    const base = [trial('base', {}, 1), trial('low', { learning_rate: '0.003' }, 0.8)];
    const dull = [
      trial('up', { learning_rate: '0.003', width: '128' }, 0.9),
      trial('more', { learning_rate: '0.003', width: '256' }, 0.95),
    ];
    const { suggestions } = suggest(input([...base, ...dull]), 3);
    for (const next of suggestions) {
      expect(next.changes).toHaveLength(1);
      expect(next.changes[0]!.key).not.toBe('width');
      expect(next.why).toMatch(
        /^the last 2 runs \(up, more\) improved nothing, so back to low and another change/,
      );
    }
  });

  it('say which rule to stop is met: three such runs, the target, the budget that is spent', () => {
    const base = trial('base', {}, 1);
    const dull = ['a', 'b', 'c'].map((id, index) => trial(id, { learning_rate: `0.0${index + 2}` }, 1.1));
    expect(suggest(input([base, ...dull.slice(0, 2)]), 1).stop).toBeNull();
    const { stop, suggestions } = suggest(input([base, ...dull]), 1);
    expect(stop).toEqual({
      why: 'the last 3 runs did not improve on base (1): a, b, c',
      rows: ['a', 'b', 'c', 'base'],
      isAdvised: false,
      advice: 'no learning_rate below 0.01 has been tried yet',
    });
    expect(suggestions).toHaveLength(1);
    const best = { id: 'elsewhere', value: 1 };
    expect(suggest(input([base], { target: 1, best }), 1).stop?.why).toBe(
      'the target 1 is reached: elsewhere has 1',
    );
    expect(suggest(input([base], { target: 2, best, mode: 'max' }), 1).stop).toBeNull();
    expect(suggest(input([base], { spent: 'the money is gone' }), 1).stop?.why).toBe('the money is gone');
  });

  it('count in the order in which runs ended, whatever the order of the log', () => {
    const at = (id: string, value: number, endedAt: number): Trial => ({
      ...trial(id, { learning_rate: `0.0${endedAt}` }, value),
      endedAt,
    });
    const runs = [at('base', 1, 1), at('p1', 1.2, 6), at('p2', 1.3, 7), at('p3', 1.4, 8), at('late', 0.5, 9)];
    expect(suggest(input(runs), 1).stop).toBeNull();
    const before = [
      at('late', 0.5, 9),
      at('p1', 1.2, 11),
      at('p2', 1.3, 12),
      at('p3', 1.4, 13),
      at('base', 1, 1),
    ];
    expect(suggest(input(before), 1).stop?.why).toMatch(
      /the last 3 runs did not improve on late \(0\.5\): p1, p2, p3/,
    );
  });

  it('take an improvement within the noise for none, and a failed run for one that improved nothing', () => {
    const runs = [
      trial('a', {}, 1),
      trial('b', {}, 0.99),
      trial('c', {}, null, 'failed'),
      trial('d', {}, null, 'queued'),
    ];
    expect(dullRuns(input(runs, { noise: 0.05 })).runs.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(dullRuns(input(runs)).runs.map(({ id }) => id)).toEqual(['c']);
  });

  it('take small improvements for one when together they are more than the noise', () => {
    const runs = [1, 0.96, 0.92, 0.88, 0.84].map((value, index) =>
      trial(`run-${index + 1}`, { learning_rate: `0.01${index}` }, value),
    );
    const { runs: dull, reference } = dullRuns(input(runs, { noise: 0.05 }));
    expect(dull).toEqual([]);
    expect(reference?.id).toBe('run-5');
    const worse = ['x', 'y', 'z'].map((id, index) => trial(id, { width: `${100 + index}` }, 0.82));
    expect(suggest(input([...runs, ...worse], { noise: 0.05 }), 1).stop).toEqual({
      why: 'the last 3 runs did not improve on run-5 (0.84) by more than the noise (0.05): x, y, z',
      rows: ['x', 'y', 'z', 'run-5'],
      isAdvised: false,
      advice: 'no learning_rate other than 0.01 has been tried yet',
    });
  });
});
