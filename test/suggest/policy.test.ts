import { describe, expect, it } from 'vitest';
import { checkAssignments } from '../../src/launch/check.ts';
import { suggest } from '../../src/suggest/policy.ts';
import type { Trial } from '../../src/suggest/types.ts';
import { DEFAULTS, input, OPTIONS, preset, searched, trial } from './trials.ts';

describe('suggestions', () => {
  it('begin with a baseline, and go on one option at a time around the best', () => {
    const [first] = suggest(input([]), 1).suggestions;
    expect(first).toMatchObject({ settings: DEFAULTS, parent: null, changes: [] });
    const { suggestions } = suggest(input([trial('base', {}, 1)]), 3);
    expect(suggestions).toHaveLength(3);
    for (const { changes, parent } of suggestions) {
      expect(changes).toHaveLength(1);
      expect(parent).toBe('base');
    }
    expect(new Set(suggestions.map(({ settings }) => JSON.stringify(settings))).size).toBe(3);
  });

  it('find what is good, are never made twice, and can all be launched', () => {
    const trials = searched(30);
    expect(new Set(trials.map(({ settings }) => JSON.stringify(settings))).size).toBe(30);
    for (const { settings } of trials) expect(checkAssignments(preset, settings)).toEqual(settings);
    expect(Math.min(...trials.map(({ value }) => value!))).toBeLessThan(0.15);
    expect(trials.every(({ settings }) => settings.note === 'x')).toBe(true);
  });

  it('are the same for the same log', () => {
    expect(searched(12)).toEqual(searched(12));
  });

  it('vary two at once, or look elsewhere, only when each option was varied by itself, and say so', () => {
    const options = { learning_rate: OPTIONS.learning_rate!, warmup: OPTIONS.warmup! };
    const run = (id: string, learning_rate: string, warmup: string, value: number): Trial => ({
      id,
      settings: { learning_rate, warmup },
      value,
      status: 'completed',
      endedAt: null,
    });
    const runs = [
      run('base', '0.01', 'false', 1),
      run('a', '0.03', 'false', 2),
      run('b', '0.01', 'true', 2),
      run('c', '0.00333', 'false', 2),
    ];
    const [next] = suggest(input(runs, { options }), 1).suggestions;
    expect(next!.why).toMatch(
      /the last 3 runs \(a, b, c\).*since every option was already varied on its own/,
    );
  });

  it('end when there is nothing left to try, and begin elsewhere when the defaults failed', () => {
    const options = { warmup: OPTIONS.warmup! };
    const both = ['false', 'true'].map(
      (warmup): Trial => ({ id: warmup, settings: { warmup }, value: 1, status: 'completed', endedAt: null }),
    );
    expect(suggest(input(both, { options }), 1)).toMatchObject({
      suggestions: [],
      none: 'everything the preset declares has been tried or dismissed',
    });
    const failed = [{ id: 'a', settings: { warmup: 'false' }, value: null, status: 'failed', endedAt: null }];
    expect(suggest(input(failed, { options }), 1).suggestions).toMatchObject([
      { settings: { warmup: 'true' }, parent: null },
    ]);
  });

  it('try every combination of a few switches before they say that all was tried', () => {
    const options = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((key) => [
        key,
        { type: 'boolean' as const, description: '', default: 'false' },
      ]),
    );
    const trials: Trial[] = [];
    for (;;) {
      const [next] = suggest(input(trials, { options }), 1).suggestions;
      if (!next) break;
      trials.push({
        id: `r${trials.length}`,
        settings: next.settings,
        value: trials.length,
        status: 'completed',
        endedAt: trials.length,
      });
    }
    expect(new Set(trials.map(({ settings }) => JSON.stringify(settings))).size).toBe(16);
  });

  it('never vary a seed, and repeat a lone best once with another', () => {
    const options = {
      learning_rate: OPTIONS.learning_rate!,
      seed: { type: 'integer' as const, description: '', min: 0, max: 100, default: '0' },
    };
    const run = (
      id: string,
      learning_rate: string,
      seed: string,
      value: number | null,
      status = 'completed',
    ) => ({ id, settings: { learning_rate, seed }, value, status, endedAt: null }) satisfies Trial;
    const runs = [run('a', '0.01', '0', 1), run('b', '0.02', '0', 0.5), run('c', '0.1', '0', 2)];
    const [first, second] = suggest(input(runs, { options }), 2).suggestions;
    expect(first).toMatchObject({
      settings: { learning_rate: '0.02', seed: '1' },
      hypothesis: 'seed 0 -> 1: b (0.5) is the best by more than luck',
    });
    expect(second!.changes.map(({ key }) => key)).toEqual(['learning_rate']);
    for (const more of [run('d', '0.02', '1', null, 'failed'), run('d', '0.02', '1', null, 'running')])
      expect(suggest(input([...runs, more], { options }), 1).suggestions[0]!.settings.seed).toBe('0');
    expect(suggest(input(runs, { options, noise: 0.1 }), 1).suggestions[0]!.settings.seed).toBe('0');
  });

  it('find what is good though one run diverged', () => {
    const options = {
      rate: { type: 'number' as const, description: '', min: 1e-5, max: 1, default: '0.01' },
      dropout: { type: 'number' as const, description: '', min: 0, max: 0.5, default: '0.1' },
    };
    const worth = ({ rate, dropout }: Readonly<Record<string, string>>) =>
      Number(rate) > 0.1 ? 1e12 : (Math.log10(Number(rate)) + 2.5) ** 2 + 10 * (Number(dropout) - 0.23) ** 2;
    const trials: Trial[] = [
      {
        id: 'base',
        settings: { rate: '0.01', dropout: '0.1' },
        value: 0.42,
        status: 'completed',
        endedAt: 0,
      },
      { id: 'wild', settings: { rate: '0.9', dropout: '0.1' }, value: 1e12, status: 'completed', endedAt: 0 },
      { id: 'dead', settings: { rate: '0.5', dropout: '0.1' }, value: null, status: 'failed', endedAt: 0 },
    ];
    while (trials.length < 16) {
      const [next] = suggest(input(trials, { options }), 1).suggestions;
      const value = worth(next!.settings);
      trials.push({
        id: `r${trials.length}`,
        settings: next!.settings,
        value,
        status: 'completed',
        endedAt: trials.length,
      });
    }
    expect(Math.min(...trials.map(({ value }) => value ?? 9))).toBeLessThan(0.05);
  });

  it('go the other way where more is better', () => {
    const trials = [0.001, 0.01, 0.1].map((rate) =>
      trial(`r${rate}`, { learning_rate: String(rate) }, 10 + Math.log10(rate)),
    );
    const best = suggest(input(trials, { mode: 'max', noise: 0.01 }), 1).suggestions[0]!;
    expect(best.parent).toBe('r0.1');
  });

  it('say that no run has a value of a new metric, and which runs completed without one', () => {
    const trials = [
      trial('a', {}, null),
      trial('b', { learning_rate: '0.1' }, null),
      trial('c', { width: '99' }, null),
    ];
    const { stop, suggestions, none } = suggest(input(trials, { metric: 'accuracy' }), 2);
    expect({ stop, suggestions }).toEqual({ stop: null, suggestions: [] });
    expect(none).toContain('no run has a value of accuracy yet: a, b, c completed without one');
  });
});
