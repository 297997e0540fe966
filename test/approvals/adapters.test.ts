import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chats, LATE, openChats } from '../platforms.ts';
import { CLAUDE } from '../toy-bot.ts';

describe('a proposal at the adapters', () => {
  let chats: Chats;
  beforeAll(async () => {
    chats = await openChats();
    await chats.connected();
    await chats.show(LATE);
  });
  afterAll(() => chats.stop());

  /** Proposes it; returns what tells this proposal from the others, and its number. */
  async function propose(words: string) {
    const { data } = await chats.bot().ask(words, { person: CLAUDE });
    const { proposal } = data as { proposal: number };
    await chats.allSaid();
    return {
      proposal,
      isCard: (text: string) => text.includes('Claude proposes') && text.includes(`(proposal ${proposal})`),
    };
  }

  const CASES = [
    ['cancel 10', 'ToyRegression job-0000010'],
    ['watch add above value/loss 5', 'Session '],
  ] as const;

  it.each(CASES)(
    'of "%s" stands in a thread in Slack, and is edited when it is decided',
    async (words, head) => {
      const { slack } = chats;
      const queue = slack.channels.queue!;
      const { proposal, isCard } = await propose(words);
      const card = (await slack.timeline(queue)).find(({ text }) => text.startsWith(head))!;
      const cards = async () => (await slack.replies(queue, card.ts)).filter(({ text }) => isCard(text));
      const [asked] = await cards();
      expect(JSON.stringify(asked!.blocks)).toContain('Approve');
      expect(asked!.reply_broadcast).toBe(head === 'Session ');
      await chats.bot().ask(`deny ${proposal} not now`);
      await chats.allSaid();
      const after = await cards();
      expect(after).toHaveLength(1);
      expect([after[0]!.ts, JSON.stringify(after[0]!.blocks)]).toEqual([
        asked!.ts,
        expect.not.stringContaining('Approve'),
      ]);
      expect(after[0]!.text).toContain('denied by root: not now');
      expect((await slack.replies(queue, card.ts)).map(({ text }) => text)).toContainEqual(
        expect.stringMatching(new RegExp(`^Proposal ${proposal} of Claude`)),
      );
    },
  );

  it.each(CASES)(
    'of "%s" stands in a thread in Discord, and is edited when it is decided',
    async (words, head) => {
      const { discord } = chats;
      const queue = discord.channels.queue!;
      const { proposal, isCard } = await propose(words);
      const card = discord.messages(queue).find(({ seen }) => seen.text.includes(head.trim()))!;
      const cards = () => discord.messages(card.id).filter(({ seen }) => isCard(seen.text));
      const [asked] = cards();
      expect(JSON.stringify(asked!.seen)).toContain('Approve');
      await chats.bot().ask(`deny ${proposal} not now`);
      await chats.allSaid();
      const after = cards();
      expect(after.map(({ id }) => id)).toEqual([asked!.id]);
      expect(JSON.stringify(after[0]!.seen)).not.toContain('Approve');
      expect(after[0]!.seen.text).toContain('denied by root: not now');
    },
  );

  it('whose edits Discord refuses is taken out of its thread and said again, so that nobody approves it any more', async () => {
    const { discord } = chats;
    const { proposal, isCard } = await propose('cancel 10');
    const card = discord
      .messages(discord.channels.queue!)
      .find(({ seen }) => seen.text.includes('ToyRegression job-0000010'))!;
    const cards = () => discord.messages(card.id).filter(({ seen }) => isCard(seen.text));
    const [asked] = cards();
    discord.fault(`PATCH /channels/:id/messages/${asked!.id}`, { status: 400, code: 50_035 }, 40);
    // Nor does it stay because the first try to take it away was put off.
    discord.fault(`DELETE /channels/:id/messages/${asked!.id}`, { status: 429, retryAfterSeconds: 1 });
    await chats.bot().ask(`deny ${proposal} not now`);
    await chats.allSaid();
    expect(
      cards().map(({ id, seen }) => [id === asked!.id, JSON.stringify(seen).includes('Approve')]),
    ).toEqual([[false, false]]);
  });
});
