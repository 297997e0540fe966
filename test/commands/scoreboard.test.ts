import { expect, it } from 'vitest';
import { scoreboard } from '../../commands/scoreboard.ts';

const row = (task: string, experiment: string) => ({
  ...{ task, experiment, status: 'completed', value: '1', changes: '', result: '' },
});
const heading = (tasks: readonly string[]) => {
  const rows = tasks.map((task, index) => row(task, `job-${index}`));
  const chart = { image: { file: '' }, alt: '', width: 1, height: 1 };
  const objective = { metric: 'loss', mode: 'min' as const };
  const best = rows.map(({ task, experiment }) => ({ task, experiment }));
  const { blocks } = scoreboard.view(
    { session: 'study', objective, best, chart, rows } as never,
    {} as never,
  );
  return (blocks[0] as { text?: unknown }).text;
};

it('names the best of each task, since values of two tasks are no better than each other', () => {
  expect(heading(['walk'])).toBe('loss, minimum; best: job-0');
  expect(heading(['walk', 'run', ''])).toBe(
    'loss, minimum; best: job-0 of walk, job-1 of run, job-2 of those without a task',
  );
  expect(heading([])).toBe('loss, minimum');
});
