import { describe, expect, it } from 'vitest';
import type { PresetOption } from '../../src/core/preset.ts';
import { suggest } from '../../src/suggest/policy.ts';
import type { SuggestInput, Trial } from '../../src/suggest/types.ts';
import { inputOf } from './trials.ts';

const RATE: PresetOption = { type: 'number', description: '', min: 1e-5, max: 1, default: '0.01' };
const PART: PresetOption = { type: 'number', description: '', min: 0, max: 1, default: '0.5' };
const WARMUP: PresetOption = { type: 'boolean', description: '', default: 'false' };
type Options = SuggestInput['options'];
const run = (settings: Record<string, string>, value: number | null, index: number): Trial => ({
  id: `run-${index}`,
  settings,
  value,
  status: 'completed',
  endedAt: index,
});
/** So many runs, each as it is suggested; `worth` gives each its value. */
function made(
  options: Options,
  count: number,
  worth: (settings: Readonly<Record<string, string>>, index: number) => number,
  more: Partial<SuggestInput> = {},
): Trial[] {
  const trials: Trial[] = [];
  while (trials.length < count) {
    const [next] = suggest(inputOf(options, trials, more), 1).suggestions;
    trials.push(run(next!.settings, worth(next!.settings, trials.length), trials.length));
  }
  return trials;
}
const valuesOf = (trials: readonly Trial[], key: string) =>
  trials.map(({ settings }) => Number(settings[key]));
/** Flat with noise at 0.01 and below, better above, best at 0.3. */
const flatBelow = (noise: readonly number[]) => (settings: Readonly<Record<string, string>>, index: number) =>
  1 +
  0.02 * noise[index % noise.length]! -
  0.6 * Math.max(0, Math.log10(Number(settings.learning_rate) / 0.01));

describe('the first steps of an option', () => {
  it.each([
    ['the lower ones come out better and better', [0, -0.5, -1, -1.5, -2]],
    ['the first comes out best', [-1, 0, 0.5, 1]],
    ['no two agree', [0.3, -1, 0.8, -0.2, 0.9]],
  ])('look to both sides where all is flat at its first value and below, when %s', (_name, noise) => {
    const rates = valuesOf(made({ learning_rate: RATE }, 3, flatBelow(noise)), 'learning_rate');
    expect(rates).toEqual([0.01, 0.00333, 0.03]);
    const more = valuesOf(made({ learning_rate: RATE }, 7, flatBelow(noise)), 'learning_rate');
    expect(Math.max(...more)).toBeGreaterThan(0.1);
  });

  it('look to both sides of each option in turn, on its own scale, before any goes deep', () => {
    const options = { learning_rate: RATE, dropout: PART, warmup: WARMUP };
    const flat = [0, 0.4, -0.3, 0.1, -0.6, 0.5, -0.1];
    const trials = made(options, 6, (_settings, index) => 1 + 0.01 * flat[index]!);
    const changed = trials.slice(1).map(({ settings }) => settings);
    expect(changed.map(({ learning_rate }) => learning_rate).slice(0, 2)).toEqual(['0.00333', '0.03']);
    expect(changed.map(({ dropout }) => dropout).slice(2, 4)).toEqual(['0.8', '0.2']);
    expect(changed[4]!.warmup).toBe('true');
  });

  it('come one option at a time, from the best of those before, three at once too', () => {
    const options = { learning_rate: RATE, dropout: PART };
    const { suggestions } = suggest(
      inputOf(options, [run({ learning_rate: '0.01', dropout: '0.5' }, 1, 0)]),
      3,
    );
    expect(suggestions.map(({ changes }) => changes)).toEqual([
      [{ key: 'learning_rate', from: '0.01', to: '0.00333' }],
      [{ key: 'learning_rate', from: '0.01', to: '0.03' }],
      [{ key: 'dropout', from: '0.5', to: '0.8' }],
    ]);
  });

  it('go no further than the end of the range, and have no side where there is hardly a step to it', () => {
    const at = (value: string) => ({ dropout: { ...PART, default: value } });
    const stepsFrom = (value: string) =>
      valuesOf(
        made(at(value), 3, () => 1),
        'dropout',
      ).slice(1);
    expect(stepsFrom('0.8')).toEqual([0.5, 1]);
    expect(stepsFrom('0.95')[0]).toBe(0.65);
    expect(stepsFrom('0')[0]).toBe(0.3);
  });

  it('look to the side that people left out, unless what is there tells that it is worse', () => {
    const below = (values: readonly number[]) =>
      [0.01, 0.005, 0.002, 0.001, 0.0005]
        .slice(0, values.length)
        .map((rate, index) => run({ learning_rate: String(rate) }, values[index]!, index));
    const next = (values: readonly number[]) =>
      suggest(inputOf({ learning_rate: RATE }, below(values)), 1).suggestions[0]!;
    for (const flat of [
      [1, 0.99],
      [1, 1.01, 0.99],
      [1, 0.99, 1.01, 0.995, 1.004],
    ])
      expect(Number(next(flat).settings.learning_rate)).toBeGreaterThan(0.01);
    expect(next([1, 1.01, 0.99]).why).toContain('no learning_rate above 0.01 has been tried');
    expect(Number(next([5, 4, 3, 2, 1]).settings.learning_rate)).toBeLessThan(0.002);
  });

  it('look to the side that people left out though noise fell or rose towards it', () => {
    const after = (values: readonly number[]) =>
      suggest(
        inputOf(
          { learning_rate: RATE },
          [0.01, 0.003, 0.001, 0.0003, 0.0001]
            .slice(0, values.length)
            .map((rate, index) => run({ learning_rate: String(rate) }, values[index]!, index)),
        ),
        1,
      ).suggestions[0]!;
    for (const values of [
      [1, 0.99, 0.98, 0.97],
      [1, 0.98, 0.99, 0.985],
      [1.02, 0.98, 1.01, 0.99, 0.97],
    ])
      expect(after(values).settings.learning_rate).toBe('0.03');
    expect(after([1, 0.99, 0.98, 0.97]).hypothesis).toContain('should be higher than 0.01');
    expect(Number(after([5, 4, 3, 2, 1]).settings.learning_rate)).toBeLessThan(0.001);
  });

  it('look to both sides by factors where ends are not declared, also of small whole numbers', () => {
    const sides = (option: Partial<PresetOption>) => {
      const settings = made(
        { it: { type: 'number', description: '', ...option } },
        3,
        (_s, index) => 1 + index,
      );
      return valuesOf(settings, 'it');
    };
    expect(sides({ default: '0.001' })).toEqual([0.001, 0.003, 0.000333]);
    expect(sides({ default: '4', type: 'integer' })).toEqual([4, 12, 1]);
    expect(sides({ default: '6', type: 'integer', min: 1 })).toEqual([6, 18, 2]);
    expect(sides({ default: '0.3', max: 0.9 })).toEqual([0.3, 0.1, 0.9]);
    // The range moves with the best: it was the first step here.
    const better = made(
      { rate: { type: 'number', description: '', default: '0.001' } },
      3,
      ({ rate }) => 1 - Math.log(Number(rate)),
    );
    expect(valuesOf(better, 'rate')).toEqual([0.001, 0.003, 0.000333]);
  });

  it('start from the first value that was set where the baseline left it to its task', () => {
    const trials = made(
      { learning_rate: { ...RATE, default: undefined } as PresetOption },
      4,
      (_settings, index) => 1 - index / 100,
    );
    expect(trials.map(({ settings }) => settings.learning_rate)).toEqual([
      undefined,
      '0.00316',
      '0.00948',
      '0.00105',
    ]);
  });

  it('are written in few digits at the ends of a range that is not declared too', () => {
    const trials = made(
      { rate: { type: 'number', description: '' } },
      9,
      (_settings, index) => 1 - index / 100,
    );
    for (const { settings } of trials)
      expect((settings.rate ?? '').replace(/^[0.]*/, '').length).toBeLessThan(5);
  });

  it('look to the other side after a step that failed, and wait for one that runs', () => {
    const base = run({ learning_rate: '0.01' }, 1, 0);
    for (const status of ['failed', 'running', 'planned']) {
      const step: Trial = { ...run({ learning_rate: '0.00333' }, null, 1), status };
      const [next] = suggest(inputOf({ learning_rate: RATE }, [base, step]), 1).suggestions;
      expect(next!.settings.learning_rate).toBe('0.03');
    }
  });

  it('turn the other way where more is better, all the same', () => {
    const trials = made(
      { learning_rate: RATE },
      7,
      (settings, index) => -flatBelow([0, -1, 0.5])(settings, index),
      {
        mode: 'max',
      },
    );
    expect(Math.max(...valuesOf(trials, 'learning_rate'))).toBeGreaterThan(0.1);
  });
});

describe('an option that is declared not to be tuned', () => {
  const options = {
    learning_rate: RATE,
    batch_size: { type: 'integer' as const, description: '', min: 1, max: 512, default: '32', tune: false },
    warmup: { ...WARMUP, tune: false },
  };

  it('is passed as it stands, and never varied', () => {
    const trials = made(
      options,
      25,
      (settings, index) => Number(settings.learning_rate) + 0.01 * (index % 3),
    );
    expect(new Set(valuesOf(trials, 'batch_size'))).toEqual(new Set([32]));
    expect(new Set(trials.map(({ settings }) => settings.warmup))).toEqual(new Set(['false']));
    const base = run({ learning_rate: '0.01', batch_size: '64', warmup: 'true' }, 1, 0);
    for (const { settings } of suggest(inputOf(options, [base]), 3).suggestions)
      expect(settings).toMatchObject({ batch_size: '64', warmup: 'true' });
  });

  it('is not varied for another start when the baseline failed either', () => {
    const failed: Trial = {
      ...run({ learning_rate: '0.01', batch_size: '32', warmup: 'false' }, null, 0),
      status: 'failed',
    };
    const [next] = suggest(inputOf(options, [failed]), 1).suggestions;
    expect(next!.changes.map(({ key }) => key)).toEqual(['learning_rate']);
  });

  it('is named where nothing else is left to vary', () => {
    const kept = { batch_size: options.batch_size, warmup: options.warmup };
    const { suggestions, none } = suggest(
      inputOf(kept, [run({ batch_size: '32', warmup: 'false' }, 1, 0)]),
      1,
    );
    expect(suggestions).toEqual([]);
    expect(none).toBe(
      'the preset declares no number, choice or boolean to vary, except batch_size, warmup (tune: false)',
    );
  });
});
