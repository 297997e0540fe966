import { describe, expect, it } from 'vitest';
import type { Preset, PresetOption } from '../../src/core/preset.ts';
import { checkAssignments } from '../../src/launch/check.ts';
import { dullRuns, suggest } from '../../src/suggest/policy.ts';
import { sweepPoints } from '../../src/suggest/space.ts';
import type { SuggestInput, Trial } from '../../src/suggest/types.ts';

const OPTIONS: Record<string, PresetOption> = {
  learning_rate: { type: 'number', description: '', min: 1e-5, max: 1, default: '0.01' },
  width: { type: 'integer', description: '', min: 16, max: 512, default: '64' },
  warmup: { type: 'boolean', description: '', default: 'false' },
  optimizer: { type: 'choice', description: '', choices: ['adam', 'sgd', 'lion'], default: 'adam' },
  note: { type: 'text', description: '', default: 'x' },
};
const preset: Preset = {
  name: 'toy',
  description: '',
  cwd: '/',
  argv: ['x'],
  options: OPTIONS,
  allowExtra: [],
};
const DEFAULTS = { learning_rate: '0.01', width: '64', warmup: 'false', optimizer: 'adam', note: 'x' };
const input = (trials: Trial[], more: Partial<SuggestInput> = {}): SuggestInput => ({
  options: OPTIONS,
  mode: 'min',
  target: null,
  trials,
  runsLeft: null,
  putOff: [],
  noise: null,
  ...more,
});
const trial = (
  id: string,
  settings: Partial<typeof DEFAULTS>,
  value: number | null,
  status = 'completed',
): Trial => ({
  id,
  settings: { ...DEFAULTS, ...settings },
  value,
  status,
});
/** How good settings are: best at a rate of 0.1 with warm-up. */
const truth = ({ learning_rate, width, warmup, optimizer }: Readonly<Record<string, string>>) =>
  (Math.log10(Number(learning_rate)) + 1) ** 2 +
  Math.abs(Number(width) - 256) / 500 +
  (warmup === 'true' ? 0 : 0.3) +
  (optimizer === 'lion' ? 0 : 0.2);
function searched(runs: number): Trial[] {
  const trials: Trial[] = [];
  while (trials.length < runs) {
    const [next] = suggest(input(trials), 1).suggestions;
    trials.push({
      id: `run-${trials.length + 1}`,
      settings: next!.settings,
      value: truth(next!.settings),
      status: 'completed',
    });
  }
  return trials;
}

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

  it('say why, and point at rows that are there', () => {
    const trials = searched(8);
    const [next] = suggest(input(trials), 1).suggestions;
    const ids = trials.map(({ id }) => id);
    expect(next!.rows.length).toBeGreaterThan(1);
    for (const row of next!.rows) {
      expect(ids).toContain(row);
      expect(next!.why).toContain(row);
    }
    expect(next!.hypothesis).toMatch(/ -> .* does better than run-\d+/);
    expect(next!.expected).toMatch(/^about [\d.e-]+ ± [\d.e-]+$/);
  });

  it('turn to another option after two runs that improved nothing', () => {
    const trials = [
      trial('base', {}, 1),
      trial('up', { learning_rate: '0.02' }, 1.2),
      trial('down', { learning_rate: '0.005' }, 1.3),
    ];
    const [next] = suggest(input(trials), 1).suggestions;
    expect(next!.changes.some(({ key }) => key !== 'learning_rate')).toBe(true);
    expect(next!.why).toMatch(/^the last 2 runs \(up, down\) improved nothing, so back to base/);
  });

  it('advise to stop after three such runs, at the target, and when the budget is spent', () => {
    const base = trial('base', {}, 1);
    const dull = ['a', 'b', 'c'].map((id, index) => trial(id, { learning_rate: `0.0${index + 2}` }, 1.1));
    expect(suggest(input([base, ...dull.slice(0, 2)]), 1).stop).toBeNull();
    const { stop, suggestions } = suggest(input([base, ...dull]), 1);
    expect(stop).toEqual({
      why: 'the last 3 runs did not improve on base (1): a, b, c',
      rows: ['a', 'b', 'c'],
    });
    expect(suggestions).toHaveLength(1);
    expect(suggest(input([base], { target: 1 }), 1).stop?.why).toBe('the target 1 is reached: base has 1');
    expect(suggest(input([base], { target: 2, mode: 'max' }), 1).stop).toBeNull();
    expect(suggest(input([base], { runsLeft: 0 }), 1).stop?.why).toBe('the budget of runs is spent');
  });

  it('take an improvement within the noise for none, and a failed run for one that improved nothing', () => {
    const runs = [
      trial('a', {}, 1),
      trial('b', {}, 0.99),
      trial('c', {}, null, 'failed'),
      trial('d', {}, null, 'queued'),
    ];
    expect(dullRuns(input(runs, { noise: 0.05 })).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(dullRuns(input(runs)).map(({ id }) => id)).toEqual(['c']);
  });

  it('are not what somebody put off, what is planned, or what failed', () => {
    const base = trial('base', {}, 1);
    const [first] = suggest(input([base]), 1).suggestions;
    const again = (more: Partial<SuggestInput>, trials = [base]) =>
      suggest(input(trials, more), 3).suggestions.map(({ settings }) => settings);
    expect(again({ putOff: [first!.settings] })).not.toContainEqual(first!.settings);
    for (const status of ['planned', 'failed', 'running'])
      expect(
        again({}, [base, { id: 'p', settings: first!.settings, value: null, status }]),
      ).not.toContainEqual(first!.settings);
  });

  it('end when there is nothing left to try, and begin elsewhere when the defaults failed', () => {
    const options = { warmup: OPTIONS.warmup! };
    const both = ['false', 'true'].map(
      (warmup): Trial => ({ id: warmup, settings: { warmup }, value: 1, status: 'completed' }),
    );
    expect(suggest(input(both, { options }), 1).suggestions).toEqual([]);
    const failed = [{ id: 'a', settings: { warmup: 'false' }, value: null, status: 'failed' }];
    expect(suggest(input(failed, { options }), 1).suggestions).toMatchObject([
      { settings: { warmup: 'true' }, parent: null },
    ]);
  });

  it('go the other way where more is better', () => {
    const trials = [0.001, 0.01, 0.1].map((rate) =>
      trial(`r${rate}`, { learning_rate: String(rate) }, 10 + Math.log10(rate)),
    );
    const best = suggest(input(trials, { mode: 'max', noise: 0.01 }), 1).suggestions[0]!;
    expect(best.parent).toBe('r0.1');
  });
});

describe('the points of a sweep', () => {
  const number: PresetOption = { type: 'number', description: '' };
  it('are by equal factors over a wide range, else by equal steps, from one end to the other', () => {
    expect(sweepPoints(number, 1e-4, 0.1, 4)).toEqual(['0.0001', '0.001', '0.01', '0.1']);
    expect(sweepPoints(number, 0, 1, 5)).toEqual(['0', '0.25', '0.5', '0.75', '1']);
    expect(sweepPoints(number, 0.1, 1e-4, 2)).toEqual(['0.1', '0.0001']);
  });
  it('are whole numbers where the option is, each once', () => {
    expect(sweepPoints({ ...number, type: 'integer' }, 1, 3, 9)).toEqual(['1', '2', '3']);
  });
});
