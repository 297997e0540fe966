import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { enterWeb, type startTestBot } from '../bot.ts';
import { type DiscordServer, startDiscordServer } from '../servers/discord/index.ts';
import type { CallWatcher } from '../servers/faults.ts';
import { type SlackServer, startSlackServer } from '../servers/slack/index.ts';

export type Platform = 'slack' | 'discord' | 'web';

/** What stands in a chat: each message of the channel with its thread, oldest first, in words. */
export type Held = { text: string; thread: string[] }[];

/** A picture of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Draws every chart at once, as a QuickChart server of the team's own. */
async function startQuickChart() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'image/png' });
      response.end(Buffer.from(PIXEL, 'base64'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Platforms for a bot that is a process: what names them to it, what they hold, and whoever watches their calls. */
export async function startChats(platforms: readonly Platform[]) {
  const slack = platforms.includes('slack') ? await startSlackServer() : undefined;
  const discord = platforms.includes('discord') ? await startDiscordServer() : undefined;
  const charts = await startQuickChart();
  const channels = [
    ...(slack ? [`  - {platform: slack, id: ${slack.channels.queue}, endings: broadcast}`] : []),
    ...(discord ? [`  - {platform: discord, id: "${discord.channelId}", endings: broadcast}`] : []),
    '  - {platform: web, id: queue, endings: broadcast}',
  ];
  return {
    slack,
    discord,
    yaml: `watch: {defaults: false}\nchannels:\n${channels.join('\n')}\n`,
    env: {
      QUICKCHART_URL: charts.url,
      ...(slack
        ? { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl }
        : {}),
      ...(discord ? { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.api } : {}),
    },
    /** Each call in words: `slack: message posted`. */
    watch(onCall: (moment: Parameters<CallWatcher>[0], call: string) => ReturnType<CallWatcher>): void {
      slack?.watch((moment, call) => onCall(moment, `slack: ${SLACK_CALLS[call] ?? call}`));
      discord?.watch((moment, call, hasFiles) => onCall(moment, `discord: ${discordCall(call, hasFiles)}`));
    },
    async held(bot: Awaited<ReturnType<typeof startTestBot>>): Promise<Map<Platform, Held>> {
      const held = new Map<Platform, Held>([['web', await heldByWeb(bot)]]);
      if (slack) held.set('slack', await heldBySlack(slack));
      if (discord) held.set('discord', heldByDiscord(discord));
      return held;
    },
    /** Rejects when a platform was sent what it does not take. */
    async stop(): Promise<void> {
      charts.stop();
      await slack?.stop();
      await discord?.stop();
    },
  };
}

export type Chats = Awaited<ReturnType<typeof startChats>>;

/** What the methods of Slack's that a delivery uses do. */
export const SLACK_CALLS: Record<string, string> = {
  'apps.connections.open': 'connection opened',
  'chat.postMessage': 'message posted',
  'chat.update': 'card edited',
  'conversations.history': 'message looked for',
  'conversations.replies': 'message looked for',
  'files.getUploadURLExternal': 'picture begun',
  upload: 'picture sent',
  'files.completeUploadExternal': 'picture complete',
};

function discordCall(call: string, hasFiles: boolean): string {
  const [method, path = ''] = call.split(' ');
  if (path === '/gateway/bot') return 'connection opened';
  if (path.endsWith('/threads')) return 'thread opened';
  if (!/\/messages(\/\d+)?$/.test(path)) return call;
  const what = hasFiles ? ' with a picture' : '';
  switch (method) {
    case 'POST':
      return `message${what} posted`;
    case 'PATCH':
      return `card${what} edited`;
    case 'GET':
      return 'message looked for';
    default:
      return call;
  }
}

async function heldBySlack(slack: SlackServer): Promise<Held> {
  const channel = slack.channels.queue!;
  const held: Held = [];
  for (const message of await slack.timeline(channel)) {
    // What is said in a thread and shown in its channel too stands there once, in the thread.
    if (message.text.trim() === '') continue;
    const replies = await slack.replies(channel, message.ts);
    held.push({
      // What stands first may be an emoji, or in the plain form of a card nothing.
      text: slack.seen(message).text.trimStart(),
      thread: replies.map((reply) => slack.seen(reply).text.trimStart()),
    });
  }
  return held;
}

function heldByDiscord(discord: DiscordServer): Held {
  return discord.messages(discord.channelId).map(({ id, seen }) => ({
    text: seen.text,
    thread: (discord.thread(id)?.messages ?? []).map((each) => each.seen.text),
  }));
}

/** The web chat's first channel, as its page shows it. */
export async function heldByWeb(bot: Awaited<ReturnType<typeof startTestBot>>): Promise<Held> {
  const reader = await enterWeb(bot);
  const held: Held = [];
  for (let before: number | null = null; ; ) {
    const page: { messages: ChatMessage[]; more: boolean } = await reader.get(
      `messages?channel=queue&limit=200${before === null ? '' : `&before=${before}`}`,
    );
    const texts = await Promise.all(
      page.messages.map(async ({ id, message, replies }) => ({
        text: plainText(message),
        thread:
          replies === 0
            ? []
            : (await reader.get<{ messages: ChatMessage[] }>(`thread?root=${id}`)).messages.map((each) =>
                plainText(each.message),
              ),
      })),
    );
    held.unshift(...texts);
    if (!page.more) return held;
    before = page.messages[0]!.id;
  }
}
