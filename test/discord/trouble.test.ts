import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiscordAdapter } from '../../adapters/discord/index.ts';
import { textMessage } from '../../src/core/message.ts';
import { answer, createHouse } from '../contract/adapter-harness.ts';
import { type Chats, LATE, openChats } from '../doors.ts';
import { eventually } from '../helpers.ts';
import { type StoredMessage, startDiscordServer } from '../servers/discord/index.ts';
import type { Permission } from '../servers/discord/limits.ts';

const ADA = '111111111111111111';
/** Jobs that have a card at the end of the recorded day. */
const JOBS = 11;

describe('Discord in trouble', () => {
  let chats: Chats;
  let queue: string;
  const discord = () => chats.discord;
  const detail = () => chats.health('discord')?.detail ?? '';
  const cards = (): StoredMessage[] =>
    discord()
      .messages(queue)
      .filter((message) => discord().seen(message).text.startsWith('ToyRegression'));
  const name = (message: StoredMessage): string => discord().seen(message).text.split('\n')[0]!;
  /** Every message of the threads: what was said twice is there twice. */
  const everything = (): string[] =>
    cards().flatMap((card) =>
      discord()
        .messages(card.id)
        .map((message) => `${name(card)}: ${discord().seen(message).text}`),
    );
  const without = (...names: Permission[]): Permission[] =>
    discord()
      .permissions()
      .filter((each) => !names.includes(each));

  beforeEach(async () => {
    chats = await openChats({ slack: false, endings: 'thread' });
    queue = discord().channels.queue;
    await chats.connected();
  });
  afterEach(() => chats.stop());

  const troubles: [string, () => void, () => void, RegExp][] = [
    [
      'a missing permission',
      () => discord().setPermissions(without('Send Messages')),
      () => discord().setPermissions([...discord().permissions(), 'Send Messages']),
      /Send Messages/,
    ],
    [
      'no thread permission',
      () => discord().setPermissions(without('Create Public Threads')),
      () => discord().setPermissions([...discord().permissions(), 'Create Public Threads']),
      /Create Public Threads/,
    ],
    [
      'a channel it cannot see',
      () => discord().hide(queue),
      () => discord().unhide(queue),
      /cannot see the channel/,
    ],
  ];
  it.each(troubles)(
    'says of %s what mends it, and keeps what is to be said',
    async (_what, spoil, mend, words) => {
      spoil();
      chats.home.show(LATE);
      await eventually('health says so', () => words.test(detail()));
      expect(chats.health('web')!.ok).toBe(true);
      mend();
      chats.bot().app.parts.resume('discord');
      await eventually(
        'all is told',
        () => cards().length === JOBS && chats.bot().app.waiting() === 0,
        30_000,
      );
      const said = everything();
      expect(new Set(said).size).toBe(said.length);
      await eventually('health is well', () => chats.health('discord')!.ok);
    },
  );

  it('sends a card anew that somebody deleted', async () => {
    await chats.show('020.json');
    const [card] = cards();
    discord().deleteMessage(queue, card!.id);
    chats
      .bot()
      .app.parts.db.prepare(`UPDATE deliveries SET state = 'due', delivered_hash = NULL WHERE kind = 'card'`)
      .run();
    await chats.show(LATE);
    expect(cards().filter((each) => name(each) === name(card!))).toHaveLength(1);
  });

  it('replaces a card that is too old to be edited, and its thread goes on', async () => {
    await chats.show('020.json');
    const [card] = cards();
    discord().advance(2 * 3_600_000);
    discord().limitOldEdits(0);
    const mark = (): void =>
      void chats
        .bot()
        .app.parts.db.prepare(
          `UPDATE deliveries SET state = 'due', delivered_hash = NULL, next_at = 0 WHERE kind = 'card' AND ref IS NOT NULL`,
        )
        .run();
    await eventually(
      'the card is another',
      async () => {
        mark();
        chats.bot().app.parts.resume('discord');
        await chats.bot().app.settled();
        return !cards().some(({ id }) => id === card!.id);
      },
      30_000,
    );
    const again = cards().find((each) => name(each) === name(card!))!;
    expect(discord().seen(again).text).toContain(`Discussion: <#${card!.id}>`);
    const before = discord().messages(card!.id).length;
    discord().slash(ADA, card!.id, 'note', { text: 'still here' });
    await eventually('the old thread is understood', () => discord().messages(card!.id).length > before);
  });

  it('resumes after a reconnect, a cut and a silent connection, and loses no answer', async () => {
    await chats.show(LATE);
    const ask = async () => {
      const asked = await discord().slash(ADA, queue, 'status');
      await eventually(
        'the answer',
        () => asked.original && discord().seen(asked.original).text.includes('Running'),
      );
    };
    discord().gateway.reconnect();
    await eventually('resumed', () => discord().gateway.counts().resumes === 1 && discord().gateway.isOpen());
    await ask();
    discord().gateway.cut();
    await eventually('resumed', () => discord().gateway.counts().resumes === 2 && discord().gateway.isOpen());
    await ask();
    discord().gateway.goSilent();
    await eventually('resumed', () => discord().gateway.counts().resumes === 3, 40_000);
    await ask();
    expect(discord().gateway.counts().identifies).toBe(1);
  });

  it('says everything once through lost answers, errors and limits', async () => {
    const posts = /^POST \/channels\/\d+\/messages$/;
    discord().fault(posts, { drop: 'after' }, 3);
    discord().fault(posts, { status: 500 }, 2);
    discord().fault(posts, { drop: 'before' }, 2);
    discord().fault(posts, { status: 429, retryAfterSeconds: 1 }, 2);
    discord().fault(/^PATCH /, { drop: 'after' }, 2);
    await chats.show(LATE);
    expect(new Set(cards().map(name)).size).toBe(JOBS);
    expect(cards()).toHaveLength(JOBS);
    const said = everything();
    expect(new Set(said).size).toBe(said.length);
  });

  it('is opened by itself when Discord is there again', async () => {
    discord().down();
    chats.home.show(LATE);
    await eventually('health says so', () => chats.health('discord')?.ok === false);
    discord().up();
    await eventually('all is told', () => cards().length === JOBS && chats.bot().app.waiting() === 0, 60_000);
    const said = everything();
    expect(new Set(said).size).toBe(said.length);
  });

  it('says of a missing intent what mends it, and goes on without it', async () => {
    await chats.bot().app.stop();
    discord().grantContent();
    discord().disallowIntents(1 << 15);
    await chats.start();
    await eventually('health says so', () => /"Message Content Intent"/.test(detail()));
    expect(chats.health('web')!.ok).toBe(true);
    discord().disallowIntents(0);
    await chats.connected();
  });

  it('says of a revoked token what mends it', async () => {
    discord().revoke();
    await eventually('health says so', () => /does not know the token.*DISCORD_TOKEN/.test(detail()), 30_000);
    expect(chats.health('web')!.ok).toBe(true);
  });
});

describe('a Discord adapter', () => {
  it('goes on in messages of its own, or directly, when an interaction has died', async () => {
    const discord = await startDiscordServer();
    const house = createHouse();
    const queue = discord.channels.queue;
    const adapter = createDiscordAdapter(
      { token: discord.token, apiUrl: discord.apiUrl, commands: 'guild' },
      house.ports('discord', ADA, queue),
    );
    await adapter.start(house.handlers);
    for (const visibility of ['public', 'private'] as const) {
      house.answers.push(async (_asked, reply) => {
        await reply(answer(textMessage('launching'), visibility, false));
        discord.advance(16 * 60_000);
        await reply(answer(textMessage(`done ${visibility}`), visibility));
      });
      await discord.slash(ADA, queue, 'tell', { text: 'x' });
    }
    const texts = (channel: string) => discord.messages(channel).map((message) => discord.seen(message).text);
    await eventually('the public answer', () => texts(queue).some((text) => text.includes('done public')));
    expect(texts(queue)).toHaveLength(1);
    await eventually('the private answer', () =>
      texts(discord.directOf(ADA)).some((text) => text.includes('done private')),
    );
    await adapter.stop();
    await discord.stop();
  });
});
