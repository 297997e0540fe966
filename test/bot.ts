import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AdapterKind } from '../adapters/kind.ts';
import type { SomeTimings } from '../src/app/timings.ts';
import { type Running, startBot } from '../src/cli/bot.ts';
import { type Config, loadConfig } from '../src/config/config.ts';
import type { Reply } from '../src/core/adapter.ts';
import type { Command } from '../src/core/command.ts';
import type { Role } from '../src/core/person.ts';
import type { Queue } from '../src/core/queue.ts';
import type { ConfiguredQueue, QueueKind } from '../src/queue/kind.ts';
import { createXaxQueue } from '../src/queue/xax/index.ts';
import type { XaxSettings } from '../src/queue/xax/settings.ts';
import { QUICK_LOG_FILE } from './experiments/world.ts';
import { FIXTURES, quietLog } from './recorded.ts';
import { createWebClient, type WebClient } from './web-client.ts';

/** As `bin/xaxbot.js` sets it: drawing a chart compiles Chart.js otherwise. */
const COMPILE_CACHE = join(import.meta.dirname, '../node_modules/.cache/xaxbot');

export const STATES = readdirSync(join(FIXTURES, 'states')).sort();

/** A queue folder that plays the recorded day: `show` puts a state in place as xax does, by renaming. */
export function createRecordedHome(folder: string) {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  cpSync(join(FIXTURES, 'runs'), join(folder, 'runs'), { recursive: true });
  return {
    home,
    show(name: string, edit: (state: string) => string = (state) => state): void {
      const state = readFileSync(join(FIXTURES, 'states', name), 'utf8').replaceAll(
        '/srv/a/proj/examples/toy_regression',
        join(folder, 'runs'),
      );
      writeFileSync(join(home, 'queue_state.json.tmp'), edit(state));
      renameSync(join(home, 'queue_state.json.tmp'), join(home, 'queue_state.json'));
    },
    /** An observer whose heartbeat is now. */
    beat(): void {
      copyFileSync(join(FIXTURES, 'observer.json'), join(home, 'queue_observer.json'));
    },
  };
}

/** Nobody waits in a test for what a team's bot gives a platform, a disk or a person time for. */
const QUICK: SomeTimings = {
  // A busy machine is no reason to stop without what a test has begun.
  app: { stopWaitMs: 30_000, partStopMs: 20_000, allStopMs: 60_000 },
  intake: { retryMs: 100 },
  launch: { lookAgainMs: 50 },
  logFile: QUICK_LOG_FILE,
  notify: { shiftedMs: 50 },
  delivery: { firstMs: 50, longestMs: 1_000 },
  supervise: { firstMs: 50, longestMs: 500 },
  observer: { lookMs: 50 },
};

export interface BotOptions {
  folder: string;
  home: string;
  yaml?: string;
  /** In the place of the first queue of the settings. */
  queue?: (config: Config) => Queue;
  /** In the place of all. */
  queues?: (config: Config) => Queue[];
  queueKinds?: readonly QueueKind[];
  timings?: SomeTimings;
  env?: NodeJS.ProcessEnv;
  /** The registry; by default every adapter. */
  adapters?: readonly AdapterKind[];
  /** By default the bot's own commands. */
  commands?: readonly Command[];
  /** It speaks to Slack as fast as Slack itself allows, no faster. */
  atSlacksPace?: boolean;
  /** Nobody is told that they ask for too much, unless a test is about that. */
  hasBudgets?: boolean;
}

export function testConfig({ folder, home, yaml, env, queueKinds, adapters, ...more }: BotOptions): Config {
  if (yaml !== undefined) writeFileSync(join(folder, 'xaxbot.yaml'), yaml);
  const { PATH, HOME } = process.env;
  const config = loadConfig({
    env: {
      PATH,
      HOME: HOME ?? folder,
      USER: 'root',
      XAX_HOME: home,
      XAXBOT_DATA_DIR: join(folder, 'data'),
      XAXBOT_WEB_PORT: '0',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      XDG_CONFIG_HOME: folder,
      ...env,
    },
    cwd: folder,
    queueKinds,
    ...(adapters ? { adapters } : {}),
  });
  const { pace, timings } = HURRIED_SLACK;
  const slack = more.atSlacksPace ? { timings } : { pace, timings };
  return {
    ...config,
    adapters: new Map(
      [...config.adapters].map(([name, { kind, settings }]) => [
        name,
        { kind, settings: settings && name === 'slack' ? { ...settings, ...slack } : settings },
      ]),
    ),
  };
}

/** The servers of tests take as much as they are given, and answer at once. */
const HURRIED_SLACK = {
  pace: { postsPerSecond: 1_000, updatesPerMinute: 60_000 },
  timings: { firstMs: 50, longestMs: 500, pingTimeoutMs: 1_000, readyPollMs: 20 },
};

/** The queues of the settings, the first as a test makes it; xax's files are looked at more often than usual. */
async function openTestQueues(config: Config, { queue }: BotOptions): Promise<Queue[]> {
  const open = ({ name, kind, settings }: ConfiguredQueue) => {
    const deps = { name, env: config.childEnv, clock: Date.now, log: quietLog };
    return kind.name === 'xax' && !('place' in (settings as object))
      ? createXaxQueue({ ...(settings as XaxSettings), ...deps, pollMs: 200 })
      : kind.open(settings, deps);
  };
  const [first, ...others] = config.queues;
  return Promise.all([queue?.(config) ?? open(first!), ...others.map(open)]);
}

/** The whole bot on a folder, with its real adapters on free ports. */
export async function startTestBot(
  options: BotOptions,
): Promise<Running & { config: Config; queue: Queue; ask: Ask }> {
  const config = testConfig(options);
  const queues = options.queues?.(config) ?? (await openTestQueues(config, options));
  const { commands } = options;
  const running = await startBot(config, queues, quietLog, {
    timings: { ...QUICK, ...options.timings },
    ...(commands ? { commands } : {}),
    ...(options.hasBudgets ? {} : { chat: { budgets: { spend() {}, flows: () => true } } }),
  });
  return { ...running, config, queue: queues[0]!, ask: (words, more) => ask(running, words, more) };
}

export type Ask = (
  words: string,
  more?: {
    person?: { id: string; name: string; role: Role | null };
    confirm?: boolean;
    thread?: string;
    adapter?: string;
  },
) => Promise<Reply>;

/** Gives a command as somebody in the web chat's first channel, or one of that id elsewhere; resolves to the last answer. */
async function ask(
  { app }: Running,
  words: string,
  { person, confirm = false, thread, adapter = 'web' }: Parameters<Ask>[1] = {},
): Promise<Reply> {
  let last: Reply | undefined;
  const where = {
    adapter,
    channel: 'queue',
    person: person ?? { id: 'root', name: 'root', role: 'admin' as const },
  };
  await app.handlers.invoke(
    {
      ...where,
      input: { kind: 'text', words },
      preconfirmed: confirm,
      ...(thread ? { thread: { channel: 'queue', id: thread } } : {}),
    },
    async (reply) => {
      last = reply;
    },
  );
  return last!;
}

/** A signed-in reader of the web chat, over real HTTP. */
export async function enterWeb({ web }: Running, personId = 'root'): Promise<WebClient> {
  const client = createWebClient(web!.url());
  await client.enter(web!.createLink(personId));
  return client;
}
