import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LONG } from '../answering.ts';
import { answer } from '../contract/adapter-harness.ts';
import { eventually } from '../helpers.ts';
import { ADA, openSlackAnswering, type SlackAnswering } from './answering.ts';

const MISSING_SCOPE = /Files could not be sent: the app lacks the scope files:write/g;
/** More often than anything is tried. */
const ALWAYS = 20;

describe('an answer in Slack', () => {
  let at: SlackAnswering;
  beforeEach(async () => {
    at = await openSlackAnswering();
  });
  afterEach(() => at.stop());

  describe('whose files Slack does not take', () => {
    const STEPS: [string, () => void, RegExp][] = [
      [
        'for want of a scope',
        () => at.slack.setScopes(at.slack.scopes.filter((scope) => scope !== 'files:write')),
        MISSING_SCOPE,
      ],
      [
        'when asked for a place',
        () => at.slack.fault('files.getUploadURLExternal', { status: 500 }, ALWAYS),
        /could not be sent: Slack answered 500/g,
      ],
      [
        'when sent',
        () => at.slack.fault('upload', { status: 413 }, ALWAYS),
        /could not be sent: Slack answered 413/g,
      ],
      [
        'when shared',
        () => at.slack.fault('files.completeUploadExternal', { error: 'file_uploads_disabled' }, ALWAYS),
        /could not be sent: the workspace does not accept files/g,
      ],
    ];
    it.each(STEPS)(
      '%s is whole but for them, and says why once',
      async (_when, spoil, reason) => {
        spoil();
        for (const [message, words] of [
          [await at.withChart(), 'loss falls'],
          [await at.withFile(), 'log.csv'],
          [LONG, 'There is more than fits here.'],
        ] as const) {
          for (const visibility of ['public', 'private'] as const) {
            const before = (await at.ours()).length + at.slack.ephemerals.length;
            at.answers([answer(message, visibility)]);
            await at.command();
            await at.isAnswered();
            const channel = await at.ours();
            expect(channel.length + at.slack.ephemerals.length).toBe(before + 1);
            const last = visibility === 'public' ? channel.at(-1)! : at.slack.ephemerals.at(-1)!;
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
        for (const [index, message] of [await at.withChart(), await at.withFile(), LONG].entries()) {
          const { id } = await at.adapter.post({ channel: at.queue }, message, `k${index}`);
          const shown = JSON.stringify((await at.find(id)).blocks);
          expect(shown.match(reason)).toHaveLength(1);
          expect(shown).not.toContain('the whole text is attached');
        }
      },
      60_000,
    );
    it('has a picture all the same when Slack fails for a moment', async () => {
      at.slack.fault('upload', { status: 503 });
      at.answers([answer(await at.withChart(), 'public')]);
      await at.command();
      await at.isAnswered();
      const [message] = await at.ours();
      expect(message!.blocks!.filter(({ type }) => type === 'image')).toHaveLength(1);
    });
  });

  describe('whose files take long', () => {
    /** A Slack that takes uploads from `taken` on. */
    function slowly(): { taken(): void } {
      let taken = () => {};
      const until = new Promise<void>((resolve) => {
        taken = resolve;
      });
      at.slack.fault('upload', { until });
      return { taken };
    }
    it('is there before them, for everybody, and shows its picture when it can', async () => {
      const { taken } = slowly();
      at.answers([answer(await at.withChart(), 'public')]);
      const since = Date.now();
      await at.command();
      const said = await eventually('the words', async () => (await at.ours())[0], 10_000);
      expect(JSON.stringify(said.blocks)).toContain('loss falls');
      expect(JSON.stringify(said.blocks)).not.toContain('could not');
      expect(Date.now() - since).toBeLessThan(6_000);
      taken();
      await at.isAnswered();
      const shown = await at.ours();
      expect(shown).toHaveLength(1);
      expect(shown[0]!.blocks!.map(({ type }) => type)).toContain('image');
    });
    it('is given with its words, be the process ended before they are there', async () => {
      const { taken } = slowly();
      at.answers([answer(await at.withFile(), 'public')]);
      await at.command();
      await eventually('the words', async () => (await at.ours())[0]);
      await at.house.handOver();
      expect(at.house.late).toEqual([]);
      taken();
    });
    it('is there without them, for the asker alone, and says so', async () => {
      for (const message of [await at.withChart(), await at.withFile()]) {
        const { taken } = slowly();
        at.answers([answer(message, 'private')]);
        await at.command();
        await at.isAnswered();
        taken();
      }
      const shown = at.slack.ephemerals.map(({ blocks }) => JSON.stringify(blocks));
      expect(shown).toEqual([
        expect.stringMatching(/loss falls.*could not be sent: Slack takes long over them/),
        expect.stringMatching(/log.csv.*could not be sent: Slack takes long over them/),
      ]);
    });
  });

  it('shares a file once, be the answer to that lost', async () => {
    at.slack.fault('files.completeUploadExternal', { drop: 'after' });
    at.answers([answer(await at.withFile(), 'public')]);
    await at.command();
    await at.isAnswered();
    expect(at.slack.requests.filter(({ method }) => method === 'files.completeUploadExternal')).toHaveLength(
      1,
    );
    expect(JSON.stringify((await at.ours())[0]!.blocks)).not.toContain('could not be sent');
  });

  it('shares the files of a private one with nobody else, and says where they are', async () => {
    const id = await at.card();
    for (const message of [await at.withFile(), LONG]) {
      at.answers([answer(message, 'private')]);
      await at.slack.mention(ADA, at.queue, 'tell x', id);
      await at.isAnswered();
    }
    const shared = [...at.slack.files.values()].map((file) => file.shared);
    expect(shared).toEqual([at.slack.directOf(ADA), at.slack.directOf(ADA)]);
    expect(at.slack.ephemerals.map(({ blocks }) => JSON.stringify(blocks))).toEqual([
      expect.stringContaining('The file is in your direct messages'),
      expect.stringContaining('the whole text is in your direct messages'),
    ]);
    at.answers([answer(await at.withFile(), 'public')]);
    await at.slack.mention(ADA, at.queue, 'tell x', id);
    await at.isAnswered();
    expect([...at.slack.files.values()].at(-1)).toMatchObject({ shared: at.queue, thread: id });
  });
});
