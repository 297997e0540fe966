import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackAdapter } from '../../adapters/slack/index.ts';
import type { Adapter, Reply } from '../../src/core/adapter.ts';
import type { Message } from '../../src/core/message.ts';
import { createHouse, type House } from '../contract/adapter-harness.ts';
import { refusal } from '../form-house.ts';
import { eventually } from '../helpers.ts';
import { startSlackServer } from '../servers/slack/index.ts';

const ADA = 'U0ADA';
const CARD: Message = {
  blocks: [
    { kind: 'text', text: 'a card' },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Do it', command: 'tell', options: { text: 'x' } },
        { label: 'Ask', command: 'tell', options: { job: 'job-0000007' }, form: true },
      ],
    },
  ],
};

describe('a form in Slack', () => {
  let slack: Awaited<ReturnType<typeof startSlackServer>>;
  let house: House;
  let adapter: Adapter;
  let queue: string;

  beforeEach(async () => {
    slack = await startSlackServer({ users: [{ id: ADA, name: 'Ada' }] });
    queue = slack.channels.queue!;
    house = createHouse();
    adapter = createSlackAdapter(
      { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
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

  const press = async (label: string) => {
    const { id } = await adapter.post({ channel: queue }, CARD, 'card');
    const card = (await slack.timeline(queue)).find(({ ts }) => ts === id)!;
    await slack.press(ADA, queue, card, label);
  };
  const open = async () => {
    await press('Ask');
    return eventually('the form', () => [...slack.views.values()][0]);
  };
  const answers = (reply: Reply) => house.answers.push((_asked, give) => give(reply));
  const alone = () => slack.ephemerals.map(({ text }) => text);

  it('says what is wrong with a field beside it, and what is wrong with no field of it above them all', async () => {
    const view = await open();
    answers(refusal('text is odd', 'text'));
    expect((await slack.submit(ADA, view.id, { text: 'x' })).payload).toEqual({
      response_action: 'errors',
      errors: { text: 'text is odd' },
    });
    let shown = view as { id: string };
    for (const [words, option] of [
      ['The queue is full', undefined],
      ['That job has ended', 'job'],
    ] as const) {
      answers(refusal(words, option));
      const { payload, next } = (await slack.submit(ADA, shown.id, { text: 'x' })) as unknown as {
        payload: { view: { blocks: { block_id?: string; text?: { text: string } }[] } };
        next: { id: string };
      };
      const { blocks } = payload.view;
      expect(blocks.filter(({ block_id }) => block_id === ':problem').map(({ text }) => text!.text)).toEqual([
        `⚠️ ${words}`,
      ]);
      expect(blocks.map(({ block_id }) => block_id)).toEqual(
        expect.arrayContaining([':problem', 'text', 'mood']),
      );
      shown = next;
    }
    answers({ ...refusal('done'), ok: true });
    expect((await slack.submit(ADA, shown.id, { text: 'x' })).payload).toEqual({});
    expect(house.asked.map(({ input }) => input)).toEqual(
      Array.from({ length: 4 }, () => ({
        kind: 'options',
        command: 'tell',
        options: { text: 'x', job: 'job-0000007' },
      })),
    );
  });

  it('that Slack opens no more says to press again, to whoever pressed', async () => {
    slack.fault('views.open', { error: 'expired_trigger_id' });
    await press('Ask');
    await eventually('the reason', () => alone().length > 0);
    expect(alone().join()).toMatch(
      /could not be opened: Slack takes one for three seconds.*"\/xax help tell"/s,
    );
  });

  it('and a button that the bot no longer knows say so, and what to do', async () => {
    const { id } = await adapter.post({ channel: queue }, CARD, 'card');
    house.db.exec('DELETE FROM actions');
    const card = (await slack.timeline(queue)).find(({ ts }) => ts === id)!;
    await slack.press(ADA, queue, card, 'Do it');
    await eventually('the reason', () => alone().length > 0);
    expect(alone().join()).toMatch(
      /button is too old to work: xaxbot no longer knows.*Give the command instead; "\/xax help"/s,
    );
    expect(house.asked).toEqual([]);
  });
});
