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
