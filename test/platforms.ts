import type { SomeTimings } from '../src/app/timings.ts';
import type { Config } from '../src/config/config.ts';
import type { Queue } from '../src/core/queue.ts';
import { createRecordedHome, startTestBot } from './bot.ts';
import { type DiscordWorld, openDiscord } from './discord-world.ts';
import { eventually, temporaryFolder } from './helpers.ts';
import { type SlackServer, startSlackServer } from './servers/slack/index.ts';

/** Who is in the chats. Ada is of `people:`; Bea is a plain member; the others are strangers of some kind. */
export const SLACK_USERS = [
  { id: 'U0ROOT', name: 'Root' },
  { id: 'U0ADA', name: 'Ada' },
  { id: 'U0BEA', name: 'Bea' },
  { id: 'U0GUS', name: 'Gus', kind: 'guest' as const },
  { id: 'U0EVE', name: 'Eve', kind: 'external' as const },
];
/** The last state of the recorded day that has jobs in every way: 9 runs, 10 waits, 7 and 8 failed. */
export const LATE = '030.json';
export const EARLY = '001.json';

export type Chats = Awaited<ReturnType<typeof openChats>>;

/** The whole bot on a recorded queue, in Slack, in Discord and in the web chat at once. */
export async function openChats(
  options: {
    slack?: boolean;
    discord?: boolean;
    endings?: string;
    more?: string;
    messageContent?: boolean;
    timings?: SomeTimings;
    atSlacksPace?: boolean;
    hasBudgets?: boolean;
    /** What the queue shows at first. */
    first?: string;
    /** Lines of `queues:`; HOME is the recorded one's folder. */
    queues?: string;
    /** In the place of the recorded queue. */
    queue?: (config: Config) => Queue;
    /** More of xaxbot.yaml; FOLDER is the bot's. */
    yaml?: string;
  } = {},
) {
  const { endings = 'broadcast', more = '' } = options;
  const slack = options.slack === false ? undefined : await startSlackServer({ users: SLACK_USERS });
  const discord = options.discord === false ? undefined : await openDiscord(options);
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  home.show(options.first ?? EARLY);
  home.beat();
  const channels = [
    slack ? `  - {platform: slack, id: ${slack.channels.queue}, endings: ${endings}${more}}` : '',
    discord ? `  - {platform: discord, id: "${discord.channels.queue}", endings: ${endings}${more}}` : '',
    `  - {platform: web, id: queue, endings: ${endings}}`,
  ];
  const account = (name: 'root' | 'ada') => (discord ? `, discord: "${discord.people[name].id}"` : '');
  let bot: Awaited<ReturnType<typeof startTestBot>>;

  async function start(): Promise<void> {
    bot = await startTestBot({
      folder,
      home: home.home,
      ...(options.timings ? { timings: options.timings } : {}),
      ...(options.queue ? { queue: options.queue } : {}),
      atSlacksPace: options.atSlacksPace ?? false,
      hasBudgets: options.hasBudgets ?? false,
      yaml: `watch: {defaults: false}
${(options.yaml ?? '').replaceAll('FOLDER', folder)}${options.queues ? `queues:\n${options.queues.replaceAll('HOME', home.home)}` : ''}people:
  root: {name: Root, role: admin, slack: U0ROOT${account('root')}}
  ada: {name: Ada, role: operator, slack: U0ADA${account('ada')}}
channels:
${channels.filter((line) => line !== '').join('\n')}
`,
      env: {
        ...(slack
          ? { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl }
          : {}),
        ...(discord ? { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.api } : {}),
      },
    });
  }
  await start();

  /** Resolves when all that can be said has been said. */
  async function allSaid(): Promise<void> {
    do {
      await eventually('all is said', () => bot.app.waiting() === 0, 60_000);
      await bot.app.settled();
    } while (bot.app.waiting() > 0);
  }

  const health = (name: string) => bot.app.health().find((item) => item.name === name);
  return {
    slack: slack as SlackServer,
    discord: discord as DiscordWorld,
    folder,
    home,
    bot: () => bot,
    health,
    start,
    connected: () =>
      eventually(
        'the adapters are open',
        () =>
          (!slack || slack.sockets.count() === 2) &&
          (!discord || health('discord')?.detail.startsWith('xaxbot')),
      ),
    /** Shows a state; resolves when all that can be said of it has been said. */
    async show(state: string): Promise<void> {
      home.show(state);
      await bot.queue.refresh();
      await allSaid();
    },
    allSaid,
    async stop(): Promise<void> {
      await bot.app.stop();
      await slack?.stop();
      await discord?.stop();
    },
  };
}
