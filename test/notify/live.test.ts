import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { enterWeb } from '../bot.ts';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import { seen } from '../servers/slack/seen.ts';

/** The training writes for as long as the test may take. */
const SECONDS = 300;

let chats: Chats | undefined;
afterEach(async () => {
  await chats?.stop();
  chats = undefined;
});

/** A card as somebody sees it: the step that it tells, and the picture in it. */
interface Card {
  step: number;
  picture: string;
  messages: number;
}

const stepOf = (text: string) => Number(/step ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', '') ?? 0);
const isCard = (text: string) => /job-0000009/.test(text) && /steps?\/s/.test(text);

async function inWeb(reader: Awaited<ReturnType<typeof enterWeb>>): Promise<Card> {
  const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
  const card = messages.find(
    ({ message }) => isCard(plainText(message)) && message.blocks.some(({ kind }) => kind === 'image'),
  );
  const image = card?.message.blocks.find((block) => block.kind === 'image');
  return {
    step: stepOf(card ? plainText(card.message) : ''),
    picture: image?.kind === 'image' ? image.image.file : '',
    messages: messages.length,
  };
}

async function inSlack({ slack }: Chats): Promise<Card> {
  const messages = await slack.timeline(slack.channels.queue!);
  const card = messages.find(
    (message) => isCard(seen(message).text) && /job-0000009/.test(message.text) && hasImage(message.blocks),
  );
  const image = (card?.blocks ?? []).find(({ type }) => type === 'image') as
    | { slack_file?: { id: string } }
    | undefined;
  return {
    step: stepOf(card ? seen(card).text : ''),
    picture: image?.slack_file?.id ?? '',
    messages: messages.length,
  };
}

const hasImage = (blocks: Record<string, unknown>[] = []) => blocks.some(({ type }) => type === 'image');

async function inDiscord({ discord }: Chats): Promise<Card> {
  const messages = discord.messages(discord.channels.queue);
  const card = messages.find(({ seen: shown, attachments }) => isCard(shown.text) && attachments.length > 0);
  return {
    step: stepOf(card?.seen.text ?? ''),
    picture: card?.attachments[0]?.id ?? '',
    messages: messages.length,
  };
}

it('the chart and the progress of a running job follow its files in all three chats, in the same card', async () => {
  chats = await openChats({
    endings: 'thread',
    timings: { app: { tickMs: 1_000 }, liveCharts: { soonestMs: 1_000, latestMs: 1_000 } },
  });
  await chats.connected();
  const runDir = join(chats.folder, 'runs', 'run_008');
  const began = Date.now() / 1000;
  const training = spawn(
    process.execPath,
    [join(import.meta.dirname, 'training.ts'), runDir, String(SECONDS)],
    { stdio: 'inherit' },
  );
  try {
    chats.home.show(LATE, (text) => {
      const state = JSON.parse(text);
      state.jobs['job-0000009'].started_at = began;
      return JSON.stringify(state, null, 2);
    });
    // Cards are wanted anew all the time; posts are said once.
    const posts = chats
      .bot()
      .app.parts.db.prepare<[string], number>(
        `SELECT count(*) FROM deliveries WHERE kind = 'post' AND (state = 'done') = (? = 'done')`,
      )
      .pluck();
    await eventually('all is told', () => posts.get('done')! > 0 && posts.get('open') === 0, 110_000);
    const reader = await enterWeb(chats.bot());
    // Reading all three is work that the bot's own has to wait for.
    const look = async () => {
      await sleep(200);
      return Promise.all([inWeb(reader), inSlack(chats!), inDiscord(chats!)]);
    };
    const before = await eventually(
      'the cards have a picture',
      async () => {
        const cards = await look();
        const isAllSaid = new Set(cards.map(({ messages }) => messages)).size === 1;
        return isAllSaid && cards.every(({ picture, step }) => picture !== '' && step > 0) && cards;
      },
      110_000,
    );
    const after = await eventually(
      'picture and step have followed',
      async () => {
        const cards = await look();
        const moved = cards.every(
          ({ picture, step }, index) =>
            picture !== before[index]!.picture && step > before[index]!.step + 500,
        );
        return moved && cards;
      },
      110_000,
    );
    expect(after.map(({ messages }) => messages)).toEqual(before.map(({ messages }) => messages));
  } finally {
    training.kill();
    await once(training, 'exit');
  }
}, 300_000);
