import { describe, expect, it } from 'vitest';
import type { PresetOption } from '../../src/core/preset.ts';
import { checkAssignments } from '../../src/launch/check.ts';
import { suggest } from '../../src/suggest/policy.ts';
import type { Trial } from '../../src/suggest/types.ts';
import { input, OPTIONS, preset, trial } from './trials.ts';

describe('suggestions', () => {
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
});
