import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import type { LaunchRequest } from '../../src/core/queue.ts';
import { withoutQuotes } from '../../src/core/yaml-scalar.ts';
import { createSimulatedQueue } from '../../src/queue/simulated/index.ts';
import { everywhere, inWeb } from '../card-seen.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type Chats, openChats } from '../platforms.ts';
import { hasPackage, TRAININGS, train } from '../trainings/index.ts';

/** How long a training takes. */
const SECONDS = 2;
const PATIENCE_MS = 60_000;

const installed = new Map<string, boolean>();
for (const { needs } of TRAININGS) installed.set(needs, await hasPackage(needs));
const kindOf = (needs: string) => (installed.get(needs) ? 'run here' : 'its recording replayed');

let chats: Chats;
const nameOf = (script: string) => script.replace('.py', '');
/** Until when a job goes on whose training is over. */
let mayEnd: Promise<void> = Promise.resolve();

beforeAll(async () => {
  chats = await openChats({
    endings: 'thread',
    yaml: `presets:
${TRAININGS.map(
  ({ script }) =>
    `  ${nameOf(script)}: {cwd: FOLDER, argv: [python, -m, ${nameOf(script)}], allow_extra: ["*"]}`,
).join('\n')}
`,
    timings: {
      app: { tickMs: 500, stopWaitMs: 30_000, partStopMs: 20_000, allStopMs: 60_000 },
      liveCharts: { soonestMs: 500, latestMs: 500 },
      elsewhere: { firstMs: 500, apartMostMs: 500 },
    },
    queue: () =>
      createSimulatedQueue({
        ...{ name: 'g1', folder: temporaryFolder(), seed: 1, clock: Date.now, tickMs: 50 },
        script: { history: [], waiting: [], later: [] },
        train: begin,
      }),
  });
  await chats.connected();
}, PATIENCE_MS);
afterAll(async () => {
  await chats.stop();
}, PATIENCE_MS);

/** What a launched job does: the training that its preset names, which writes where the job was told to. */
async function begin({ argv, assignments }: LaunchRequest, { log }: { log: string }): Promise<void> {
  const training = TRAININGS.find(({ script }) => nameOf(script) === argv.at(-1))!;
  const given = Object.fromEntries(
    Object.entries(assignments).map(([name, scalar]) => [name, withoutQuotes(scalar)]),
  );
  appendFileSync(log, `Logging to ${given.output_dir}\n`);
  await train(training, { isInstalled: installed.get(training.needs)!, given, seconds: SECONDS });
  await mayEnd;
}

async function launched(words: string): Promise<string> {
  const reply = await chats.bot().ask(words);
  expect(plainText(reply.message)).toMatch(/job-\d+/);
  return (reply.data as { jobId: string }).jobId;
}

async function ends(jobId: string): Promise<void> {
  await eventually(
    `the end of ${jobId}`,
    () => chats.bot().queue.snapshot()!.jobs.get(jobId)?.status === 'completed',
    PATIENCE_MS,
  );
  await chats.allSaid();
}

describe('a training of another stack that a preset queues', { timeout: 2 * PATIENCE_MS }, () => {
  it.each(TRAININGS.map((each) => ({ ...each, how: kindOf(each.needs) })))(
    '$stack ($how): its card, its chart while it runs, its ending and its row are those of any run',
    async ({ script, metric, rule }) => {
      const name = nameOf(script);
      const out = join(chats.folder, 'out', name);
      const launch = (run: string, rate: number) =>
        launched(`queue ${name} output_dir=${join(out, run)} learning_rate=${rate}`);

      // Nobody declared an objective: the card says by which rule it judges.
      const session = `of-${name.replace('_', '-')}`;
      expect((await chats.bot().ask(`session new ${session}-undeclared`)).ok).toBe(true);
      const { promise, resolve: letEnd } = Promise.withResolvers<void>();
      mayEnd = promise;
      const first = await launch('first', 0.1);
      await eventually(
        'its chart while it runs, in all three',
        async () => {
          const seen = Object.values(await everywhere(chats, first));
          return seen.every(
            ({ card, hasPicture }) => hasPicture && /Running/.test(card) && card.includes(metric),
          );
        },
        PATIENCE_MS,
      );
      expect((await inWeb(chats, first)).live).toBe(true);
      letEnd();
      await ends(first);
      for (const [where, { card, hasPicture, thread }] of Object.entries(await everywhere(chats, first)))
        expect([where, card, hasPicture, thread]).toEqual([
          where,
          expect.stringMatching(new RegExp(`Completed[^]*${metric}[^]*${rule}`)),
          true,
          expect.stringMatching(new RegExp(`${metric}[^]*${rule}`)),
        ]);

      // Declared: the row has it, and the reading.
      expect((await chats.bot().ask(`session new ${session} metric=${metric} mode=min`)).ok).toBe(true);
      const second = await launch('second', 0.2);
      await ends(second);
      for (const { thread, hasPicture } of Object.values(await everywhere(chats, second))) {
        expect(hasPicture).toBe(true);
        expect(thread).toContain('Proposed reading');
        expect(thread).not.toContain(rule);
      }
      const csv = join(chats.home.home, 'experiments', session, 'experiment_log.csv');
      const row = await eventually('its row', async () => {
        const found = (await rowsOf(csv)).get(second);
        return found?.objective_value ? found : undefined;
      });
      expect(row).toMatchObject({ objective_metric: metric, objective_mode: 'min', status: 'completed' });
      const metrics = JSON.parse(row.metrics_json) as Record<string, number>;
      expect(metrics[metric]).toBe(Number(row.objective_value));

      // What is asked about it.
      const said = async (words: string) => plainText((await chats.bot().ask(words)).message);
      expect(await said(`metrics ${second}`)).toContain(`It writes to ${join(out, 'second')}`);
      expect(await said(`config ${second}`)).toContain('learning_rate: 0.2');
      const compared = await said(`compare ${first} ${second} ${metric}`);
      expect(compared).toContain('learning_rate 0.1 → 0.2');
      expect(compared).toMatch(new RegExp(`${first}.*completed`));
    },
  );
});
