import { describe, expect, it } from 'vitest';
import { type ExperimentRow, experimentRow } from '../../src/core/experiment.ts';
import type { Preset } from '../../src/core/preset.ts';
import { commandText } from '../../src/launch/check.ts';
import { commandWords, givenTo, isOf } from '../../src/suggest/origin.ts';
import { cpuMs } from '../helpers.ts';

const preset = (name: string, argv: string[], cwd = '/p'): Preset => ({
  name,
  description: '',
  cwd,
  argv,
  options: {},
  allowExtra: [],
});
const toy = preset('toy', ['python', '-m', 'examples.toy']);
const long = preset('long', ['python', '-m', 'examples.toy', 'max_steps=9000']);
const script = preset('script', ['bash', 'go.sh']);
const presets = [toy, long, script];
const row = (
  values: Partial<ExperimentRow>,
  launch: { preset: string; assignments: Record<string, string> } | null = null,
) => ({
  row: experimentRow(values),
  job: null,
  launch,
});

describe('where a run comes from', () => {
  it('is told by its task, whoever started it', () => {
    const task = (task_key: string) => isOf(toy, presets, row({ task_key }));
    expect([task('examples.toy.ToyRegression'), task('examples.toy')]).toEqual([true, true]);
    expect([task('examples.toys.Toy'), task('examples.toy.deep.Toy'), task('other')]).toEqual([
      false,
      false,
      false,
    ]);
    expect(isOf(script, presets, row({ task_key: 'a.B', command: 'bash go.sh a=1' }))).toBe(true);
    expect(isOf(script, presets, row({ task_key: 'a.B', command: 'python -m a a=1' }))).toBe(false);
  });

  it('is another preset where that sets something itself', () => {
    const plain = row({ task_key: 'examples.toy.Toy', command: 'python -m examples.toy lr=1' });
    expect([isOf(toy, presets, plain), isOf(long, presets, plain)]).toEqual([true, false]);
    const asLong = row({ task_key: 'examples.toy.Toy' }, { preset: 'long', assignments: {} });
    expect([isOf(toy, presets, asLong), isOf(long, presets, asLong)]).toEqual([false, true]);
  });

  it('gives its settings by the words of its command, which is only read', () => {
    const settings = { note: 'two words; rm -rf $HOME', quote: `it's "so"`, rate: '1e-3' };
    const command = commandText(long, settings, 2);
    expect(givenTo(row({ command }), long)).toEqual(settings);
    expect(givenTo(row({ command }, { preset: 'long', assignments: { rate: '5' } }), long)).toEqual({
      rate: '5',
    });
    expect(givenTo(row({}), long)).toBeNull();
    expect(commandWords(`A=1 python "x y" 'a'"b"c\\ d "unclosed`)).toEqual([
      'A=1',
      'python',
      'x y',
      'abc d',
      '"unclosed',
    ]);
  });

  it('is read in time from any text', () => {
    const started = cpuMs();
    commandWords(`${'"\\'.repeat(20_000)}${"'".repeat(20_001)}`);
    expect(cpuMs() - started).toBeLessThan(500);
  });
});
