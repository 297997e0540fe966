import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { createRecordedHome, enterWeb, STATES, startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';
import { crash, spawnBot } from './bot-process.ts';

describe('a bot that is killed at any moment', () => {
  it('tells every transition once, through kill -9 in the middle of its work, again and again', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    const random = seededRandom(5);
    home.show(STATES[0]!);
    const first = await spawnBot(folder, home.home);
    first.kill('SIGTERM');
    await once(first, 'exit');
    let next = 1;
    while (next < STATES.length) {
      const bot = await spawnBot(folder, home.home);
      for (let shown = 0; shown < 3 && next < STATES.length; shown += 1) {
        home.show(STATES[next]!);
        next += 1;
        await sleep(random() * 60);
      }
      await crash(bot);
    }

    const bot = await startTestBot({ folder, home: home.home });
    try {
      await bot.app.settled();
      const reader = await enterWeb(bot);
      const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
      const cards = messages.map(({ message }) => plainText({ blocks: message.blocks.slice(0, 1) }));
      expect(new Set(cards).size).toBe(cards.length);
      expect(cards.filter((name) => name.startsWith('ToyRegression')).sort()).toEqual(
        Array.from({ length: 11 }, (_, index) => `ToyRegression job-${String(index + 1).padStart(7, '0')}`),
      );
      for (const { id, message } of messages) {
        const { messages: thread } = await reader.get<{ messages: ChatMessage[] }>(`thread?root=${id}`);
        const lines = thread.map(
          (reply) => plainText({ blocks: reply.message.blocks.slice(0, 1) }).split(/ by |,| after /)[0],
        );
        expect(new Set(lines).size, `${plainText(message).split('\n')[0]}: ${lines.join('; ')}`).toBe(
          lines.length,
        );
        const text = plainText(message);
        if (text.includes('job-0000006') && text.startsWith('Toy'))
          expect(lines).toEqual(['Queued', 'Started', 'Completed']);
        if (text.includes('job-0000007') && text.startsWith('Toy'))
          expect(lines).toEqual(['Queued', 'Started', 'Failed']);
      }
    } finally {
      await bot.app.stop();
    }
  }, 180_000);
});
