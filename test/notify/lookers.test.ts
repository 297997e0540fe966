import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUnseenFailures } from '../../src/store/unseen-failures.ts';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import type { User } from '../servers/discord/index.ts';

const NEVER = Number.MAX_SAFE_INTEGER;
const JOB = 'job-0000008';

describe('a failed run is looked at', () => {
  let chats: Chats;
  let unseen: ReturnType<typeof createUnseenFailures>;
  let subject: string;
  let transition: number;
  beforeAll(async () => {
    chats = await openChats({ messageContent: true, more: ', capture_threads: true' });
    await chats.connected();
    await chats.show(LATE);
    const { db } = chats.bot().app.parts;
    unseen = createUnseenFailures(db);
    subject = db
      .prepare<[string], string>(`SELECT subject FROM deliveries WHERE kind = 'card' AND subject LIKE ?`)
      .pluck()
      .get(`%${JOB}%`)!;
    transition = db.prepare<[], number>('SELECT min(id) FROM transitions').pluck().get()!;
  });
  afterAll(() => chats.stop());

  const isSeen = () => unseen.due(NEVER, 10).every(({ job }) => job !== subject);
  /** Whether this counts as somebody's look. */
  async function counts(act: () => unknown): Promise<boolean> {
    unseen.add(subject, transition, NEVER);
    await act();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return isSeen();
  }

  it('in Slack by who may read there, not by a guest, an outsider, another program or who has left', async () => {
    const { slack } = chats;
    const queue = slack.channels.queue!;
    const card = await eventually('its card', async () =>
      (await slack.timeline(queue)).find(({ text }) => text.startsWith(`ToyRegression ${JOB}`)),
    );
    const ways = (user: string) => [
      () => slack.react(user, queue, card.ts, 'eyes'),
      () => slack.say(user, queue, 'hm', card.ts),
      () => slack.say(user, queue, `<@${slack.botUserId}> help`, card.ts),
    ];
    for (const kind of ['guest', 'external', 'bot', 'deactivated', 'member'] as const) {
      await slack.setKind('U0GUS', kind);
      for (const way of ways('U0GUS')) expect([kind, await counts(way)]).toEqual([kind, kind === 'member']);
    }
  });

  it('in Discord by who may read there, not by whoever was not let in yet, nor by another program', async () => {
    const { discord } = chats;
    const card = discord
      .messages(discord.channels.queue)
      .find(({ seen }) => seen.text.startsWith(`ToyRegression ${JOB}`))!;
    const ways = (user: User) => [
      () => discord.react(user, card.id, '👀'),
      () => discord.say(user, card.id, 'hm'),
    ];
    for (const way of ways(discord.people.bea)) expect(await counts(way)).toBe(true);
    discord.setMember(discord.people.bea, { pending: true });
    for (const way of ways(discord.people.bea)) expect(await counts(way)).toBe(false);
  });
});
