import { expect, it } from 'vitest';
import { codeBlock } from '../../adapters/discord/text.ts';

it.each([3, 4, 5, 6, 7, 8])('a line with %d backticks stays in its block of code', (count) => {
  const line = `Sample 12: ${'`'.repeat(count)}markdown\n@everyone\n${'`'.repeat(count)}`;
  const block = codeBlock(line);
  expect(block.match(/```/g)).toHaveLength(2);
  expect(block).toMatch(/^```\n[\s\S]*\n```$/);
  expect(block.slice(4, -4).replaceAll('\u200b', '')).toBe(line);
});

it('two backticks are left as they stand', () => {
  expect(codeBlock('a ``b`` `c`')).toBe('```\na ``b`` `c`\n```');
});
