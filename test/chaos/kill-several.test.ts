import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { createRecordedHome, enterWeb, STATES, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { crash, spawnBot } from './bot-process.ts';

const QUEUES = ['gpu-01', 'gpu-02'];

it('of several queues with the same ids, each transition of each is told once through kill -9, again and again', async () => {
  const folder = temporaryFolder();
  const homes = QUEUES.map((name) => {
    mkdirSync(join(folder, name));
    return createRecordedHome(join(folder, name));
  });
  const queues = QUEUES.map((name, index) => `  - {name: ${name}, home: ${homes[index]!.home}}\n`).join('');
  const yaml = `watch: {defaults: false}\nqueues:\n${queues}`;
  writeFileSync(join(folder, 'xaxbot.yaml'), yaml);
  const random = seededRandom(11);
  for (const home of homes) home.show(STATES[0]!);
  const first = await spawnBot(folder, homes[0]!.home);
  first.kill('SIGTERM');
  await once(first, 'exit');
  /** The next state of each; the second queue is behind the first. */
  const next = [1, 1];
  while (next.some((each) => each < STATES.length)) {
    const bot = await spawnBot(folder, homes[0]!.home);
    for (let shown = 0; shown < 6; shown += 1) {
      const which = random() < 0.6 ? 0 : 1;
      const state = STATES[next[which]!];
      if (state !== undefined) homes[which]!.show(state);
      next[which]! += 1;
      await sleep(random() * 60);
    }
    await crash(bot);
  }

  const bot = await startTestBot({ folder, home: homes[0]!.home, yaml });
  try {
    await eventually('all is told', async () => {
      await bot.app.settled();
      return bot.app.waiting() === 0;
    });
    const reader = await enterWeb(bot);
    const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
    const cards = messages.map((each) => ({
      ...each,
      head: plainText({ blocks: each.message.blocks.slice(0, 1) }),
    }));
    expect(new Set(cards.map(({ head }) => head)).size).toBe(cards.length);
    for (const queue of QUEUES)
      expect(
        cards
          .map(({ head }) => head)
          .filter((head) => head.startsWith(`ToyRegression ${queue}/`))
          .sort(),
      ).toEqual(
        Array.from(
          { length: 11 },
          (_, index) => `ToyRegression ${queue}/job-${String(index + 1).padStart(7, '0')}`,
        ),
      );
    for (const { id, head } of cards) {
      const { messages: thread } = await reader.get<{ messages: ChatMessage[] }>(`thread?root=${id}`);
      const lines = thread.map(
        ({ message }) =>
          plainText({ blocks: message.blocks.slice(0, 1) })
            .replace(/^\S*job-\d+ /, '')
            .split(/ by |,| after /)[0],
      );
      expect(new Set(lines).size, `${head}: ${lines.join('; ')}`).toBe(lines.length);
      if (/^ToyRegression .*job-0000006$/.test(head))
        expect(lines).toEqual(['queued', 'started', 'completed']);
      if (/^ToyRegression .*job-0000007$/.test(head)) expect(lines).toEqual(['queued', 'started', 'failed']);
    }
  } finally {
    await bot.app.stop();
  }
}, 180_000);
