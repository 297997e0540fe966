import { eventually } from '../helpers.ts';
import { openChats } from '../platforms.ts';
import type { SlackMessage } from '../servers/slack/index.ts';

export type SlackBot = Awaited<ReturnType<typeof openSlackBot>>;

/** A bot with one channel of Slack, and what a test reads there; `more` of the channel's settings. */
export async function openSlackBot(more?: string) {
  const chats = await openChats({ discord: false, ...(more === undefined ? {} : { more }) });
  const { slack } = chats;
  const queue = slack.channels.queue!;
  await chats.connected();
  return {
    chats,
    slack,
    queue,
    cardOf: (job: string): Promise<SlackMessage> =>
      eventually(`the card of ${job}`, async () =>
        (await slack.timeline(queue)).find(({ text }) => text.startsWith(`ToyRegression ${job}`)),
      ),
    lastPrivate: (holding: string) =>
      eventually(`a private answer with "${holding}"`, () =>
        slack.ephemerals.findLast(({ text }) => text.includes(holding)),
      ),
    threadText: async (card: SlackMessage) =>
      (await slack.replies(queue, card.ts)).map(({ text }) => text).join('\n'),
  };
}
