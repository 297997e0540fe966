import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Reply } from '../../src/core/adapter.ts';
import { defineCommand } from '../../src/core/command.ts';
import { textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { ADA, toyBot } from '../toy-bot.ts';

const slow = defineCommand({
  name: 'slow',
  summary: 'Takes a while',
  examples: ['slow 1'],
  options: { ms: { type: 'integer', required: true, description: 'how long' } },
  role: 'viewer',
  visibility: 'private',
  changes: false,
  working: 'Counting',
  async run({ ms }) {
    await sleep(ms);
    return { ms };
  },
  view: ({ ms }) => textMessage(`${ms} ms`),
});

it('what takes longer than a moment says so before its answer, and what is quick does not', async () => {
  const world = await toyBot({ commands: [slow] });
  const answersTo = async (words: string) => {
    const replies: Reply[] = [];
    const input = { kind: 'text' as const, words };
    await world
      .bot()
      .app.handlers.invoke({ adapter: 'web', channel: 'queue', person: ADA, input }, async (reply) => {
        replies.push(reply);
        return undefined;
      });
    return replies.map(({ message, final, visibility }) => [plainText(message), final, visibility]);
  };
  expect(await answersTo('slow 1300')).toEqual([
    ['Counting… 1 s', false, 'private'],
    ['1300 ms', true, 'private'],
  ]);
  expect(await answersTo('slow 10')).toEqual([['10 ms', true, 'private']]);
  await world.stop();
});

it('what knows how far it is says so, as a bar', async () => {
  const counted: typeof slow = {
    ...slow,
    name: 'counted',
    examples: ['counted 1'],
    async run(_options, { reply }) {
      let done = 0;
      reply.howFar(() => ({ done, of: 40_000, unit: 'rows' }));
      done = 10_000;
      await sleep(1_300);
      return { ms: 1_300 };
    },
  };
  const world = await toyBot({ commands: [counted] });
  const replies: Reply[] = [];
  const input = { kind: 'text' as const, words: 'counted 1300' };
  await world
    .bot()
    .app.handlers.invoke({ adapter: 'web', channel: 'queue', person: ADA, input }, async (reply) => {
      replies.push(reply);
      return undefined;
    });
  expect(replies[0]!.message.blocks).toMatchObject([{ kind: 'progress', fraction: 0.25 }]);
  expect(plainText(replies[0]!.message)).toContain('Counting… 10,000 of 40,000 rows, 1 s');
  expect(replies[0]!.data).toEqual({ seconds: 1, done: 10_000, of: 40_000, unit: 'rows' });
  await world.stop();
});
