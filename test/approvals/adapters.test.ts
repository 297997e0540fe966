import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import { CLAUDE } from '../toy-bot.ts';

describe('a proposal at the adapters', () => {
  let chats: Chats;
  const delivered = () =>
    eventually('all is said', async () => {
      await chats.bot().app.settled();
      return chats.bot().app.waiting() === 0;
    });

  beforeEach(async () => {
    chats = await openChats();
    await chats.connected();
    await chats.show(LATE);
  });
  afterEach(() => chats.stop());

  const CASES = [
    ['cancel 10', 'ToyRegression job-0000010'],
    ['watch add above value/loss 5', 'Session '],
  ] as const;

  it.each(CASES)(
    'of "%s" stands in a thread in Slack, and is edited when it is decided',
    async (words, head) => {
      const { slack } = chats;
      const queue = slack.channels.queue!;
      await chats.bot().ask(words, { person: CLAUDE });
      await delivered();
      const card = (await slack.timeline(queue)).find(({ text }) => text.startsWith(head))!;
      const proposal = async () =>
        (await slack.replies(queue, card.ts)).filter(({ text }) => text.includes('Claude proposes'));
      const [asked] = await proposal();
      expect(JSON.stringify(asked!.blocks)).toContain('Approve');
      expect(asked!.reply_broadcast).toBe(head === 'Session ');
      await chats.bot().ask('deny 1 not now');
      await delivered();
      const after = await proposal();
      expect(after).toHaveLength(1);
      expect([after[0]!.ts, JSON.stringify(after[0]!.blocks)]).toEqual([
        asked!.ts,
        expect.not.stringContaining('Approve'),
      ]);
      expect(after[0]!.text).toContain('denied by root: not now');
      expect((await slack.replies(queue, card.ts)).map(({ text }) => text)).toContainEqual(
        expect.stringMatching(/^Proposal 1 of Claude/),
      );
    },
  );

  it.each(CASES)(
    'of "%s" stands in a thread in Discord, and is edited when it is decided',
    async (words, head) => {
      const { discord } = chats;
      const queue = discord.channels.queue!;
      await chats.bot().ask(words, { person: CLAUDE });
      await delivered();
      const card = discord.messages(queue).find(({ seen }) => seen.text.includes(head.trim()))!;
      const proposal = () =>
        discord.messages(card.id).filter(({ seen }) => seen.text.includes('Claude proposes'));
      const [asked] = proposal();
      expect(JSON.stringify(asked!.seen)).toContain('Approve');
      await chats.bot().ask('deny 1 not now');
      await delivered();
      const after = proposal();
      expect(after.map(({ id }) => id)).toEqual([asked!.id]);
      expect(JSON.stringify(after[0]!.seen)).not.toContain('Approve');
      expect(after[0]!.seen.text).toContain('denied by root: not now');
    },
  );
});
