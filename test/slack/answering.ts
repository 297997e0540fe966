import { createSlackAdapter } from '../../adapters/slack/index.ts';
import { CARD, createAnswering } from '../answering.ts';
import { createHouse } from '../contract/adapter-harness.ts';
import { eventually } from '../helpers.ts';
import { startSlackServer } from '../servers/slack/index.ts';

export const ADA = 'U0ADA';

export type SlackAnswering = Awaited<ReturnType<typeof openSlackAnswering>>;

/** Slack with the adapter on it, what people ask there, and what Ada sees of the answers. */
export async function openSlackAnswering() {
  const slack = await startSlackServer({ users: [{ id: ADA, name: 'Ada' }] });
  const queue = slack.channels.queue!;
  const house = createHouse();
  const adapter = createSlackAdapter(
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

  const ours = async () =>
    (await slack.timeline(queue)).filter(({ user }) => user === slack.botUserId || user === 'xaxbot');
  const find = async (ts: string) => (await slack.find(queue, ts))!;
  /** What Ada sees of answers: in the channel, in a thread, to her alone, in her direct messages. */
  async function seen(thread?: string) {
    const direct = slack.directOf(ADA);
    const below = thread === undefined ? [] : await slack.replies(queue, thread);
    const cards = (text: string) => text.startsWith('a card');
    return {
      channel: (await ours()).map(({ text }) => text).filter((text) => !cards(text)),
      thread: below.map(({ text }) => text).filter((text) => !text.startsWith('<@')),
      alone: slack.ephemerals.map(({ text, thread_ts }) => [text, thread_ts]),
      direct: direct === undefined ? [] : (await slack.timeline(direct)).map(({ text }) => text),
    };
  }

  return {
    slack,
    queue,
    house,
    adapter,
    ours,
    find,
    seen,
    ...createAnswering(house),
    command: (words = 'tell x') => slack.command(ADA, queue, words),
    /** Of a card, in the channel or in a thread. */
    async card(thread?: string): Promise<string> {
      const below = thread === undefined ? {} : { thread: { channel: queue, id: thread } };
      return (await adapter.post({ channel: queue, ...below }, CARD, `card ${thread}`)).id;
    },
    press: async (ts: string) => slack.press(ADA, queue, await find(ts), 'Do it'),
    /** Opens the form of a card, and sends it. */
    async fill(ts: string): Promise<void> {
      await slack.press(ADA, queue, await find(ts), 'Ask');
      const view = await eventually('the form', () => [...slack.views.values()][0]);
      await slack.submit(ADA, view.id, { text: 'x' });
    },
    async stop(): Promise<void> {
      await adapter.stop();
      await slack.stop();
      house.db.close();
    },
  };
}
