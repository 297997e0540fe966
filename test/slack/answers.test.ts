import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textMessage } from '../../src/core/message.ts';
import { FOR_YOU, launched, PASSING, QUEUED, REFUSED } from '../answering.ts';
import { answer } from '../contract/adapter-harness.ts';
import { eventually } from '../helpers.ts';
import { ADA, openSlackAnswering, type SlackAnswering } from './answering.ts';

const IS_QUEUED = expect.stringContaining(QUEUED);

describe('an answer in Slack', () => {
  let at: SlackAnswering;
  beforeEach(async () => {
    at = await openSlackAnswering();
  });
  afterEach(() => at.stop());

  describe('is one message that later ones replace', () => {
    const WAYS: [string, () => Promise<string | undefined>][] = [
      ['a slash command', async () => void (await at.command())],
      ['a mention', async () => void (await at.slack.mention(ADA, at.queue, 'tell x'))],
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
    ];
    it.each(WAYS)('for everybody, asked by %s', async (_how, ask) => {
      at.answers(launched('public'));
      const thread = await ask();
      await at.isAnswered();
      const shown = await at.seen(thread);
      expect([...shown.channel, ...shown.thread]).toEqual([IS_QUEUED]);
      expect([...shown.alone, ...shown.direct]).toEqual([]);
    });
    it.each(WAYS)('for the asker alone, asked by %s', async (_how, ask) => {
      at.answers(launched('private'));
      const thread = await ask();
      await at.isAnswered();
      const shown = await at.seen(thread);
      expect(shown).toMatchObject({ channel: [], thread: [], direct: [] });
      expect(shown.alone).toEqual([[IS_QUEUED, undefined]]);
    });
    it('directly', async () => {
      at.answers(launched('private'));
      await at.slack.direct(ADA, 'tell x');
      await at.isAnswered();
      expect((await at.seen()).direct).toEqual([IS_QUEUED]);
    });
    it('though nobody knows whether the first was posted', async () => {
      at.slack.fault('chat.postMessage', { drop: 'after' });
      at.answers(launched('public'));
      await at.command();
      await at.isAnswered();
      expect((await at.seen()).channel).toEqual([IS_QUEUED]);
    });
    it('whose refusal replaces what everybody has seen begin, and is private otherwise', async () => {
      at.answers([launched('public')[0]!, REFUSED], () => {});
      await at.command();
      await at.isAnswered();
      expect(await at.seen()).toMatchObject({ channel: [expect.stringContaining('no such job')], alone: [] });
    });
  });

  describe('stands where it was asked for', () => {
    it('in the thread of a pressed button, of a mention, and of a form, to the asker alone', async () => {
      const id = await at.card();
      const inThread = await at.card(id);
      const ways = [
        () => at.press(inThread),
        () => at.slack.mention(ADA, at.queue, 'tell x', id),
        () => at.fill(inThread),
      ];
      for (const [index, ask] of ways.entries()) {
        at.answers([FOR_YOU]);
        await ask();
        await eventually('the answer', () => at.slack.ephemerals.length > index);
        expect(at.slack.ephemerals[index]).toMatchObject({ to: ADA, thread_ts: id });
      }
    });
    it('in the channel for what was pressed above a thread', async () => {
      const id = await at.card();
      await at.adapter.post(
        { channel: at.queue, thread: { channel: at.queue, id } },
        textMessage('below'),
        'post',
      );
      at.answers([FOR_YOU]);
      await at.press(id);
      await at.isAnswered();
      expect((await at.seen()).alone).toEqual([['for you', undefined]]);
    });
    it('a refusal to the asker alone, however it was asked for', async () => {
      const id = await at.card();
      const ways = [
        () => at.command('nonsense'),
        () => at.slack.mention(ADA, at.queue, 'nonsense'),
        () => at.press(id),
      ];
      for (const [index, ask] of ways.entries()) {
        at.answers([REFUSED]);
        await ask();
        await eventually('the refusal', () => at.slack.ephemerals.length > index);
      }
      expect(await at.seen(id)).toMatchObject({ channel: [], thread: [], direct: [] });
    });
  });

  describe('that Slack does not take at once', () => {
    it.each(PASSING)('is given when its edit %s', async (_what, fault) => {
      const [launching, , queued] = launched('public');
      at.answers([launching!, queued!], () => at.slack.fault('chat.update', fault, 2));
      await at.command();
      await at.isAnswered();
      expect(await at.seen()).toMatchObject({ channel: [IS_QUEUED], alone: [] });
    });
    it.each([
      ...PASSING,
      ['is used up', { status: 404, error: 'used_url' }] as const,
      ['has expired', { status: 404, error: 'expired_url' }] as const,
    ])('is given once when its response_url %s', async (_what, fault) => {
      at.slack.fault('respond', fault);
      at.answers([FOR_YOU]);
      await at.command();
      await at.isAnswered();
      expect(await at.seen()).toMatchObject({ channel: [], alone: [['for you', undefined]], direct: [] });
    });
    it("goes to direct messages where the channel takes none, once, be Slack's answer lost", async () => {
      at.slack.fault('respond', { status: 404, error: 'expired_url' });
      at.slack.fault('chat.postMessage', { drop: 'after' });
      at.slack.kick(at.queue);
      at.answers([FOR_YOU]);
      await at.command();
      await at.isAnswered();
      expect(await at.seen()).toMatchObject({ alone: [], direct: ['for you'] });
    });
    it("and has no key is said once more when Slack's answer is lost, and then where it has one", async () => {
      at.slack.fault(/respond|chat.postEphemeral/, { drop: 'after' }, 20);
      at.answers([FOR_YOU]);
      await at.slack.mention(ADA, at.queue, 'tell x');
      await at.isAnswered();
      expect(await at.seen()).toMatchObject({
        alone: [
          ['for you', undefined],
          ['for you', undefined],
        ],
        direct: ['for you'],
      });
    });
    it('is given in plain words where Slack refuses it as it is, with its buttons if they are taken', async () => {
      for (const times of [1, 2]) {
        at.slack.fault('chat.postMessage', { error: 'invalid_blocks' }, times);
        const yes = { label: 'Yes', command: 'tell', options: { text: 'yes' } };
        at.answers([
          answer(
            {
              blocks: [
                { kind: 'heading', text: QUEUED },
                { kind: 'buttons', buttons: [yes] },
              ],
            },
            'public',
          ),
        ]);
        await at.command();
        await at.isAnswered();
      }
      expect(await at.seen()).toMatchObject({ channel: [IS_QUEUED, IS_QUEUED], alone: [] });
      const shown = (await at.ours()).map(({ blocks }) => blocks!.map(({ type }) => type));
      expect(shown.map((types) => types.includes('actions'))).toEqual([true, false]);
    });
  });

  it('says why Slack opened no form', async () => {
    at.slack.fault('views.open', { error: 'internal_error' });
    await at.slack.press(ADA, at.queue, await at.find(await at.card()), 'Ask');
    await eventually('the reason', () => at.slack.ephemerals.length > 0);
    const [said] = at.slack.ephemerals;
    expect(said!.text).toMatch(/did not work: Slack .*internal_error.*Try it again/);
  });
});
