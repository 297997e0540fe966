import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/message.ts';
import { LONG } from '../answering.ts';
import { answer } from '../contract/adapter-harness.ts';
import { type DiscordAnswering, openDiscordAnswering } from './answering.ts';

describe('an answer whose files Discord does not take', () => {
  let at: DiscordAnswering;
  beforeEach(async () => {
    at = await openDiscordAnswering();
  });
  afterEach(() => at.stop());

  const STEPS: [string, () => Promise<void>, RegExp][] = [
    [
      'since they are too large',
      async () => {
        await at.stop();
        at = await openDiscordAnswering({ fileLimit: 2 });
      },
      /could not be sent: they are larger than Discord takes/g,
    ],
    [
      'since it fails whenever there are some',
      async () => void at.discord.fault(/./, { status: 503, withFiles: true }, 1_000),
      /could not be sent: Discord answered 503/g,
    ],
  ];
  it.each(STEPS)(
    '%s is whole but for them, and says why once',
    async (_when, spoil, reason) => {
      await spoil();
      for (const [message, words] of [
        [await at.withChart(), 'loss falls'],
        [await at.withFile(), 'log.csv'],
        [LONG, 'There is more than fits here.'],
      ] as const)
        for (const visibility of ['public', 'private'] as const) {
          at.answers([answer(message, visibility)]);
          await at.slash();
          await at.isAnswered();
          const all = visibility === 'public' ? at.seen().channel : at.seen().alone;
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
    for (const [index, message] of [await at.withChart(), await at.withFile(), LONG].entries()) {
      const post = () => at.adapter.post({ channel: at.queue }, message, `k${index}`);
      // The deliverer tries again what failed on Discord's side.
      const { id } = await post().catch(post).catch(post);
      expect(at.discord.message(id)!.seen.text.match(reason)).toHaveLength(1);
    }
  });
  it('has a picture all the same when Discord fails for a moment', async () => {
    at.discord.fault('POST /channels/:id/messages', { status: 503, withFiles: true });
    at.answers([answer(await at.withChart(), 'public')]);
    await at.slash();
    await at.isAnswered();
    expect(at.ours(at.queue).at(-1)!.attachments).toHaveLength(1);
  });
  it('says so of a picture that is no longer kept', async () => {
    const message: Message = {
      blocks: [{ kind: 'image', image: { file: 'gone.png' }, alt: 'loss falls', width: 1, height: 1 }],
    };
    const { id } = await at.adapter.post({ channel: at.queue }, message, 'k');
    expect(at.discord.message(id)!.seen.text).toMatch(/loss falls(.|\n)*no longer kept/);
  });
});
