import { expect, it } from 'vitest';
import { WATCH_CONDITIONS, type WatchRule } from '../../src/core/watch.ts';
import { ruleWords } from '../../src/core/watch-words.ts';

const words = (rule: Omit<WatchRule, 'name'>) => ruleWords({ name: 'x', ...rule });

it('says what a watch looks for in a sentence, with what holds where the rule says nothing', () => {
  expect(
    WATCH_CONDITIONS.filter((when) => when !== 'above' && when !== 'below').map((when) => words({ when })),
  ).toEqual([
    'any metric is NaN or infinite',
    'the objective or the loss is 2 times worse than its level and 6 times its spread off it, in most of its last 10 points and of as many before',
    'the objective or the loss has improved less than 0.1% in its last 200 points',
    'nothing has been logged for 20 min',
    'its steps take more than 2 times as long as before',
    'all GPUs have been idle for 30 min, nothing is queued, and hypotheses wait',
    'a process from outside the queue has used one of its GPUs for 2 min',
  ]);
  expect(words({ when: 'above', tag: 'value/loss', value: 5, points: 1 })).toBe('value/loss is above 5');
  expect(words({ when: 'nan', points: 3, task: 'Big' })).toBe(
    'any metric is NaN or infinite for 3 points; only jobs of Big',
  );
  expect(words({ when: 'diverged', tag: 'acc', deviations: 8, mode: 'max' })).toBe(
    'acc is 8 times its spread off its level, in most of its last 10 points and of as many before (higher is better)',
  );
});
