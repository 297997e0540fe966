import { describe, expect, it } from 'vitest';
import type { Preset, PresetOption } from '../../src/core/preset.ts';
import { checkAssignments } from '../../src/launch/check.ts';
import { dullRuns } from '../../src/suggest/history.ts';
import { suggest } from '../../src/suggest/policy.ts';
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
  metric: 'loss',
  mode: 'min',
  target: null,
  trials,
  best: null,
  spent: null,
  dismissed: [],
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
  endedAt: null,
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
      endedAt: trials.length,
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
    expect(next!.hypothesis).toMatch(/ -> .* (does|may do) better than run-\d+/);
    expect(next!.expected).toMatch(/^about [\d.e-]+ ± [\d.e-]+; a chance of \d+% to be better than run-\d+$/);
  });

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

  it('are not what is planned, under way, failed or put off', () => {
    const base = trial('base', {}, 1);
    const [first] = suggest(input([base]), 1).suggestions;
    const again = (more: Partial<SuggestInput>, trials = [base]) =>
      suggest(input(trials, more), 3).suggestions.map(({ settings }) => settings);
    const dismissed = [{ assignments: first!.settings, about: [], reason: 'no', by: 'Ada' }];
    expect(again({ dismissed })).not.toContainEqual(first!.settings);
    for (const status of ['planned', 'queued', 'running', 'failed'])
      expect(
        again({}, [base, { id: 'p', settings: first!.settings, value: null, status, endedAt: null }]),
      ).not.toContainEqual(first!.settings);
  });

  it('keep their distance from what waits or runs', () => {
    const trials = searched(8);
    const [first] = suggest(input(trials), 1).suggestions;
    const under: Trial = {
      id: 'now',
      settings: first!.settings,
      value: null,
      status: 'running',
      endedAt: null,
    };
    const [next] = suggest(input([...trials, under]), 1).suggestions;
    const place = ({ learning_rate }: Readonly<Record<string, string>>) => Math.log10(Number(learning_rate));
    const sameOption =
      next!.changes[0]!.key === first!.changes[0]!.key && first!.changes[0]!.key === 'learning_rate';
    expect(sameOption ? Math.abs(place(next!.settings) - place(first!.settings)) : 1).toBeGreaterThan(0.1);
    expect(next!.why).toContain('and the 1 under way');
  });

  it('leave what is near something put off, in the option it was about, and say since when and why', () => {
    const base = trial('base', {}, 1);
    const options = { learning_rate: OPTIONS.learning_rate! };
    const trials = [0.01, 0.02, 0.05].map(
      (rate): Trial => ({
        id: `r${rate}`,
        settings: { learning_rate: String(rate) },
        value: 1 / rate,
        status: 'completed',
        endedAt: null,
      }),
    );
    const [first] = suggest(input(trials, { options }), 1).suggestions;
    const about = ['learning_rate'];
    const dismissed = [{ assignments: first!.settings, about, reason: 'diverged last month', by: 'Ada' }];
    const [next] = suggest(input(trials, { options, dismissed }), 1).suggestions;
    const decades = Math.log10(Number(next!.settings.learning_rate) / Number(first!.settings.learning_rate));
    expect(Math.abs(decades)).toBeGreaterThan(5 / 8);
    expect(next!.why).toContain(
      `not learning_rate near ${first!.settings.learning_rate}, since Ada: diverged last month`,
    );
    // What does not touch that option is not concerned, though the best stands near it.
    const near = [{ assignments: DEFAULTS, about, reason: 'no', by: 'Ada' }];
    expect(
      suggest(input([base], { dismissed: near }), 3).suggestions.map(({ changes }) => changes[0]!.key),
    ).not.toContain('learning_rate');
  });

  it('leave an option without a default to the task, in one baseline, which is waited for', () => {
    const options: Record<string, PresetOption> = {
      learning_rate: OPTIONS.learning_rate!,
      hidden_dim: { type: 'integer', description: '', min: 1, max: 4096 },
      optimizer: { type: 'choice', description: '', choices: ['adam', 'sgd'] },
    };
    const found = suggest(input([], { options }), 3);
    expect(found.suggestions.map(({ settings }) => settings)).toEqual([{ learning_rate: '0.01' }]);
    const made = (status: string, value: number | null = null): Trial => ({
      id: 'job-1',
      settings: { learning_rate: '0.01' },
      value,
      status,
      endedAt: null,
    });
    for (const status of ['planned', 'queued', 'running']) {
      const { suggestions, none } = suggest(input([made(status)], { options }), 3);
      expect(suggestions).toEqual([]);
      expect(none).toContain(`job-1 is ${status}`);
    }
    const [other] = suggest(input([made('failed')], { options }), 1).suggestions;
    expect(other).toMatchObject({
      settings: { learning_rate: expect.not.stringMatching(/^0\.01$/) },
      parent: null,
    });
    const dismissed = [{ assignments: { learning_rate: '0.01' }, about: [], reason: 'x', by: 'Ada' }];
    expect(suggest(input([], { options, dismissed }), 1).suggestions[0]!.settings).not.toEqual({
      learning_rate: '0.01',
    });
    const three = suggest(input([made('completed', 1)], { options }), 3).suggestions;
    expect(new Set(three.map(({ settings }) => JSON.stringify(settings))).size).toBe(3);
    for (const { changes } of three) expect(changes).toHaveLength(1);
  });

  it('know a run by the value that its task took itself, where an option was not passed', () => {
    const options = {
      learning_rate: OPTIONS.learning_rate!,
      warmup: { type: 'boolean' as const, description: '' },
    };
    const run = (id: string, settings: Record<string, string>, value: number): Trial => ({
      id,
      settings,
      known: { warmup: 'false' },
      value,
      status: 'completed',
      endedAt: null,
    });
    const all = suggest(input([run('a', { learning_rate: '0.01' }, 1)], { options }), 3).suggestions;
    expect(all.map(({ settings }) => settings.warmup).filter((value) => value !== undefined)).toEqual([
      'true',
    ]);
    expect(all.find(({ settings }) => settings.warmup)!.changes).toEqual([
      { key: 'warmup', from: 'false', to: 'true' },
    ]);
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

  it('change one option though others are unset, zero, removed from the preset or without a range', () => {
    const options: Record<string, PresetOption> = {
      rate: { type: 'number', description: '', min: 1e-5, max: 1, default: '0.01' },
      dropout: { type: 'number', description: '', min: 0, max: 0.5 },
      width: { type: 'integer', description: '', min: 10, max: 50 },
      free: { type: 'number', description: '', default: '0' },
      optimizer: { type: 'choice', description: '', choices: ['adam', 'sgd', 'lion'], default: 'adam' },
    };
    const kept: Trial = {
      id: 'a',
      settings: { rate: '0.01', free: '0', optimizer: 'adam' },
      value: 1,
      status: 'completed',
      endedAt: null,
    };
    const { suggestions } = suggest(input([kept], { options }), 3);
    for (const { changes, settings } of suggestions) {
      expect(changes).toHaveLength(1);
      for (const key of ['rate', 'free', 'optimizer'] as const)
        if (changes[0]!.key !== key) expect(settings[key]).toBe(kept.settings[key]);
      for (const key of ['dropout', 'width'])
        if (changes[0]!.key !== key) expect(settings).not.toHaveProperty(key);
    }
  });

  it('are never what the preset does not accept any more, and name what they put right', () => {
    const options = {
      ...OPTIONS,
      learning_rate: { ...OPTIONS.learning_rate!, max: 0.1 },
      optimizer: { ...OPTIONS.optimizer!, choices: ['adam', 'sgd'] },
    };
    const old = trial('old', { learning_rate: '0.5', optimizer: 'lion' }, 1);
    const { suggestions } = suggest(input([old], { options }), 3);
    expect(suggestions).toHaveLength(3);
    for (const { settings, why } of suggestions) {
      expect(checkAssignments({ ...preset, options }, settings)).toEqual(settings);
      expect(why).toContain('the preset no longer accepts its learning_rate, optimizer');
    }
  });

  it('begin with a moderate step that says what it finds out', () => {
    const [next] = suggest(input([trial('base', {}, 1)]), 1).suggestions;
    expect(next!.changes).toEqual([{ key: 'learning_rate', from: '0.01', to: '0.00333' }]);
    expect(next!.hypothesis).toBe(
      'learning_rate 0.01 -> 0.00333 shows whether learning_rate should be lower than in base',
    );
    expect(next!.expected).toBe('unknown: base (1) is the only value so far');
    expect(next!.why).not.toContain('all 1');
    for (const { why } of suggest(input([trial('base', {}, 1)]), 3).suggestions)
      expect(why).not.toMatch(/all 1 |± \d.*e-/);
    const only = {
      lone: { type: 'choice', description: '', choices: ['a', 'b', 'c', 'd'], default: 'a' },
    } as const;
    const many = suggest(
      { ...input([{ ...trial('base', {}, 0.38), settings: { lone: 'a' } }]), options: only },
      3,
    ).suggestions;
    expect(many).toHaveLength(3);
    expect(many[2]!.why).toContain('one value alone does not show where a better one is');
  });

  it('say that they do better only where that is what is expected', () => {
    for (const count of [5, 9, 14, 20]) {
      const trials = searched(count);
      for (const { hypothesis, expected } of suggest(input(trials), 3).suggestions) {
        const chance = Number(/chance of (?:less than )?(\d+)%/.exec(expected)![1]);
        expect(hypothesis.includes(' does better')).toBe(chance >= 50);
      }
    }
  });

  it('with hardly a chance to be better say what they find out, and that it is only that', () => {
    const seen = [5, 9, 14, 20].flatMap((count) => suggest(input(searched(count)), 3).suggestions);
    const mapping = seen.filter(({ isMapping }) => isMapping);
    expect(mapping.length).toBeGreaterThan(0);
    expect(mapping.length).toBeLessThan(seen.length);
    for (const { expected } of mapping) expect(expected).toMatch(/; a chance of .*: it only maps the range$/);
    for (const { expected } of seen) expect(expected).not.toContain(' 0%');
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
});
