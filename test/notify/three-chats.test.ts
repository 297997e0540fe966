import { afterEach, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, enterWeb, STATES } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type Chats, EARLY, openChats } from '../platforms.ts';
import type { MessageView } from '../servers/discord/index.ts';
import { seen as seenInSlack } from '../servers/slack/seen.ts';

/** A chat as it is read: cards with their threads, in order. */
type Told = { card: string; thread: string[] }[];

let chats: Chats | undefined;
afterEach(async () => {
  await chats?.stop();
  chats = undefined;
});

/**
 * What of a text does not depend on the platform: its words. Each shows mentions, times, bars, buttons and
 * the marks of a tone in its own way.
 */
function words(text: string): string {
  return text
    .replace(/<@\d+>|@\w+|\b\d{10}\W[RTf]\b/g, ' ')
    .replace(/\[image:[^\]]*\]\S*|\[[A-Z][^\]]*\]/g, ' ')
    .replace(
      /\d{4}-\d\d-\d\dT[\d:.]+Z|\d\d:\d\d:\d\d|(in )?(\d+ (d|h|min|s) ?)+ ?ago|\d+ (s|min|h) later/g,
      ' ',
    )
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

async function web({ bot }: Chats): Promise<Told> {
  const reader = await enterWeb(bot());
  const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
  const bare = (message: ChatMessage) =>
    words(
      plainText(
        { blocks: message.message.blocks.filter(({ kind }) => kind !== 'buttons') },
        { now: Date.now() },
      ),
    );
  return Promise.all(
    messages.map(async (message) => ({
      card: bare(message),
      thread:
        message.replies > 0
          ? (await reader.get<{ messages: ChatMessage[] }>(`thread?root=${message.id}`)).messages.map(bare)
          : [],
    })),
  );
}

async function slack({ slack: server }: Chats): Promise<Told> {
  const channel = server.channels.queue!;
  const bare = (message: { text: string; blocks?: Record<string, unknown>[] }) =>
    words(
      seenInSlack({
        blocks: (message.blocks ?? []).filter(({ type }) => type !== 'actions' && type !== 'image'),
      }).text,
    );
  return Promise.all(
    (await server.timeline(channel)).map(async (message) => ({
      card: bare(message),
      thread: (await server.replies(channel, message.ts)).map(bare),
    })),
  );
}

async function discord({ discord: server }: Chats): Promise<Told> {
  const bare = ({ seen }: MessageView) => words(seen.text);
  return server.messages(server.channels.queue).map((message) => ({
    card: bare(message),
    thread: server.messages(message.id).map(bare),
  }));
}

/** The board by which words it has, in whatever order and however often. */
function boardAsSet(told: Told): Told {
  return told.map(({ card, thread }) => ({
    card: card.startsWith('Queue') ? [...new Set(card.split(' '))].toSorted().join(' ') : card,
    thread,
  }));
}

describe('three chats of one bot', () => {
  it('tell the recorded day in the same words, message by message', async () => {
    chats = await openChats({ endings: 'thread' });
    await chats.connected();
    for (const state of STATES) await chats.show(state);
    const [inWeb, inSlack, inDiscord] = await Promise.all([web(chats), slack(chats), discord(chats)]);
    expect(inWeb).toHaveLength(12);
    expect(inWeb.flatMap(({ thread }) => thread).length).toBeGreaterThan(30);
    expect(inSlack).toEqual(inWeb);
    // In Discord the board's tables, wider than a phone, have their columns' names beside the values.
    expect(boardAsSet(inDiscord)).toEqual(boardAsSet(inWeb));
  });

  it('tell of two queues whose jobs have the same ids, each job in its own thread, and nothing again after a restart', async () => {
    const other = createRecordedHome(temporaryFolder());
    other.show(EARLY);
    const queues = `  - {name: gpu-01, home: HOME}
  - {name: gpu-02, home: ${other.home}}
  - {name: gone, home: /no/such/queue}
  - {name: practice, kind: simulated, script: empty}
`;
    chats = await openChats({ endings: 'thread', queues });
    await chats.connected();
    for (const state of STATES) {
      other.show(state);
      await chats.show(state);
    }
    await eventually('the other is read', () =>
      web(chats!).then((told) => told.some(({ card }) => card.includes('gpu 02 job 0000010'))),
    );
    await chats.allSaid();
    const [inWeb, inSlack, inDiscord] = await Promise.all([web(chats), slack(chats), discord(chats)]);
    const of = (told: Told, queue: string) =>
      told
        .filter(({ card }) => card.includes(`gpu ${queue} job`) && !card.startsWith('Queue'))
        .map(({ card, thread }) => ({ card: card.replace(`gpu ${queue}`, 'gpu'), thread }))
        .toSorted((x, y) => (x.card < y.card ? -1 : 1));
    const jobsOf = (told: Told, queue: string) =>
      of(told, queue).map(({ card }) => /job \d{7}/.exec(card)![0]);
    for (const told of [inWeb, inSlack, inDiscord])
      for (const queue of ['01', '02']) {
        const jobs = jobsOf(told, queue);
        expect(jobs.length).toBeGreaterThan(8);
        expect(new Set(jobs).size).toBe(jobs.length);
        expect(of(told, queue).every(({ thread }) => thread.length > 0)).toBe(true);
      }
    await chats.bot().app.stop();
    await chats.start();
    await chats.connected();
    await chats.allSaid();
    const count = (told: Told) => told.map(({ thread }) => thread.length);
    expect(count(await web(chats))).toEqual(count(inWeb));
    expect(count(await slack(chats))).toEqual(count(inSlack));
    expect(count(await discord(chats))).toEqual(count(inDiscord));
    expect(chats.health('queue gone')).toMatchObject({ ok: false });
  });

  it('catch up when both platforms were away, and nothing is lost or said twice', async () => {
    chats = await openChats({ endings: 'thread' });
    await chats.connected();
    chats.slack.down();
    chats.discord.down();
    for (const state of STATES) {
      chats.home.show(state);
      await chats.bot().app.settled();
    }
    await eventually('both are missed', () => !chats!.health('slack')!.ok && !chats!.health('discord')!.ok);
    chats.slack.up();
    chats.discord.up();
    const back = Date.now();
    await chats.connected();
    expect(Date.now() - back).toBeLessThan(60_000);
    await eventually('all is said', () => chats!.bot().app.waiting() === 0, 60_000);
    const [inWeb, inSlack, inDiscord] = await Promise.all([web(chats), slack(chats), discord(chats)]);
    expect(inSlack.map(({ thread }) => thread)).toEqual(
      expect.arrayContaining(inWeb.map(({ thread }) => thread)),
    );
    expect(inSlack).toHaveLength(inWeb.length);
    expect(inDiscord).toHaveLength(inWeb.length);
    expect(inDiscord.map(({ thread }) => thread)).toEqual(
      expect.arrayContaining(inWeb.map(({ thread }) => thread)),
    );
  });
});
