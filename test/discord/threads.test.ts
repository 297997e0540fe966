import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscordWorld } from '../discord-world.ts';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import type { MessageView } from '../servers/discord/index.ts';

const EDITS = 'PATCH /channels/:id/messages/:message';

describe('threads and cards in Discord that people delete and lock', () => {
  let chats: Chats;
  let discord: DiscordWorld;
  let queue: string;
  const card = (job: string): MessageView =>
    discord.messages(queue).find(({ seen }) => seen.text.startsWith(`ToyRegression ${job}`))!;
  const thread = (id: string) => discord.messages(id).map(({ seen }) => seen.text);
  const moved = () => discord.messages(queue).filter(({ seen }) => seen.text.includes('Moved here'));
  const isWell = () => eventually('health is well', () => chats.health('discord')!.ok);

  beforeEach(async () => {
    chats = await openChats({ slack: false, endings: 'thread' });
    discord = chats.discord;
    queue = discord.channels.queue;
    await chats.connected();
    await chats.show('020.json');
  });
  afterEach(() => chats.stop());

  it('silence nothing: what belonged there is said in the channel once, and what follows under that', async () => {
    const [running, waiting] = [card('job-0000006'), card('job-0000007')];
    const others = thread(card('job-0000008').id).length;
    discord.lockThread(running.id);
    discord.deleteChannel(waiting.id);
    for (const state of ['022.json', '025.json', '028.json', LATE]) await chats.show(state);
    expect(moved().map(({ seen }) => seen.text.split('\n').slice(0, 2).join(' '))).toEqual([
      expect.stringMatching(
        /^job-0000006 completed.*Moved here from the thread of job-0000006 \S+: the thread is locked\.$/s,
      ),
      expect.stringMatching(
        /^job-0000007 started.*Moved here from the thread of job-0000007 \S+: the thread was deleted\.$/s,
      ),
    ]);
    expect(thread(moved()[1]!.id)).toEqual([expect.stringMatching(/^job-\d+ failed/)]);
    expect(card('job-0000007').seen.text).toContain(moved()[1]!.id);
    // Discord tells of a thread by its id in the text of the card; the other jobs' threads went on.
    expect(thread(card('job-0000008').id).length).toBeGreaterThan(others);
    expect(thread(running.id).some((text) => /^job-\d+ completed/.test(text))).toBe(false);
    await isWell();
    expect(chats.health('discord delivery')).toBeUndefined();
  });

  it('go on as they are after a restart', async () => {
    discord.deleteChannel(card('job-0000007').id);
    await chats.bot().app.stop();
    await chats.start();
    await chats.connected();
    for (const state of ['025.json', '028.json', LATE]) await chats.show(state);
    expect(moved()).toHaveLength(1);
    await isWell();
  });

  it('keep the thread of a card that is sent again, and nothing is said in two', async () => {
    const deleted = card('job-0000006');
    const before = thread(deleted.id);
    discord.deleteMessage(discord.users.admin, deleted.id);
    for (const state of ['022.json', '025.json', LATE]) await chats.show(state);
    const again = card('job-0000006');
    expect(again.id).not.toBe(deleted.id);
    expect(again.seen.text).toContain(deleted.id);
    expect(thread(deleted.id).slice(0, before.length)).toEqual(before);
    expect(thread(deleted.id).at(-1)).toMatch(/^job-\d+ completed/);
    expect(thread(again.id)).toEqual([]);
    expect(moved()).toEqual([]);
  });

  it('show a card whose edit is refused plainly, with no button that its job has outlived', async () => {
    const buttons = (job: string) => card(job).seen.buttons.map(({ label }) => label);
    expect(buttons('job-0000006')).toContain('Kill');
    const refused = { status: 400, code: 50_035 };
    discord.fault(EDITS, refused);
    discord.fault(EDITS.replace(':message', card('job-0000006').id), refused, 40);
    await chats.show('025.json');
    expect(buttons('job-0000006')).not.toContain('Kill');
    await chats.show(LATE);
    for (const job of ['job-0000007', 'job-0000008']) expect(buttons(job)).not.toContain('Kill');
  });

  it('lose no post to a code that nobody knows', async () => {
    discord.fault('POST /channels/:id/messages', { status: 400, code: 999_999 }, 2);
    for (const state of ['022.json', '025.json', LATE]) await chats.show(state);
    expect(discord.messages(queue).filter(({ seen }) => seen.text.startsWith('ToyRegression'))).toHaveLength(
      11,
    );
    expect(moved()).toEqual([]);
  });

  it('wait with nothing that people wait for while edits are limited', async () => {
    const limited = discord.fault(EDITS, { status: 429, retryAfterSeconds: 60 }, 1_000);
    chats.home.show('025.json');
    await eventually(
      'the end is told',
      () => thread(card('job-0000006').id).some((text) => /^job-\d+ completed/.test(text)),
      10_000,
    );
    // One refused edit says it of the channel: nothing asks again before the time is over.
    expect(limited.used()).toBeLessThan(4);
  });
});

it('Discord is told an end in one message where it is told ends in the channel, and the thread is locked', async () => {
  const chats = await openChats({ slack: false, endings: 'broadcast' });
  try {
    const { discord } = chats;
    const inChannel = () => discord.messages(discord.channels.queue);
    await chats.connected();
    await chats.show('020.json');
    const card = inChannel().find(({ seen }) => seen.text.startsWith('ToyRegression job-0000006'))!;
    discord.lockThread(card.id);
    for (const state of ['022.json', '025.json', LATE]) await chats.show(state);
    const ends = inChannel().filter(
      ({ id, seen }) =>
        id !== card.id && !seen.text.startsWith('Queue') && seen.text.split('\n')[0]!.includes('job-0000006'),
    );
    expect(ends.map(({ seen }) => seen.text)).toEqual([
      expect.stringMatching(/Moved here from the thread of job-0000006/),
    ]);
  } finally {
    await chats.stop();
  }
});
