import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { rawJob, rawState, stateText } from '../queue/xax/helpers.ts';
import { differences, logDifferences } from './account.ts';
import { heldByWeb } from './chats.ts';
import { figure, runs, SEED } from './figures.ts';
import { dayOfFaults, FAULTS } from './queue-faults.ts';
import { createScriptedQueue } from './scripted-queue.ts';
import { logRows } from './strict-csv.ts';

const DAYS = runs({ full: 60, ci: 3 });
const PATIENCE_MS = runs({ full: 3_600_000, ci: 300_000 });

it(
  'a queue whose files are torn, lost, older or anew is told of as it was',
  async ({ task }) => {
    const wrong: string[] = [];
    let transitions = 0;
    for (let day = 0; day < DAYS; day += 1) {
      const told = await dayOfFaults(SEED * 1_000 + day);
      wrong.push(...told.wrong);
      transitions += told.transitions;
    }
    figure(task, {
      attack: `Queue: ${FAULTS.join(', ')}`,
      runs: DAYS * FAULTS.length * 2,
      result: `of ${transitions} transitions ${wrong.length} wrong`,
    });
    expect(wrong).toEqual([]);
  },
  PATIENCE_MS,
);

const YAML = 'watch: {defaults: false}\nchannels: [{platform: web, id: queue}]\n';

/** What a bot's chat tells otherwise than it was, of what happened since it `began`. */
async function toldWrong(
  bot: Awaited<ReturnType<typeof startTestBot>>,
  queue: ReturnType<typeof createScriptedQueue>,
  began: number,
): Promise<string[]> {
  await bot.queue.refresh();
  await eventually('all is said', async () => {
    await bot.app.settled();
    return bot.app.waiting() === 0;
  });
  const { jobs, waiting } = queue;
  return differences(await heldByWeb(bot), { journal: queue.journal.slice(began), jobs, waiting });
}

it(
  'in a queue of ten thousand jobs that have ended only what happens is told',
  async ({ task }) => {
    const folder = temporaryFolder();
    const queue = createScriptedQueue(folder, seededRandom(SEED));
    const ended = { status: 'completed', started_at: 1_795_446_100, ended_at: 1_795_446_200, return_code: 0 };
    const jobs = Array.from({ length: 10_000 }, (_, index) => rawJob(index + 1, ended));
    queue.restore(stateText(rawState(jobs)));
    const bot = await startTestBot({ folder, home: queue.home, yaml: YAML });
    try {
      for (let count = 0; count < 20; count += 1) {
        queue.act();
        if (count % 3 === 0) await bot.queue.refresh();
      }
      const wrong = await toldWrong(bot, queue, 0);
      figure(task, {
        attack: 'Queue: 10,000 jobs that have ended',
        runs: 1,
        result: `${wrong.length} wrong`,
      });
      expect(wrong).toEqual([]);
    } finally {
      await bot.app.stop();
    }
  },
  PATIENCE_MS,
);

it(
  'of two bots on one data folder one runs; two with folders of their own each tell all, and share the log',
  async ({ task }) => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()];
    const queue = createScriptedQueue(folder, seededRandom(SEED));
    queue.act();
    const options = { folder, home: queue.home, yaml: YAML, timings: { app: { lockWaitMs: 100 } } };
    const bots = [await startTestBot(options), await startTestBot({ ...options, folder: other })];
    try {
      const began = queue.journal.length;
      for (let count = 0; count < 40; count += 1) {
        queue.act();
        if (count % 4 === 0) await Promise.all(bots.map((bot) => bot.queue.refresh()));
        if (count % 10 === 0)
          await expect(startTestBot(options)).rejects.toMatchObject({ code: 'already-running' });
      }
      const wrong = (await Promise.all(bots.map((bot) => toldWrong(bot, queue, began)))).flat();
      const experiments = join(queue.home, 'experiments');
      const logs = readdirSync(experiments).map((name) => join(experiments, name, 'experiment_log.csv'));
      await eventually('the logs have it all', () =>
        logs.every((log) => logDifferences(logRows(readFileSync(log, 'utf8')), queue.jobs).length === 0),
      );
      figure(task, {
        attack: 'Queue: two bots on one data folder, and two on one queue',
        runs: 2,
        result: `${wrong.length} wrong, the second on a folder refused`,
      });
      expect(wrong).toEqual([]);
    } finally {
      for (const bot of bots) await bot.app.stop();
    }
  },
  PATIENCE_MS,
);
