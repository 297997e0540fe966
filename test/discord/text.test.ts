import { expect, it } from 'vitest';
import { codeBlock, fromDiscordText, markdown } from '../../adapters/discord/text.ts';
import { markdown as readByDiscord } from '../servers/discord/markdown.ts';

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

const names = {
  user: (id: string) => ({ '111': 'Ada' })[id],
  role: (id: string) => ({ '222': 'trainers' })[id],
  channel: (id: string) => ({ '333': 'queue' })[id],
};
it.each([
  ['loss <0.2 and acc >0.9, a<b>c <T>', 'loss <0.2 and acc >0.9, a<b>c <T>'],
  ['<@111> and <@!111>, not <@999>', '@Ada and @Ada, not @999'],
  ['<@&222> <@&999> in <#333> or <#999>', '@trainers @999 in #queue or #999'],
  ['<:shipit:123456789012345678> <a:dance:123456789012345678>', ':shipit: :dance:'],
  ['<t:1700000000:R> <t:1700000000>', '2023-11-14 22:13:20 UTC 2023-11-14 22:13:20 UTC'],
  ['</xax status:123456789012345678>', '/xax status'],
  [
    '<https://a.example/b> [the run](https://a.example/7)',
    'https://a.example/b [the run](https://a.example/7)',
  ],
  ['**bold** `code` &lt;', '**bold** `code` &lt;'],
  ['`<@111>` by <@111>: ``a ` <#333>``, <#333>', '`<@111>` by @Ada: ``a ` <#333>``, #queue'],
  ['```\n<t:0> <:shipit:1>\n``` <:shipit:1>', '```\n<t:0> <:shipit:1>\n``` :shipit:'],
  ['5` by <@111>', '5` by @Ada'],
])('of %s what was typed is kept, and shown as it stands', (sent, kept) => {
  expect(fromDiscordText(sent, names)).toBe(kept);
  expect(readByDiscord(markdown(kept, { accountOf: () => '111' })).text.replaceAll('\u200b', '')).toBe(kept);
});

it('takes no time over what is made to take it', () => {
  const began = process.cpuUsage();
  for (const hostile of ['<', '<@', '<a:b', '</x', '<t:1', '<https://a', '`<@1>', '```<@1>`` `'])
    expect(fromDiscordText(hostile.repeat(40_000), names).length).toBeGreaterThan(30_000);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(2_000);
});
