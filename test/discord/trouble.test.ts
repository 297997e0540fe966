import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiscordAdapter } from '../../adapters/discord/index.ts';
import { gatewayProblem } from '../../adapters/discord/problems.ts';
import { textMessage } from '../../src/core/message.ts';
import { answer, createHouse, type House } from '../contract/adapter-harness.ts';
import { type DiscordWorld, openDiscord } from '../discord-world.ts';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import type { MessageView } from '../servers/discord/index.ts';

/** Jobs that have a card at the end of the recorded day. */
const JOBS = 11;
const POSTS = 'POST /channels/:id/messages';

describe('Discord in trouble', () => {
  let chats: Chats;
  let discord: DiscordWorld;
  let queue: string;
  const detail = () => chats.health('discord')?.detail ?? '';
  const cards = (): MessageView[] =>
    discord.messages(queue).filter(({ seen }) => seen.text.startsWith('ToyRegression'));
  const name = ({ seen }: MessageView): string => seen.text.split('\n')[0]!;
  /** Every message of the threads: what was said twice is there twice. */
  const everything = (): string[] =>
    cards().flatMap((card) => discord.messages(card.id).map(({ seen }) => `${name(card)}: ${seen.text}`));
  const allTold = () =>
    eventually('all is told', () => cards().length === JOBS && chats.bot().app.waiting() === 0, 60_000);

  beforeEach(async () => {
    chats = await openChats({ slack: false, endings: 'thread' });
    discord = chats.discord;
    queue = discord.channels.queue;
    await chats.connected();
  });
  afterEach(() => chats.stop());

  it.each([
    ['SEND_MESSAGES', /Send Messages/],
    ['CREATE_PUBLIC_THREADS', /Create Public Threads/],
    ['VIEW_CHANNEL', /cannot see the channel|View Channel/],
  ] as const)('says when it lacks %s, and keeps what is to be said', async (permission, words) => {
    discord.setBotPermissions(queue, { deny: [permission] });
    chats.home.show(LATE);
    await eventually('health says so', () => words.test(detail()));
    expect(chats.health('web')!.ok).toBe(true);
    discord.setBotPermissions(queue, {});
    // Nobody waits a minute in a test for what is tried once a minute; what was on its way is refused after that, too.
    await eventually(
      'all is told',
      async () => {
        chats.bot().app.parts.resume('discord');
        await sleep(50);
        return cards().length === JOBS && chats.bot().app.waiting() === 0;
      },
      60_000,
    );
    const said = everything();
    expect(new Set(said).size).toBe(said.length);
    await eventually('health is well', () => chats.health('discord')!.ok);
  });

  it('sends a card anew that somebody deleted', async () => {
    await chats.show('020.json');
    const [card] = cards();
    discord.deleteMessage(discord.users.admin, card!.id);
    chats
      .bot()
      .app.parts.db.prepare(`UPDATE deliveries SET state = 'due', delivered_hash = NULL WHERE kind = 'card'`)
      .run();
    await chats.show(LATE);
    expect(cards().filter((each) => name(each) === name(card!))).toHaveLength(1);
  });

  it('resumes after a reconnect, a cut and a silent connection, and loses no answer', async () => {
    await chats.show(LATE);
    const { gateway, people } = discord;
    const resumed = (count: number) =>
      eventually(
        `resumed ${count} times`,
        () => gateway.resumes() >= count && gateway.connections() === 1,
        40_000,
      );
    const ask = async () => {
      const asked = await discord.xax(people.ada, queue, 'status');
      await eventually('the answer', () => asked.message()?.seen.text.includes('Running'));
    };
    gateway.reconnect();
    await resumed(1);
    await ask();
    gateway.close(1006);
    await resumed(2);
    await ask();
    gateway.mood.zombie = true;
    await eventually('it was noticed', () => gateway.resumes() >= 3, 40_000);
    gateway.mood.zombie = false;
    await resumed(3);
    await ask();
    expect(gateway.identifies()).toBe(1);
  });

  it('says everything once through lost answers, errors and limits', async () => {
    discord.fault(POSTS, { drop: 'after' }, 3);
    discord.fault(POSTS, { status: 500 }, 2);
    discord.fault(POSTS, { drop: 'before' }, 2);
    discord.fault(POSTS, { status: 429, retryAfterSeconds: 1 }, 2);
    discord.fault('PATCH /channels/:id/messages/:message', { drop: 'after' }, 2);
    await chats.show(LATE);
    expect(new Set(cards().map(name)).size).toBe(JOBS);
    expect(cards()).toHaveLength(JOBS);
    const said = everything();
    expect(new Set(said).size).toBe(said.length);
  });

  it('is opened by itself when Discord is there again', async () => {
    discord.down();
    chats.home.show(LATE);
    await eventually('health says so', () => chats.health('discord')?.ok === false);
    discord.up();
    await allTold();
    const said = everything();
    expect(new Set(said).size).toBe(said.length);
  });

  it('says of a revoked token what mends it, and begins again with a good one', async () => {
    discord.revokeToken();
    await eventually('health says so', () => /rejects the token.*DISCORD_TOKEN/.test(detail()), 30_000);
    expect(chats.health('web')!.ok).toBe(true);
    discord.restoreToken();
    await chats.connected();
  });
});

describe('a Discord adapter', () => {
  let discord: DiscordWorld;
  let house: House;
  let ahead = 0;
  beforeEach(async () => {
    ahead = 0;
    discord = await openDiscord();
    house = createHouse();
  });
  afterEach(() => discord.stop());

  async function open() {
    const adapter = createDiscordAdapter(
      { token: discord.token, apiUrl: discord.api, commands: 'guild' },
      {
        ...house.ports('discord', discord.people.ada.id, discord.channels.queue),
        clock: () => Date.now() + ahead,
      },
    );
    await adapter.start(house.handlers);
    return adapter;
  }
  const pass = (ms: number) => {
    ahead += ms;
    discord.advance(ms);
  };

  it('goes on in messages of its own, or directly, when an interaction has died', async () => {
    const adapter = await open();
    const { ada } = discord.people;
    const texts = (messages: readonly MessageView[]) => messages.map(({ seen }) => seen.text);
    const dies = (visibility: 'public' | 'private') =>
      house.answers.push(async (_asked, reply) => {
        await reply(answer(textMessage('launching'), visibility, false));
        pass(16 * 60_000);
        await reply(answer(textMessage(`done ${visibility}`), visibility));
      });
    dies('public');
    await discord.xax(ada, discord.channels.queue, 'tell', { text: 'x' });
    await eventually('the public answer', () =>
      texts(discord.messages(discord.channels.queue)).some((text) => text.includes('done public')),
    );
    expect(discord.messages(discord.channels.queue)).toHaveLength(1);
    dies('private');
    await discord.xax(ada, discord.channels.queue, 'tell', { text: 'x' });
    await eventually('the private answer', () =>
      texts(discord.directMessages(ada)).some((text) => text.includes('done private')),
    );
    await adapter.stop();
  });

  it('gives a card up that is too old to be edited, so that it is sent anew', async () => {
    const adapter = await open();
    const ref = await adapter.post({ channel: discord.channels.queue }, textMessage('card'), 'k1');
    pass(2 * 3_600_000);
    const outcomes: string[] = [];
    for (let count = 0; count < 12 && !outcomes.includes('frozen'); count += 1)
      await adapter.update(ref, textMessage(`version ${count}`), { key: 'k1' }).then(
        () => outcomes.push('edited'),
        (error: { outcome: string }) => outcomes.push(error.outcome),
      );
    expect(outcomes[0]).toBe('edited');
    expect(outcomes.at(-1)).toBe('frozen');
    // As the deliverer does.
    await adapter.remove!(ref);
    expect(discord.message(ref.id)).toBeNull();
    const discussion = { channel: discord.channels.queue, id: ref.id };
    const again = await adapter.post(
      { channel: discord.channels.queue, discussion },
      textMessage('card'),
      'k1#1',
    );
    expect(discord.message(again.id)!.seen.text).toContain('Discussion:');
    await adapter.stop();
  });

  it('says which intent the portal must grant', () => {
    expect(gatewayProblem(4014)).toMatch(/"Message Content Intent"/);
    expect(gatewayProblem(4004)).toMatch(/DISCORD_TOKEN/);
    expect(gatewayProblem(1006)).toBeUndefined();
  });
});
