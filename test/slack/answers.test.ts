import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackAdapter } from '../../adapters/slack/index.ts';
import type { Adapter, Reply } from '../../src/core/adapter.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { answer, createHouse, type House, png } from '../contract/adapter-harness.ts';
import { eventually } from '../helpers.ts';
import { type SlackServer, startSlackServer } from '../servers/slack/index.ts';

const ADA = 'U0ADA';
const MISSING_SCOPE = /Files could not be sent: the app lacks the scope files:write/g;

describe('an answer in Slack', () => {
  let slack: SlackServer;
  let house: House;
  let adapter: Adapter;
  let queue: string;
  const ours = async () =>
    (await slack.timeline(queue)).filter(({ user }) => user === slack.botUserId || user === 'xaxbot');
  /** What Ada sees of answers: in the channel, in a thread, to her alone, in her direct messages. */
  async function seen(thread?: string) {
    const channel = await ours();
    const direct = slack.directOf(ADA);
    const below = thread === undefined ? [] : await slack.replies(queue, thread);
    return {
      channel: channel.map(({ text }) => text).filter((text) => !text.startsWith('a card')),
      thread: below.map(({ text }) => text).filter((text) => !text.startsWith('<@')),
      alone: slack.ephemerals.map(({ text, thread_ts }) => [text, thread_ts]),
      direct: direct === undefined ? [] : (await slack.timeline(direct)).map(({ text }) => text),
    };
  }
  const isAnswered = () => eventually('it was answered', () => house.asked.length > 0 && allGiven);
  let allGiven = false;
  function answers(...replies: Reply[]): void {
    allGiven = false;
    house.answers.push(async (_asked, reply) => {
      const given = replies.map((each) => reply(each));
      await Promise.all(given);
      allGiven = true;
    });
  }
  const card = () =>
    adapter.post(
      { channel: queue },
      {
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
      },
      'card',
    );
  const find = async (ts: string) => (await slack.find(queue, ts))!;
  const LAUNCHED = () =>
    [
      answer(textMessage('launching'), 'public', false),
      answer(textMessage('starting'), 'public', false),
      answer(textMessage('queued job-0000007'), 'public'),
    ] as const;
  const REFUSED = (text: string): Reply => ({
    ...answer(textMessage(text), 'private'),
    ok: false,
    errorCode: 'bad',
  });
  const withFile = async (): Promise<Message> => ({
    blocks: [
      { kind: 'text', text: 'the log' },
      { kind: 'file', file: await house.save(Buffer.from('a,b'), 'csv'), name: 'log.csv', bytes: 3 },
    ],
  });
  const withChart = async (): Promise<Message> => ({
    blocks: [
      { kind: 'text', text: 'the run' },
      { kind: 'image', image: await house.save(png(1), 'png'), alt: 'loss falls', width: 1, height: 1 },
    ],
  });
  const long: Message = { blocks: [{ kind: 'code', text: 'line\n'.repeat(20_000) }] };

  beforeEach(async () => {
    allGiven = false;
    slack = await startSlackServer({ users: [{ id: ADA, name: 'Ada' }] });
    queue = slack.channels.queue!;
    house = createHouse();
    adapter = createSlackAdapter(
      {
        botToken: slack.botToken,
        appToken: slack.appToken,
        apiUrl: slack.apiUrl,
        timings: { readyPollMs: 20 },
      },
      house.ports('slack', ADA, queue),
    );
    await adapter.start(house.handlers);
    await eventually('both sockets', () => slack.sockets.count() === 2);
  });
  afterEach(async () => {
    await adapter.stop();
    await slack.stop();
    house.db.close();
  });

  describe('is one message that later ones replace', () => {
    const WAYS: [string, () => Promise<string | undefined>][] = [
      ['a slash command', async () => void (await slack.command(ADA, queue, 'tell x'))],
      ['a mention', async () => void (await slack.mention(ADA, queue, 'tell x'))],
      [
        'a button',
        async () => {
          const { id } = await card();
          await slack.press(ADA, queue, await find(id), 'Do it');
          return id;
        },
      ],
      [
        'a form',
        async () => {
          const { id } = await card();
          await slack.press(ADA, queue, await find(id), 'Ask');
          const view = await eventually('the form', () => [...slack.views.values()][0]);
          await slack.submit(ADA, view.id, { text: 'x' });
          return id;
        },
      ],
    ];
    it.each(WAYS)('for everybody, asked by %s', async (_how, ask) => {
      answers(...LAUNCHED());
      const thread = await ask();
      await isAnswered();
      const shown = await seen(thread);
      expect([...shown.channel, ...shown.thread]).toEqual([expect.stringContaining('queued job-0000007')]);
      expect([...shown.alone, ...shown.direct]).toEqual([]);
    });
    it.each(WAYS)('for the asker alone, asked by %s', async (_how, ask) => {
      answers(...LAUNCHED().map((reply) => ({ ...reply, visibility: 'private' as const })));
      const thread = await ask();
      await isAnswered();
      const shown = await seen(thread);
      expect(shown).toMatchObject({ channel: [], thread: [], direct: [] });
      expect(shown.alone).toEqual([[expect.stringContaining('queued job-0000007'), undefined]]);
    });
    it('directly', async () => {
      answers(...LAUNCHED().map((reply) => ({ ...reply, visibility: 'private' as const })));
      await slack.direct(ADA, 'tell x');
      await isAnswered();
      expect((await seen()).direct).toEqual([expect.stringContaining('queued job-0000007')]);
    });
    it('though nobody knows whether the first was posted', async () => {
      slack.fault('chat.postMessage', { drop: 'after' });
      answers(...LAUNCHED());
      await slack.command(ADA, queue, 'tell x');
      await isAnswered();
      expect((await seen()).channel).toEqual([expect.stringContaining('queued job-0000007')]);
    });
    it('whose refusal replaces what everybody has seen begin, and is private otherwise', async () => {
      house.answers.push(async (_asked, reply) => {
        await reply(answer(textMessage('launching'), 'public', false));
        await reply(REFUSED('it failed'));
        allGiven = true;
      });
      await slack.command(ADA, queue, 'tell x');
      await isAnswered();
      expect(await seen()).toMatchObject({ channel: [expect.stringContaining('it failed')], alone: [] });
    });
  });

  describe('stands where it was asked for', () => {
    it('in the thread of a pressed button, of a mention, and of a form, to the asker alone', async () => {
      const { id } = await card();
      const inThread = await adapter.post(
        { channel: queue, thread: { channel: queue, id } },
        {
          blocks: [
            { kind: 'text', text: 'in it' },
            {
              kind: 'buttons',
              buttons: [
                { label: 'Do it', command: 'tell', options: { text: 'x' } },
                { label: 'Ask', command: 'tell', options: {}, form: true },
              ],
            },
          ],
        },
        'post',
      );
      const ways = [
        async () => slack.press(ADA, queue, await find(inThread.id), 'Do it'),
        async () => slack.mention(ADA, queue, 'tell x', id),
        async () => {
          await slack.press(ADA, queue, await find(inThread.id), 'Ask');
          const view = await eventually('the form', () => [...slack.views.values()][0]);
          return slack.submit(ADA, view.id, { text: 'x' });
        },
      ];
      for (const [index, ask] of ways.entries()) {
        answers(answer(textMessage('for you'), 'private'));
        await ask();
        await eventually('the answer', () => slack.ephemerals.length > index);
        expect(slack.ephemerals[index]).toMatchObject({ to: ADA, thread_ts: id });
      }
    });
    it('in the channel for what was pressed above a thread', async () => {
      const { id } = await card();
      await adapter.post({ channel: queue, thread: { channel: queue, id } }, textMessage('below'), 'post');
      answers(answer(textMessage('for you'), 'private'));
      await slack.press(ADA, queue, await find(id), 'Do it');
      await isAnswered();
      expect((await seen()).alone).toEqual([['for you', undefined]]);
    });
    it('a refusal to the asker alone, however it was asked for', async () => {
      const { id } = await card();
      const ways = [
        () => slack.command(ADA, queue, 'nonsense'),
        () => slack.mention(ADA, queue, 'nonsense'),
        async () => slack.press(ADA, queue, await find(id), 'Do it'),
      ];
      for (const [index, ask] of ways.entries()) {
        answers(REFUSED('no such job'));
        await ask();
        await eventually('the refusal', () => slack.ephemerals.length > index);
      }
      expect(await seen(id)).toMatchObject({ channel: [], thread: [], direct: [] });
    });
  });

  describe('that Slack does not take at once', () => {
    it.each([
      ['fails', { status: 503 }],
      ['is limited', { status: 429, retryAfterSeconds: 1 }],
    ])('is given when its edit %s', async (_what, fault) => {
      house.answers.push(async (_asked, reply) => {
        await reply(answer(textMessage('launching'), 'public', false));
        slack.fault('chat.update', fault, 2);
        await reply(answer(textMessage('queued'), 'public'));
        allGiven = true;
      });
      await slack.command(ADA, queue, 'tell x');
      await eventually('it is given', () => allGiven, 20_000);
      expect(await seen()).toMatchObject({ channel: [expect.stringContaining('queued')], alone: [] });
    });
    it.each([
      ['fails', { status: 503 }],
      ['is limited', { status: 429, retryAfterSeconds: 1 }],
      ['is used up', { status: 404, error: 'used_url' }],
      ['has expired', { status: 404, error: 'expired_url' }],
    ])('is given once when its response_url %s', async (_what, fault) => {
      slack.fault('respond', fault);
      answers(answer(textMessage('for you'), 'private'));
      await slack.command(ADA, queue, 'tell x');
      await eventually('it is given', () => allGiven, 20_000);
      expect(await seen()).toMatchObject({ channel: [], alone: [['for you', undefined]], direct: [] });
    });
    it('goes to direct messages where the channel takes none', async () => {
      slack.fault('respond', { status: 404, error: 'expired_url' });
      slack.kick(queue);
      answers(answer(textMessage('for you'), 'private'));
      await slack.command(ADA, queue, 'tell x');
      await isAnswered();
      expect(await seen()).toMatchObject({ alone: [], direct: ['for you'] });
    });
    it('is given in plain words where Slack refuses it as it is', async () => {
      slack.fault('chat.postMessage', { error: 'invalid_blocks' });
      answers(answer({ blocks: [{ kind: 'heading', text: 'queued' }] }, 'public'));
      await slack.command(ADA, queue, 'tell x');
      await isAnswered();
      expect(await seen()).toMatchObject({ channel: [expect.stringContaining('queued')], alone: [] });
    });
  });

  describe('whose files Slack does not take', () => {
    const noUploads = () => slack.setScopes(slack.scopes.filter((scope) => scope !== 'files:write'));
    const STEPS: [string, () => void, RegExp][] = [
      ['for want of a scope', noUploads, MISSING_SCOPE],
      [
        'when asked for a place',
        () => slack.fault('files.getUploadURLExternal', { status: 500 }, 20),
        /could not be sent: Slack answered 500/g,
      ],
      [
        'when sent',
        () => slack.fault('upload', { status: 413 }, 20),
        /could not be sent: Slack answered 413/g,
      ],
      [
        'when shared',
        () => slack.fault('files.completeUploadExternal', { error: 'file_uploads_disabled' }, 20),
        /could not be sent: the workspace does not accept files/g,
      ],
    ];
    it.each(STEPS)(
      '%s is whole but for them, and says why once',
      async (_when, spoil, reason) => {
        spoil();
        for (const [message, words] of [
          [await withChart(), 'loss falls'],
          [await withFile(), 'log.csv'],
          [long, 'There is more than fits here.'],
        ] as const) {
          for (const visibility of ['public', 'private'] as const) {
            const before = (await seen()).channel.length + slack.ephemerals.length;
            answers(answer(message, visibility));
            await slack.command(ADA, queue, 'tell x');
            await eventually('it is given', () => allGiven, 30_000);
            const channel = await ours();
            expect(channel.length + slack.ephemerals.length).toBe(before + 1);
            const last = visibility === 'public' ? channel.at(-1)! : slack.ephemerals.at(-1)!;
            const shown = JSON.stringify(last.blocks);
            expect(shown.match(reason), `${visibility} ${words}`).toHaveLength(1);
            expect(shown).toContain(words);
            expect(shown).not.toMatch(/whole text is|direct messages/);
          }
        }
      },
      120_000,
    );
    it.each(STEPS)(
      '%s is a delivered message nonetheless, which says why once',
      async (_when, spoil, reason) => {
        spoil();
        for (const [index, message] of [await withChart(), await withFile(), long].entries()) {
          const { id } = await adapter.post({ channel: queue }, message, `k${index}`);
          const shown = JSON.stringify((await find(id)).blocks);
          expect(shown.match(reason)).toHaveLength(1);
          expect(shown).not.toContain('the whole text is attached');
        }
      },
      60_000,
    );
    it('has a picture all the same when Slack fails for a moment', async () => {
      slack.fault('upload', { status: 503 });
      answers(answer(await withChart(), 'public'));
      await slack.command(ADA, queue, 'tell x');
      await eventually('it is given', () => allGiven, 20_000);
      const [message] = await ours();
      expect(message!.blocks!.filter(({ type }) => type === 'image')).toHaveLength(1);
    });
  });

  it('shares the files of a private one with nobody else, and says where they are', async () => {
    const { id } = await card();
    for (const message of [await withFile(), long]) {
      answers(answer(message, 'private'));
      await slack.mention(ADA, queue, 'tell x', id);
      await eventually('it is given', () => allGiven, 20_000);
      allGiven = false;
    }
    const shared = [...slack.files.values()].map((file) => file.shared);
    expect(shared).toEqual([slack.directOf(ADA), slack.directOf(ADA)]);
    expect(slack.ephemerals.map(({ blocks }) => JSON.stringify(blocks))).toEqual([
      expect.stringContaining('The file is in your direct messages'),
      expect.stringContaining('the whole text is in your direct messages'),
    ]);
    answers(answer(await withFile(), 'public'));
    await slack.mention(ADA, queue, 'tell x', id);
    await eventually('it is given', () => allGiven, 20_000);
    expect([...slack.files.values()].at(-1)).toMatchObject({ shared: queue, thread: id });
  });
});
