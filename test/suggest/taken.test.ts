import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/suggest/policy.ts';
import type { SuggestInput, Trial } from '../../src/suggest/types.ts';
import { DEFAULTS, input, OPTIONS, searched, trial } from './trials.ts';

describe('suggestions', () => {
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
});
