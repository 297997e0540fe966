import { afterEach, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createLaunchStore } from '../../src/store/launches.ts';
import { createRecordedHome, enterWeb, startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';

describe('a launch that was under way when the bot was killed', () => {
  let bot: Awaited<ReturnType<typeof startTestBot>> | undefined;
  afterEach(() => bot?.app.stop());

  it('is told once at the next start, and what was to be learnt from it is kept as a plan', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show('030.json');
    bot = await startTestBot({ folder, home: home.home });
    const request = { preset: 'toy', assignments: {}, personId: 'ada', experimentId: null, parent: null };
    const nothingMore = { session: null, expected: null };
    createLaunchStore(bot.app.parts.db, Date.now).begin(bot.config.queues[0]!.name, {
      ...request,
      ...nothingMore,
      hypothesis: 'wider is better',
    });
    for (let start = 0; start < 2; start += 1) {
      await bot.app.stop();
      bot = await startTestBot({ folder, home: home.home });
      await bot.app.settled();
    }
    const reader = await enterWeb(bot);
    const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue');
    const told = messages
      .map(({ message }) => plainText(message))
      .filter((text) => text.startsWith('The launch of'));
    expect(told).toEqual([expect.stringMatching(/toy by ada was under way.*kept as plan-1/)]);
    const { data } = await bot.ask('hypothesis show plan-1');
    expect(data).toMatchObject({ row: { status: 'planned', hypothesis: 'wider is better', owner: 'ada' } });
  });
});
