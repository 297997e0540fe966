import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, enterWeb, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

describe('of several queues, one', () => {
  let bot: Awaited<ReturnType<typeof startTestBot>>;

  beforeAll(async () => {
    const folder = temporaryFolder();
    const homes = ['a', 'b'].map((name) => {
      mkdirSync(join(folder, name));
      const home = createRecordedHome(join(folder, name));
      home.show('001.json');
      home.beat();
      return home;
    });
    bot = await startTestBot({
      folder,
      home: homes[0]!.home,
      yaml: `watch: {defaults: false}
queues: [{name: gpu-01, home: ${homes[0]!.home}}, {name: GPU-02, home: ${homes[1]!.home}}]
channels:
  - {platform: web, id: queue}
  - {platform: web, id: second, queues: [GPU-02]}
`,
    });
    for (const home of homes) home.show('030.json');
  });
  afterAll(() => bot?.app.stop());

  const said = async (words: string) => plainText((await bot.ask(words)).message);
  const seenIn = async (channel: string): Promise<string> => {
    const { get } = await enterWeb(bot);
    const { messages } = await get<{ messages: ChatMessage[] }>(`messages?channel=${channel}&limit=200`);
    return messages.map(({ message }) => plainText(message)).join('\n');
  };

  it('has a channel of its own, whose board and cards are of that queue alone', async () => {
    await eventually('both are told', async () => {
      const all = await seenIn('queue');
      return all.includes('gpu-01/job-0000009') && all.includes('GPU-02/job-0000009');
    });
    await eventually('it is told', async () => /Running GPU-02\/job-0000009/.test(await seenIn('second')));
    const second = await seenIn('second');
    expect(second).toContain('Queue GPU-02');
    expect(second).not.toContain('gpu-01');
    expect(await seenIn('queue')).toMatch(/Queue gpu-01[\s\S]*Queue GPU-02/);
  });

  it('is listed alone', async () => {
    const list = await said('jobs on=GPU-02 limit=200');
    expect(list).toContain('GPU-02/job-0000009');
    expect(list).not.toContain('gpu-01');
    expect(await said('jobs on=gpu-03')).toMatch(/gpu-03.*gpu-01.*GPU-02/s);
  });

  it('is meant by its name in small letters too, as a job of it is', async () => {
    expect(await said('jobs on=gpu-02')).toContain('GPU-02/job-0000009');
    expect(await said('jobs on=Gpu-01')).toContain('gpu-01/job-0000009');
    expect(await said('job gpu-02/9')).toContain('GPU-02/job-0000009');
  });

  it('has a week of its own; that of all says who, and on which, had how much', async () => {
    const all = await said('week');
    expect(all).toMatch(/queue +jobs +ran/);
    expect(all).toMatch(/gpu-01 /);
    expect(await said('week on=GPU-02')).toMatch(/The last 7 days of GPU-02/);
    expect(await said('week on=GPU-02')).not.toMatch(/gpu-01/);
  });
});
