import type { ChatMessage } from '../src/core/chat-store.ts';
import { plainText } from '../src/core/plain-text.ts';
import { enterWeb } from './bot.ts';
import type { Chats } from './platforms.ts';
import { seen as seenInSlack } from './servers/slack/seen.ts';

/** The card of a job as somebody sees it in one of the chats, and its thread. */
interface Seen {
  card: string;
  /** How many messages are one. */
  cards: number;
  hasPicture: boolean;
  thread: string;
}

/** Its card in the web's chat. */
export async function inWeb(chats: Chats, jobId: string): Promise<Seen & { live: boolean }> {
  const { get } = await enterWeb(chats.bot());
  const { messages } = await get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
  const cards = messages.filter(({ message }) => plainText(message).split('\n')[0]!.includes(jobId));
  const [card] = cards;
  const replies = card ? (await get<{ messages: ChatMessage[] }>(`thread?root=${card.id}`)).messages : [];
  const image = card?.message.blocks.find(({ kind }) => kind === 'image');
  return {
    card: card ? plainText(card.message) : '',
    cards: cards.length,
    hasPicture: image !== undefined,
    live: image?.kind === 'image' && image.live !== undefined && image.live !== null,
    thread: replies.map(({ message }) => plainText(message)).join('\n'),
  };
}

/** The queue's own card names jobs too. */
const isCard = (text: string, jobId: string) => text.includes(jobId) && !/observer/i.test(text);

async function inSlack(chats: Chats, jobId: string): Promise<Seen> {
  const channel = chats.slack.channels.queue!;
  const cards = (await chats.slack.timeline(channel)).filter((each) => isCard(seenInSlack(each).text, jobId));
  const [card] = cards;
  const replies = card ? await chats.slack.replies(channel, card.ts) : [];
  return {
    card: card ? seenInSlack(card).text : '',
    cards: cards.length,
    hasPicture: (card?.blocks ?? []).some(({ type }) => type === 'image'),
    thread: replies.map((each) => seenInSlack(each).text).join('\n'),
  };
}

async function inDiscord(chats: Chats, jobId: string): Promise<Seen> {
  const cards = chats.discord
    .messages(chats.discord.channels.queue)
    .filter(({ seen }) => isCard(seen.text, jobId));
  const [card] = cards;
  const replies = card ? chats.discord.messages(card.id) : [];
  return {
    card: card?.seen.text ?? '',
    cards: cards.length,
    hasPicture: (card?.attachments.length ?? 0) > 0,
    thread: replies.map(({ seen }) => seen.text).join('\n'),
  };
}

/** By chat. */
export type Places = Record<string, Seen>;

/** Its card in each of the chats. */
export const everywhere = async (chats: Chats, jobId: string): Promise<Places> => ({
  web: await inWeb(chats, jobId),
  slack: await inSlack(chats, jobId),
  discord: await inDiscord(chats, jobId),
});
