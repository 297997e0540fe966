import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import type { SlackMessage } from '../servers/slack/index.ts';

describe('threads and cards in Slack that people delete and lock', () => {
  let chats: Chats;
  let queue: string;
  const slack = () => chats.slack;
  const timeline = () => slack().timeline(queue);
  const card = async (job: string): Promise<SlackMessage> =>
    (await timeline()).find(({ text }) => text.startsWith(`ToyRegression ${job}`))!;
  const thread = async (ts: string) => (await slack().replies(queue, ts)).map(({ text }) => text);
  const moved = async () => (await timeline()).filter(({ text }) => text.includes('Moved here'));
  const labels = async (job: string) => JSON.stringify((await card(job)).blocks);

  beforeEach(async () => {
    chats = await openChats({ discord: false, endings: 'thread' });
    queue = slack().channels.queue!;
    await chats.connected();
    await chats.show('020.json');
  });
  afterEach(() => chats.stop());

  it.each([
    ['restricted_action_thread_locked', 'the thread is locked'],
    ['cannot_reply_to_message', 'the message takes no replies'],
  ])('silence nothing (%s): what belonged there is said in the channel once', async (code, why) => {
    const { ts } = await card('job-0000007');
    slack().closeThread(queue, ts, code);
    for (const state of ['022.json', '025.json', '028.json', LATE]) await chats.show(state);
    const [first, ...more] = await moved();
    expect(first!.text).toMatch(
      new RegExp(`^job-0000007 started[\\s\\S]*\nMoved here from the thread of job-0000007 \\S+: ${why}\\.$`),
    );
    expect(more).toEqual([]);
    expect(await thread(first!.ts)).toEqual([expect.stringMatching(/^job-\d+ failed/)]);
    expect((await thread((await card('job-0000008')).ts)).at(-1)).toMatch(/^job-\d+ failed/);
    await eventually('health is well', () => chats.health('slack')!.ok);
    expect(chats.health('slack delivery')).toBeUndefined();
  });

  it('keep the thread of a card that is sent again, and nothing is said in two', async () => {
    const deleted = await card('job-0000006');
    const before = await thread(deleted.ts);
    await slack().deleteMessage(queue, deleted.ts);
    for (const state of ['022.json', '025.json', LATE]) await chats.show(state);
    const again = await card('job-0000006');
    expect(again.ts).not.toBe(deleted.ts);
    const after = await thread(deleted.ts);
    expect([after.slice(0, before.length), after.at(-1)]).toEqual([
      before,
      expect.stringMatching(/^job-\d+ completed/),
    ]);
    expect(await thread(again.ts)).toEqual([]);
    expect(await moved()).toEqual([]);
    expect(JSON.stringify(again.blocks)).toContain(`thread_ts=${deleted.ts}`);
  });

  it.each(['invalid_blocks', 'msg_too_long', 'a_code_that_nobody_knows'])(
    'show a card whose edit is refused (%s) plainly, with no button that its job has outlived',
    async (error) => {
      expect(await labels('job-0000006')).toContain('"Kill"');
      slack().fault('chat.update', { error }, 2);
      await chats.show('025.json');
      expect(await labels('job-0000006')).not.toContain('"Kill"');
    },
  );

  it('wait with nothing that people wait for while edits are limited', async () => {
    slack().fault('chat.update', { status: 429, retryAfterSeconds: 60 }, 1_000);
    const { ts } = await card('job-0000006');
    chats.home.show('025.json');
    await eventually(
      'the end is told',
      async () => (await thread(ts)).some((text) => /^job-\d+ completed/.test(text)),
      10_000,
    );
    const edits = slack().requests.filter(({ method }) => method === 'chat.update');
    slack().clearFaults();
    // One refused edit says it of the workspace: nothing asks again before the time is over.
    expect(edits.length).toBeLessThan(60);
  });
});
