import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { enterWeb, type startTestBot } from '../bot.ts';

export type Bot = Awaited<ReturnType<typeof startTestBot>>;

export interface Told {
  /** Of the channel itself. */
  channel: string[];
  /** By the job's id: what its thread says, each reply whole. */
  threads: Record<string, string[]>;
}

/** Somebody who reads the web chat: each time, what the bot has said once it has said all that there is to say. */
export async function readerOf(bot: Bot, person = 'root'): Promise<() => Promise<Told>> {
  const { get } = await enterWeb(bot, person);
  return () => read(bot, get);
}

async function read(bot: Bot, get: Awaited<ReturnType<typeof enterWeb>>['get']): Promise<Told> {
  await bot.app.settled();
  const { messages } = await get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
  const told: Told = { channel: [], threads: {} };
  for (const { id, message, replies } of messages) {
    const text = plainText(message, { timezone: 'Asia/Kolkata' });
    told.channel.push(text);
    const jobId = /^\S+ (job-\d+)/.exec(text)?.[1];
    if (jobId === undefined || replies === 0) continue;
    const { messages: thread } = await get<{ messages: ChatMessage[] }>(`thread?root=${id}`);
    told.threads[jobId] = [
      ...(told.threads[jobId] ?? []),
      ...thread.map((reply) => plainText(reply.message, { timezone: 'Asia/Kolkata' })),
    ];
  }
  return told;
}
