import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { differences, endingDifferences } from './account.ts';
import { type Chats, startChats } from './chats.ts';
import { createScriptedQueue } from './scripted-queue.ts';

type Queue = ReturnType<typeof createScriptedQueue>;
type Bot = Awaited<ReturnType<typeof startTestBot>>;

/**
 * A bot between a queue and all chats; `envOf` gives variables in place of the chats' own. `absenceMs`: how long it is away
 * before it says so.
 */
export async function between(
  seed: number,
  envOf: (chats: Chats) => Promise<NodeJS.ProcessEnv> = async () => ({}),
  absenceMs?: number,
): Promise<{ bot: Bot; chats: Chats; queue: Queue; random: () => number }> {
  const folder = temporaryFolder();
  const random = seededRandom(seed);
  const chats = await startChats(['slack', 'discord']);
  const queue = createScriptedQueue(folder, random);
  queue.act();
  writeFileSync(join(folder, 'xaxbot.yaml'), chats.yaml);
  const bot = await startTestBot({
    folder,
    home: queue.home,
    env: { ...chats.env, ...(await envOf(chats)) },
    ...(absenceMs === undefined ? {} : { timings: { absence: { leastMs: absenceMs } } }),
  });
  await eventually('the chats are open', () =>
    bot.app
      .health()
      .filter(isOfChat)
      .every(({ ok }) => ok),
  );
  return { bot, chats, queue, random };
}

const isOfChat = ({ name }: { name: string }) => name === 'slack' || name === 'discord';

/** What the chats hold otherwise than it was, once all is said. */
export async function judge(bot: Bot, chats: Chats, queue: Queue, began: number): Promise<string[]> {
  await bot.queue.refresh();
  do {
    await eventually('all is said', () => bot.app.waiting() === 0, 120_000);
    await bot.app.settled();
  } while (bot.app.waiting() > 0);
  const truth = { journal: queue.journal.slice(began), jobs: queue.jobs, waiting: queue.waiting };
  const wrong: string[] = [];
  for (const [platform, held] of await chats.held(bot)) {
    const found = differences(held, truth);
    if (platform !== 'slack') found.push(...endingDifferences(held, truth));
    wrong.push(...found.map((text) => `${platform}: ${text}`));
  }
  return wrong;
}
