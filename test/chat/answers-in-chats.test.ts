import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiscord } from '../discord-world.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { startSlackServer } from '../servers/slack/index.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

/** More presets than a list of Discord's holds. */
const PRESETS = Object.fromEntries(
  Array.from({ length: 30 }, (_, at) => [
    `preset-${at}`,
    { cwd: temporaryFolder(), argv: ['python', '-m', 'examples.toy'] },
  ]),
);

/** A platform with the whole bot on it, as Ada uses it. */
interface Chat {
  settings: { channels: object[]; people: object };
  env: NodeJS.ProcessEnv;
  isOpen(bot: ToyBot): boolean;
  /** A slash command about a job, one that queues a preset, and a message that calls the bot by its name. */
  command(name: string, job: string): Promise<void>;
  queue(preset: string): Promise<void>;
  mention(words: string): Promise<void>;
  /** Presses a button of what only Ada sees. */
  press(label: string): Promise<void>;
  /** What everybody sees, with threads; and what only Ada does. */
  openly(): Promise<string[]>;
  alone(): Promise<string[]>;
  stop(): Promise<void>;
}

const people = (account: object) => ({ ada: { name: 'Ada', role: 'admin', unix: 'root', ...account } });

async function inSlack(): Promise<Chat> {
  const slack = await startSlackServer({ users: [{ id: 'U0ADA', name: 'Ada' }] });
  const queue = slack.channels.queue!;
  return {
    settings: { channels: [{ platform: 'slack', id: queue }], people: people({ slack: 'U0ADA' }) },
    env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl },
    isOpen: () => slack.sockets.count() === 2,
    command: async (name, job) => void (await slack.command('U0ADA', queue, `${name} ${job}`)),
    queue: async (preset) => void (await slack.command('U0ADA', queue, `queue ${preset}`)),
    mention: async (words) => void (await slack.mention('U0ADA', queue, words)),
    press: async (label) => void (await slack.press('U0ADA', queue, slack.ephemerals.at(-1)!, label)),
    async openly() {
      const channel = (await slack.timeline(queue)).filter(({ text }) => !text.startsWith('<@'));
      const threads = await Promise.all(channel.map(({ ts }) => slack.replies(queue, ts)));
      return [...channel, ...threads.flat()].map(({ text }) => text);
    },
    alone: async () => slack.ephemerals.map(({ text }) => text),
    stop: slack.stop,
  };
}

async function inDiscord(): Promise<Chat> {
  const discord = await openDiscord();
  const { ada } = discord.people;
  const { queue } = discord.channels;
  const ours = ({ author }: { author: string }) => author === discord.applicationId;
  const alone = () => [...discord.ephemerals(ada), ...discord.directMessages(ada).filter(ours)];
  return {
    settings: { channels: [{ platform: 'discord', id: queue }], people: people({ discord: ada.id }) },
    env: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.api },
    isOpen: (bot) =>
      bot
        .bot()
        .app.health()
        .some(({ name, detail }) => name === 'discord' && detail.startsWith('xaxbot')),
    command: async (name, job) => void (await discord.xax(ada, queue, name, { job })),
    queue: async (preset) => void (await discord.xax(ada, queue, 'queue', { preset })),
    mention: async (words) => void discord.say(ada, queue, `<@${discord.applicationId}> ${words}`),
    press: async (label) => void (await discord.press(ada, discord.ephemerals(ada).at(-1)!.id, label)),
    async openly() {
      const channel = discord.messages(queue).filter(ours);
      const threads = channel.flatMap(({ id }) => discord.messages(id));
      return [...channel, ...threads].map(({ seen }) => seen.text);
    },
    alone: async () => alone().map(({ seen }) => seen.text),
    stop: discord.stop,
  };
}

describe.each([
  ['Slack', inSlack],
  ['Discord', inDiscord],
])('the whole bot in %s', (_name, open) => {
  let chat: Chat;
  let bot: ToyBot;
  beforeEach(async () => {
    chat = await open();
    bot = await toyBot({ settings: { ...chat.settings, presets: PRESETS }, env: chat.env });
    await eventually('it is open', () => chat.isOpen(bot), 20_000);
  });
  afterEach(async () => {
    await bot.stop();
    await chat.stop();
  });

  it('answers a kill with one message', async () => {
    const { jobId } = await bot.enqueue(60);
    await eventually('it runs', () => bot.queue.snapshot()!.jobs.get(jobId)?.status === 'running');
    await chat.command('kill', jobId);
    await eventually('the question', async () =>
      (await chat.alone()).some((text) => text.includes('SIGKILL')),
    );
    await chat.press(`Kill ${jobId}`);
    const about = async () =>
      [...(await chat.openly()), ...(await chat.alone())].filter((text) => /Sent SIG|Killed/.test(text));
    await eventually('the answer', async () =>
      (await about()).some((text) => text.includes('SIGTERM ended it')),
    );
    await bot.bot().app.settled();
    expect(await about()).toEqual([expect.stringMatching(new RegExp(`Killed.*${jobId}.*SIGTERM ended it`))]);
  });

  it('refuses what is typed to it to the asker alone', async () => {
    await chat.mention('cancel job-0000099');
    const refusal = await eventually('the refusal', async () => (await chat.alone())[0]);
    expect(refusal).toContain('job-0000099');
    await bot.bot().app.settled();
    expect((await chat.openly()).filter((text) => text.includes('job-0000099'))).toEqual([]);
  });

  it('queues a preset that no list had room for, typed', async () => {
    await chat.queue('preset-29');
    const [job] = await eventually('the job', () => {
      const jobs = [...(bot.queue.snapshot()?.jobs.values() ?? [])];
      return jobs.length > 0 && jobs;
    });
    expect(job!.taskKey).toContain('examples.toy');
    await eventually('the answer', async () =>
      [...(await chat.openly()), ...(await chat.alone())].some((text) => text.includes('preset-29')),
    );
  });
});
