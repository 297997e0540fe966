import type { ChatMessage } from '../src/core/chat-store.ts';
import { plainText } from '../src/core/plain-text.ts';
import { enterWeb } from './bot.ts';
import type { Chats } from './platforms.ts';
import { seen as seenInSlack } from './servers/slack/seen.ts';

/** The card of a job as somebody sees it in one of the chats, and its thread. */
interface Seen {
  card: string;
  hasPicture: boolean;
  thread: string;
}

/** Its card in the web's chat. */
export async function inWeb(chats: Chats, jobId: string): Promise<Seen & { live: boolean }> {
  const { get } = await enterWeb(chats.bot());
  const { messages } = await get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
  const card = messages.find(({ message }) => plainText(message).split('\n')[0]!.includes(jobId))!;
  const replies = card ? (await get<{ messages: ChatMessage[] }>(`thread?root=${card.id}`)).messages : [];
  const image = card?.message.blocks.find(({ kind }) => kind === 'image');
  return {
    card: card ? plainText(card.message) : '',
    hasPicture: image !== undefined,
    live: image?.kind === 'image' && image.live !== undefined && image.live !== null,
    thread: replies.map(({ message }) => plainText(message)).join('\n'),
  };
}

async function inSlack(chats: Chats, jobId: string): Promise<Seen> {
  const channel = chats.slack.channels.queue!;
  const card = (await chats.slack.timeline(channel)).find(
    (each) => seenInSlack(each).text.includes(jobId) && !seenInSlack(each).text.includes('Observer'),
  );
  const replies = card ? await chats.slack.replies(channel, card.ts) : [];
  return {
    card: card ? seenInSlack(card).text : '',
    hasPicture: (card?.blocks ?? []).some(({ type }) => type === 'image'),
    thread: replies.map((each) => seenInSlack(each).text).join('\n'),
  };
}

async function inDiscord(chats: Chats, jobId: string): Promise<Seen> {
  const card = chats.discord
    .messages(chats.discord.channels.queue)
    .find(({ seen }) => seen.text.includes(jobId) && !seen.text.includes('Observer'));
  const replies = card ? chats.discord.messages(card.id) : [];
  return {
    card: card?.seen.text ?? '',
    hasPicture: (card?.attachments.length ?? 0) > 0,
    thread: replies.map(({ seen }) => seen.text).join('\n'),
  };
}

/** Its card in each of the chats. */
export const everywhere = async (chats: Chats, jobId: string): Promise<Record<string, Seen>> => ({
  web: await inWeb(chats, jobId),
  slack: await inSlack(chats, jobId),
  discord: await inDiscord(chats, jobId),
});
