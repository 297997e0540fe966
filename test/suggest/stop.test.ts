import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/suggest/policy.ts';
import type { SuggestInput, Trial } from '../../src/suggest/types.ts';
import { inputOf } from './trials.ts';

const input = (trials: readonly Trial[], more: Partial<SuggestInput> = {}) =>
  inputOf({ part: { type: 'number', description: '', min: 0, max: 1, default: '0.5' } }, trials, more);
const run = (part: number, value: number | null, index: number, status = 'completed'): Trial => ({
  id: `run-${index}`,
  settings: { part: String(part) },
  value,
  status,
  endedAt: index,
});
const runs = (parts: readonly number[], worth: (part: number) => number) =>
  parts.map((part, index) => run(part, worth(part), index));
const stopOf = (trials: readonly Trial[], more: Partial<SuggestInput> = {}) =>
  suggest(input(trials, more), 1).stop;

describe('three runs in a row that improved nothing', () => {
  it('meet the rule, but going on is advised while a side of an option was not looked at', () => {
    const stop = stopOf(runs([0.5, 0.8, 0.9, 1], () => 1));
    expect(stop).toEqual({
      why: 'the last 3 runs did not improve on run-0 (1): run-1, run-2, run-3',
      rows: ['run-1', 'run-2', 'run-3', 'run-0'],
      isAdvised: false,
      advice: 'no part below 0.5 has been tried yet',
    });
  });

  it('do not wait for a side that somebody put off', () => {
    const dismissed = [{ assignments: { part: '0.2' }, about: ['part'], reason: 'no', by: 'Ada' }];
    const stop = stopOf(
      runs([0.5, 0.8, 0.9, 1], (part) => part),
      { dismissed },
    );
    expect(stop!.advice).not.toContain('below 0.5');
  });

  it('are no advice to stop while much may be gained in places that are not known', () => {
    const stop = stopOf(runs([0.5, 0.2, 0.8, 0.21], (part) => (part === 0.5 ? 1 : 1 + part)));
    expect(stop).toMatchObject({ isAdvised: false });
    expect(stop!.advice).toMatch(
      /^the next run is expected to improve by up to [\d.]+, [\d.]+% of the range of the 4 runs \([\d.]+\)$/,
    );
  });

  it('are advice to stop once little is to be gained anywhere, with how much at most', () => {
    const known = [0.5, 0.8, 0.2, 0.65, 0.35, 0, 1, 0.45, 0.42, 0.48, 0.9, 0.1];
    const stop = stopOf(
      runs(known, (part) => (part - 0.45) ** 2).concat(
        run(0.44, 0.0001, 20),
        run(0.46, 0.0001, 21),
        run(0.43, 0.0004, 22),
      ),
    );
    expect(stop).toMatchObject({ isAdvised: true });
    const [, part] =
      /^no run left to try is expected to improve by more than [\de.-]+, ([\d.]+)% of the range of the 15 runs/.exec(
        stop!.advice,
      )!;
    expect(Number(part)).toBeLessThanOrEqual(0.5);
  });

  it('are advice to stop where no run gives a value, nothing is left, or all comes to the same', () => {
    const failed = [0.5, 0.2, 0.8].map((part, index) => run(part, null, index, 'failed'));
    expect(stopOf(failed)).toMatchObject({
      isAdvised: true,
      why: expect.stringContaining('gave no value'),
      advice: 'find out why no run gives a value before you make more',
    });
    const options = {
      a: { type: 'boolean' as const, description: '', default: 'false' },
      b: { type: 'boolean' as const, description: '', default: 'false' },
    };
    const all = ['false false', 'true false', 'false true', 'true true'].map((words, index): Trial => {
      const [a, b] = words.split(' ') as [string, string];
      return { id: `r${index}`, settings: { a, b }, value: index, status: 'completed', endedAt: index };
    });
    expect(stopOf(all, { options })).toMatchObject({ isAdvised: true, advice: 'nothing is left to try' });
    expect(stopOf(runs([0.5, 0.2, 0.8, 0.3], () => 1))).toMatchObject({
      isAdvised: true,
      advice: 'every run has the same loss',
    });
  });
});

describe('the target and the budget', () => {
  it('are advice to stop at once', () => {
    const base = [run(0.5, 1, 0)];
    const best = { id: 'run-0', value: 1 };
    expect(stopOf(base, { target: 1, best })).toMatchObject({
      isAdvised: true,
      why: expect.stringContaining('the target 1'),
    });
    expect(stopOf(base, { spent: 'the money is gone' })).toMatchObject({
      isAdvised: true,
      why: 'the money is gone',
    });
  });
});
