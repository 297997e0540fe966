import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOR_YOU, launched, PASSING, QUEUED, REFUSED } from '../answering.ts';
import { eventually } from '../helpers.ts';
import { type DiscordAnswering, openDiscordAnswering } from './answering.ts';

const EDIT = 'PATCH /channels/:id/messages/:message';
const POST = 'POST /channels/:id/messages';
const ORIGINAL = 'PATCH /webhooks/:app/:token/messages/@original';
const FIRST_WORD = 'POST /interactions/:id/:token/callback';
const IS_QUEUED = [expect.stringContaining(QUEUED)];

describe('an answer in Discord', () => {
  let at: DiscordAnswering;
  beforeEach(async () => {
    at = await openDiscordAnswering();
  });
  afterEach(() => at.stop());

  const nothingOpen = () => eventually('nothing is left open', () => at.seen().alone.length === 0, 20_000);

  describe('is one message that later ones replace', () => {
    const WAYS: [string, () => Promise<string | undefined>][] = [
      ['a slash command', async () => void (await at.slash())],
      [
        'a button',
        async () => {
          const id = await at.card();
          await at.press(id);
          return id;
        },
      ],
      [
        'a form',
        async () => {
          const id = await at.card();
          await at.fill(id);
          return id;
        },
      ],
      [
        'a menu of a message',
        async () => {
          const { ada, bea } = at.discord.people;
          const { id } = at.discord.say(bea, at.queue, 'odd');
          await at.discord.messageCommand(ada, 'Save as note', id);
          return undefined;
        },
      ],
    ];
    it.each(WAYS)('for everybody, asked by %s', async (_how, ask) => {
      at.answers(launched('public'));
      const thread = await ask();
      await at.isAnswered();
      await nothingOpen();
      const shown = at.seen(thread);
      expect([...shown.channel, ...shown.thread]).toEqual(IS_QUEUED);
      expect(shown.direct).toEqual([]);
    });
    it.each(WAYS)('for the asker alone, asked by %s', async (_how, ask) => {
      at.answers(launched('private'));
      const thread = await ask();
      await at.isAnswered();
      expect(at.seen(thread)).toMatchObject({ channel: [], thread: [], alone: IS_QUEUED, direct: [] });
    });
    it.each(['public', 'private'] as const)('in the thread of a mention, %s', async (visibility) => {
      const id = await at.card();
      at.answers(launched(visibility));
      at.discord.say(at.discord.people.ada, id, `<@${at.discord.applicationId}> tell x`);
      await at.isAnswered();
      expect(at.seen(id)).toMatchObject({ channel: [], thread: IS_QUEUED, direct: [] });
    });
    it('directly', async () => {
      at.answers(launched('private'));
      at.discord.dm(at.discord.people.ada, 'tell x');
      await at.isAnswered();
      expect(at.seen().direct).toEqual(IS_QUEUED);
    });
    it('though nobody knows whether the first was posted', async () => {
      at.discord.fault(POST, { drop: 'after' });
      at.answers(launched('public'));
      await at.slash();
      await at.isAnswered();
      expect(at.seen().channel).toEqual(IS_QUEUED);
    });
    it('whose refusal replaces what everybody has seen begin', async () => {
      at.answers([launched('public')[0]!, REFUSED], () => {});
      await at.slash();
      await at.isAnswered();
      await nothingOpen();
      expect(at.seen().channel).toEqual([expect.stringContaining('no such job')]);
    });
  });

  describe('that refuses is for the asker alone', () => {
    it('by a command and by a button', async () => {
      const id = await at.card();
      for (const ask of [at.slash, () => at.press(id)]) {
        at.answers([REFUSED]);
        await ask();
        await at.isAnswered();
      }
      expect(at.seen(id)).toMatchObject({ channel: [], thread: [], direct: [] });
      expect(at.seen().alone).toEqual(['no such job', 'no such job']);
    });
    it('by a mention, which is answered directly', async () => {
      const id = await at.card();
      at.answers([REFUSED]);
      at.discord.say(at.discord.people.ada, id, `<@${at.discord.applicationId}> nonsense`);
      await at.isAnswered();
      expect(at.seen(id)).toMatchObject({ channel: [], thread: [], direct: ['no such job'] });
    });
    it('by a reaction on what cannot be a note', async () => {
      const id = await at.card();
      const { id: message } = at.discord.say(at.discord.people.bea, id, '   ');
      at.discord.react(at.discord.people.ada, message, '📝');
      await eventually('the refusal', () => at.seen().direct.length > 0);
      expect(at.seen(id)).toMatchObject({ channel: [], thread: [] });
    });
    it('by a mention of somebody who takes no direct messages, who is told so and nothing else', async () => {
      const id = await at.card();
      const shy = at.discord.addUser('Shy', { refusesDms: true });
      at.answers([REFUSED]);
      at.discord.say(shy, id, `<@${at.discord.applicationId}> nonsense`);
      await at.isAnswered();
      await eventually('the notice', () => at.seen(id).thread.length > 0);
      expect(at.seen(id).thread).toEqual([expect.stringMatching(/for you alone.*Use \/xax here/)]);
    });
  });

  describe('that Discord does not take at once', () => {
    it.each(PASSING)('is given when its edit %s', async (_what, fault) => {
      const [launching, , queued] = launched('public');
      at.answers([launching!, queued!], () => at.discord.fault(EDIT, fault, 2));
      await at.slash();
      await at.isAnswered();
      expect(at.seen().channel).toEqual(IS_QUEUED);
    });
    it.each([...PASSING, ['is cut off', { drop: 'after' as const }] as const])(
      'is given to the asker when the interaction %s',
      async (_what, fault) => {
        at.discord.fault(ORIGINAL, fault, 2);
        at.answers([FOR_YOU]);
        await at.slash();
        await at.isAnswered();
        expect(at.seen()).toMatchObject({ channel: [], alone: ['for you'], direct: [] });
      },
    );
    it('is given another way when Discord asks for more patience than anybody has', async () => {
      at.discord.fault(ORIGINAL, { status: 429, retryAfterSeconds: 120 });
      at.answers([FOR_YOU]);
      await at.slash();
      await at.isAnswered();
      expect(at.seen().direct).toEqual(['for you']);
    });
    it.each([{ status: 503 }, { drop: 'after' as const }])(
      'is given though the first word fails: %o',
      async (fault) => {
        at.discord.fault(FIRST_WORD, fault);
        at.answers([FOR_YOU]);
        await at.slash();
        await at.isAnswered();
        expect(at.seen().alone).toEqual(['for you']);
      },
    );
    it('leaves nothing thinking though taking that away fails', async () => {
      at.discord.fault('DELETE /webhooks/:app/:token/messages/@original', { status: 503 });
      at.answers(launched('public').slice(-1));
      await at.slash();
      await at.isAnswered();
      await nothingOpen();
    });
  });

  it.each([
    ['a slash command', () => at.slash()],
    ['a button', async () => at.press(await at.card())],
    ['a form', async () => at.fill(await at.card())],
  ])('to %s that Discord never takes the first word of is that nothing was done', async (how, ask) => {
    // Its opening is a first word too.
    if (how === 'a form') at.discord.fault(FIRST_WORD, { delayMs: 0 });
    at.discord.fault(FIRST_WORD, { status: 503 }, 2);
    await ask().catch(() => {});
    await eventually('the reason', () => at.seen().direct.length > 0, 10_000);
    expect(at.seen().direct).toEqual([
      expect.stringMatching(/did not take in time.*Nothing was done: try it again/),
    ]);
    expect(at.house.asked).toEqual([]);
  });
});
