import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/suggest/policy.ts';
import { input, searched, trial } from './trials.ts';

describe('suggestions', () => {
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
});
