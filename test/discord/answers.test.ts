import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiscordAdapter } from '../../adapters/discord/index.ts';
import type { Adapter, Reply } from '../../src/core/adapter.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { answer, createHouse, type House, png } from '../contract/adapter-harness.ts';
import { type DiscordWorld, openDiscord } from '../discord-world.ts';
import { eventually } from '../helpers.ts';
import type { MessageView } from '../servers/discord/index.ts';

const EDIT = 'PATCH /channels/:id/messages/:message';
const POST = 'POST /channels/:id/messages';
const ORIGINAL = 'PATCH /webhooks/:app/:token/messages/@original';
const BUTTONS: Message = {
  blocks: [
    { kind: 'text', text: 'a card' },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Do it', command: 'tell', options: { text: 'x' } },
        { label: 'Ask', command: 'tell', options: {}, form: true },
      ],
    },
  ],
};

describe('an answer in Discord', () => {
  let discord: DiscordWorld;
  let house: House;
  let adapter: Adapter;
  let queue: string;
  let allGiven = false;

  const texts = (messages: readonly MessageView[]) => messages.map(({ seen }) => seen.text);
  const ours = (place: string) =>
    discord.messages(place).filter(({ author }) => author === discord.applicationId);
  /** What there is to see of answers, by place; what still says that the bot is thinking counts. */
  const seen = (thread?: string) => ({
    channel: texts(ours(queue)).filter((text) => !text.startsWith('a card')),
    thread: thread === undefined ? [] : texts(ours(thread)),
    alone: discord
      .ephemerals(discord.people.ada)
      .map(({ seen: { text }, loading }) => (loading ? 'loading' : text)),
    direct: texts(
      discord.directMessages(discord.people.ada).filter(({ author }) => author === discord.applicationId),
    ),
  });
  const isAnswered = () => eventually('it is answered', () => allGiven, 30_000);
  function answers(...replies: Reply[]): void {
    allGiven = false;
    house.answers.push(async (_asked, reply) => {
      await Promise.all(replies.map((each) => reply(each)));
      allGiven = true;
    });
  }
  const card = async () => {
    const { id } = await adapter.post({ channel: queue }, BUTTONS, 'card');
    await adapter.openThread({ channel: queue, id }, 'job');
    return id;
  };
  const slash = () => discord.xax(discord.people.ada, queue, 'tell', { text: 'x' });
  const LAUNCHED = (visibility: Reply['visibility']) => [
    answer(textMessage('launching'), visibility, false),
    answer(textMessage('starting'), visibility, false),
    answer(textMessage('queued job-0000007'), visibility),
  ];
  const REFUSED = (): Reply => ({
    ...answer(textMessage('no such job'), 'private'),
    ok: false,
    errorCode: 'bad',
  });
  const QUEUED = [expect.stringContaining('queued job-0000007')];

  async function open(options: { fileLimit?: number } = {}): Promise<void> {
    discord = await openDiscord(options);
    queue = discord.channels.queue;
    house = createHouse();
    adapter = createDiscordAdapter(
      { token: discord.token, apiUrl: discord.api, commands: 'guild' },
      house.ports('discord', discord.people.ada.id, queue),
    );
    await adapter.start(house.handlers);
    allGiven = false;
  }
  async function close(): Promise<void> {
    await adapter.stop();
    await discord.stop();
    house.db.close();
  }
  beforeEach(() => open());
  afterEach(close);

  describe('is one message that later ones replace', () => {
    const WAYS: [string, () => Promise<string | undefined>][] = [
      ['a slash command', async () => void (await slash())],
      [
        'a button',
        async () => {
          const id = await card();
          await discord.press(discord.people.ada, id, 'Do it');
          return id;
        },
      ],
      [
        'a form',
        async () => {
          const id = await card();
          const form = await discord.press(discord.people.ada, id, 'Ask');
          await discord.submit(discord.people.ada, form, { text: 'x' });
          return id;
        },
      ],
      [
        'a menu of a message',
        async () => {
          const { id } = discord.say(discord.people.bea, queue, 'odd');
          await discord.messageCommand(discord.people.ada, 'Save as note', id);
          return undefined;
        },
      ],
    ];
    it.each(WAYS)('for everybody, asked by %s', async (_how, ask) => {
      answers(...LAUNCHED('public'));
      const thread = await ask();
      await isAnswered();
      await eventually('nothing is left open', () => seen().alone.length === 0);
      const shown = seen(thread);
      expect([...shown.channel, ...shown.thread]).toEqual(QUEUED);
      expect(shown.direct).toEqual([]);
    });
    it.each(WAYS)('for the asker alone, asked by %s', async (_how, ask) => {
      answers(...LAUNCHED('private'));
      const thread = await ask();
      await isAnswered();
      expect(seen(thread)).toMatchObject({ channel: [], thread: [], alone: QUEUED, direct: [] });
    });
    it.each(['public', 'private'] as const)('in the thread of a mention, %s', async (visibility) => {
      const id = await card();
      answers(...LAUNCHED(visibility));
      discord.say(discord.people.ada, id, `<@${discord.applicationId}> tell x`);
      await isAnswered();
      expect(seen(id)).toMatchObject({ channel: [], thread: QUEUED, direct: [] });
    });
    it('directly', async () => {
      answers(...LAUNCHED('private'));
      discord.dm(discord.people.ada, 'tell x');
      await isAnswered();
      expect(seen().direct).toEqual(QUEUED);
    });
    it('though nobody knows whether the first was posted', async () => {
      discord.fault(POST, { drop: 'after' });
      answers(...LAUNCHED('public'));
      await slash();
      await isAnswered();
      expect(seen().channel).toEqual(QUEUED);
    });
    it('whose refusal replaces what everybody has seen begin', async () => {
      house.answers.push(async (_asked, reply) => {
        await reply(answer(textMessage('launching'), 'public', false));
        await reply(REFUSED());
        allGiven = true;
      });
      await slash();
      await isAnswered();
      await eventually('nothing is left open', () => seen().alone.length === 0);
      expect(seen().channel).toEqual([expect.stringContaining('no such job')]);
    });
  });

  describe('that refuses is for the asker alone', () => {
    it('by a command and by a button', async () => {
      const id = await card();
      for (const ask of [slash, () => discord.press(discord.people.ada, id, 'Do it')]) {
        answers(REFUSED());
        await ask();
        await isAnswered();
      }
      expect(seen(id)).toMatchObject({ channel: [], thread: [], direct: [] });
      expect(seen().alone).toEqual(['no such job', 'no such job']);
    });
    it('by a mention, which is answered directly', async () => {
      const id = await card();
      answers(REFUSED());
      discord.say(discord.people.ada, id, `<@${discord.applicationId}> nonsense`);
      await isAnswered();
      expect(seen(id)).toMatchObject({ channel: [], thread: [], direct: ['no such job'] });
    });
    it('by a reaction on what cannot be a note', async () => {
      const id = await card();
      const { id: message } = discord.say(discord.people.bea, id, '   ');
      discord.react(discord.people.ada, message, '📝');
      await eventually('the refusal', () => seen().direct.length > 0);
      expect(seen(id)).toMatchObject({ channel: [], thread: [] });
    });
    it('by a mention of somebody who takes no direct messages, who is told so and nothing else', async () => {
      const id = await card();
      const shy = discord.addUser('Shy', { refusesDms: true });
      answers(REFUSED());
      discord.say(shy, id, `<@${discord.applicationId}> nonsense`);
      await isAnswered();
      expect(seen(id).thread).toEqual([expect.stringMatching(/for you alone.*Use \/xax here/)]);
    });
  });

  describe('that Discord does not take at once', () => {
    it.each([
      ['fails', { status: 503 }],
      ['is limited', { status: 429, retryAfterSeconds: 1 }],
    ])('is given when its edit %s', async (_what, fault) => {
      house.answers.push(async (_asked, reply) => {
        await reply(answer(textMessage('launching'), 'public', false));
        discord.fault(EDIT, fault, 2);
        await reply(answer(textMessage('queued job-0000007'), 'public'));
        allGiven = true;
      });
      await slash();
      await isAnswered();
      expect(seen().channel).toEqual(QUEUED);
    });
    it.each([
      ['fails', { status: 503 }],
      ['is limited', { status: 429, retryAfterSeconds: 1 }],
      ['is cut off', { drop: 'after' as const }],
    ])('is given to the asker when the interaction %s', async (_what, fault) => {
      discord.fault(ORIGINAL, fault, 2);
      answers(answer(textMessage('queued job-0000007'), 'private'));
      await slash();
      await isAnswered();
      expect(seen()).toMatchObject({ channel: [], alone: QUEUED, direct: [] });
    });
    it.each([{ status: 503 }, { drop: 'after' as const }])(
      'is given though the first word fails: %o',
      async (fault) => {
        discord.fault('POST /interactions/:id/:token/callback', fault);
        answers(answer(textMessage('queued job-0000007'), 'private'));
        await slash();
        await isAnswered();
        expect(seen().alone).toEqual(QUEUED);
      },
    );
    it('leaves nothing thinking though taking that away fails', async () => {
      discord.fault('DELETE /webhooks/:app/:token/messages/@original', { status: 503 });
      answers(answer(textMessage('queued job-0000007'), 'public'));
      await slash();
      await isAnswered();
      await eventually('nothing is left open', () => seen().alone.length === 0, 20_000);
    });
  });

  describe('whose files Discord does not take', () => {
    const chart = async (): Promise<Message> => ({
      blocks: [
        { kind: 'text', text: 'the run' },
        { kind: 'image', image: await house.save(png(1), 'png'), alt: 'loss falls', width: 1, height: 1 },
      ],
    });
    const log = async (): Promise<Message> => ({
      blocks: [
        { kind: 'text', text: 'the log' },
        { kind: 'file', file: await house.save(Buffer.from('a,b'), 'csv'), name: 'log.csv', bytes: 3 },
      ],
    });
    const long: Message = { blocks: [{ kind: 'code', text: 'line\n'.repeat(20_000) }] };
    const STEPS: [string, () => Promise<void>, RegExp][] = [
      [
        'since they are too large',
        async () => {
          await close();
          await open({ fileLimit: 2 });
        },
        /could not be sent: they are larger than Discord takes/g,
      ],
      [
        'since it fails whenever there are some',
        async () => void discord.fault(/./, { status: 503, withFiles: true }, 1_000),
        /could not be sent: Discord answered 503/g,
      ],
    ];
    it.each(STEPS)(
      '%s is whole but for them, and says why once',
      async (_when, spoil, reason) => {
        await spoil();
        for (const [message, words] of [
          [await chart(), 'loss falls'],
          [await log(), 'log.csv'],
          [long, 'There is more than fits here.'],
        ] as const)
          for (const visibility of ['public', 'private'] as const) {
            answers(answer(message, visibility));
            await slash();
            await isAnswered();
            const all = visibility === 'public' ? seen().channel : seen().alone;
            const shown = all.filter((text) => text !== 'loading').at(-1)!;
            expect(shown.match(reason), `${visibility} ${words}`).toHaveLength(1);
            expect(shown).toContain(words);
            expect(shown).not.toContain('whole text is attached');
          }
      },
      120_000,
    );
    it.each(STEPS)('%s is a delivered message nonetheless', async (_when, spoil, reason) => {
      await spoil();
      for (const [index, message] of [await chart(), await log(), long].entries()) {
        const post = () => adapter.post({ channel: queue }, message, `k${index}`);
        // The deliverer tries again what failed on Discord's side.
        const { id } = await post().catch(post).catch(post);
        expect(discord.message(id)!.seen.text.match(reason)).toHaveLength(1);
      }
    });
    it('has a picture all the same when Discord fails for a moment', async () => {
      discord.fault(POST, { status: 503, withFiles: true });
      answers(answer(await chart(), 'public'));
      await slash();
      await isAnswered();
      expect(ours(queue).at(-1)!.attachments).toHaveLength(1);
    });
    it('says so of a picture that is no longer kept', async () => {
      const message: Message = {
        blocks: [{ kind: 'image', image: { file: 'gone.png' }, alt: 'loss falls', width: 1, height: 1 }],
      };
      const { id } = await adapter.post({ channel: queue }, message, 'k');
      expect(discord.message(id)!.seen.text).toMatch(/loss falls(.|\n)*no longer kept/);
    });
  });
});
