// Goes into the chat by the link that a bot printed, waits until something is told of a job in the queue's channel, and prints its first line.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatMessage } from '../src/core/chat-store.ts';
import { plainText } from '../src/core/plain-text.ts';
import { createWebClient } from '../test/web-client.ts';

const LOOK_MS = 100;

const link = process.argv[2]!;
const web = createWebClient(new URL('/', link).href);
const entered = await web.enter(link);
if (!entered.ok) throw new Error(`the link lets nobody in: ${entered.status} ${await entered.text()}`);
for (;;) {
  const { messages } = await web.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=50');
  const told = messages
    .map(({ message }) => plainText(message).split('\n')[0]!)
    .find((line) => /job-\d{7}/.test(line));
  if (told) {
    console.log(told);
    break;
  }
  await sleep(LOOK_MS);
}
