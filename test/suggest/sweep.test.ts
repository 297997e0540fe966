import { describe, expect, it } from 'vitest';
import type { Preset } from '../../src/core/preset.ts';
import { grid, sweptAxes } from '../../src/suggest/sweep.ts';

const preset: Preset = {
  name: 'toy',
  description: '',
  cwd: '/',
  argv: ['x'],
  options: {
    rate: { type: 'number', description: '', min: 1e-5, max: 1 },
    part: { type: 'number', description: '', min: 0, max: 1 },
    width: { type: 'integer', description: '', min: 1, max: 1024 },
    warmup: { type: 'boolean', description: '' },
    optimizer: { type: 'choice', description: '', choices: ['adam', 'sgd', 'a,b'] },
    note: { type: 'text', description: '' },
  },
  allowExtra: [],
};
const swept = (settings: Record<string, string>, points = 4, spacing?: 'log' | 'linear') =>
  sweptAxes(preset, { preset: 'toy', settings, points, spacing });

describe('the values of a sweep', () => {
  it('are by equal factors over a wide range, else by equal steps, from one end to the other', () => {
    expect(swept({ rate: '1e-4..0.1' })).toEqual([
      { key: 'rate', values: ['0.0001', '0.001', '0.01', '0.1'], spacing: 'log' },
    ]);
    expect(swept({ part: '0..1' }, 5)).toEqual([
      { key: 'part', values: ['0', '0.25', '0.5', '0.75', '1'], spacing: 'linear' },
    ]);
    expect(swept({ rate: '0.1..1e-4' }, 2)[0]!.values).toEqual(['0.1', '0.0001']);
    expect(swept({ rate: '0.1..1' }, 3, 'linear')[0]!.values).toEqual(['0.1', '0.55', '1']);
    expect(swept({ rate: '0.1..0.4' }, 3, 'log')[0]!.values).toEqual(['0.1', '0.2', '0.4']);
  });

  it('are whole numbers where the option is, each once', () => {
    expect(swept({ width: '1..3' }, 9)[0]!.values).toEqual(['1', '2', '3']);
  });

  it('may be choices and switches, and several options make a grid', () => {
    const axes = swept({ warmup: 'true,no', optimizer: 'sgd,adam', note: 'a,b' });
    expect(axes.map(({ key, values }) => [key, values])).toEqual([
      ['warmup', ['true', 'false']],
      ['optimizer', ['sgd', 'adam']],
    ]);
    expect(grid(axes)).toHaveLength(4);
    expect(swept({ rate: '0.1,0.2,0.3', optimizer: 'a,b' })).toEqual([
      { key: 'rate', values: ['0.1', '0.2', '0.3'], spacing: null },
    ]);
  });

  it.each([
    [{ rate: '0.1..5' }, 'rate=0.1..5 goes beyond what the preset accepts: numbers from 0.00001 to 1'],
    [{ rate: '-1..1' }, 'rate=-1..1 goes beyond'],
    [{ width: '16.5..64' }, 'width=16.5..64 goes beyond what the preset accepts: whole numbers from 1'],
    [{ rate: '0.1...1' }, 'rate=0.1...1 is not a range between two numbers'],
    [{ rate: '0.1..0.1' }, 'rate=0.1..0.1 is not a range'],
    [{ warmup: 'false..true' }, 'warmup is not a number'],
    [{ optimizer: 'adam,lion' }, 'optimizer is "lion"; accepted: one of adam, sgd'],
    [{ rate: '0.1' }, 'No option is given as a range or as several values'],
    [
      { rate: '0.1..1', width: '1..1024', part: '0..1' },
      'That is 4 × 4 × 4 = 64 runs; a sweep has at most 50',
    ],
  ])('refuse %j in the words that were typed', (settings, words) => {
    expect(() => swept(settings)).toThrow(words);
  });

  it('cannot be by factors from nothing', () => {
    expect(() => swept({ part: '0..1' }, 3, 'log')).toThrow('part=0..1 cannot be swept on a log scale');
  });
});
