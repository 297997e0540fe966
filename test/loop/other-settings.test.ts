import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import type { LaunchRequest } from '../../src/core/queue.ts';
import { withoutQuotes } from '../../src/core/yaml-scalar.ts';
import { createSimulatedQueue } from '../../src/queue/simulated/index.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type Chats, openChats } from '../platforms.ts';

/** What a training is started with, where the job is told nothing but where to write. */
interface Given {
  lr: number;
  width: number;
  seed: number;
}

const POINTS = 100;
/** A run is measured against those that ended before it began, to the second. */
const APART_MS = 1_050;

/** The held-out loss of a training by its settings: the nearer to 0.03 the learning rate, the lower it ends. */
function lossAt(step: number, { lr, seed }: Given): number {
  const noise = 0.004 * Math.sin(12.9898 * (step + 1) * (seed + 3));
  return 0.3 + Math.abs(Math.log10(lr / 0.03)) + Math.exp(-step / 10) + noise + 0.001 * seed;
}

/** How stacks leave metrics and settings, each in files of its own. */
const STACKS: {
  stack: string /** The settings that tell of the learning rate. */;
  lr: string[];
  files(given: Given): Record<string, string>;
}[] = [
  {
    stack: 'Lightning',
    lr: ['lr', 'model.lr'],
    files: ({ lr, width, seed }) => ({
      'lightning_logs/version_0/metrics.csv': table('epoch,step,val_loss', { lr, width, seed }),
      'lightning_logs/version_0/hparams.yaml': `lr: ${lr}\nwidth: ${width}\n`,
      'lightning_logs/version_0/config.yaml': `seed_everything: ${seed}\nmodel:\n  lr: ${lr}\n  width: ${width}\n`,
    }),
  },
  {
    stack: 'MLflow',
    lr: ['lr'],
    files: (given) => {
      const run = `mlruns/1/${'ab'.repeat(16)}`;
      // After its job begins.
      const lines = steps().map((step) => `${Date.now() + 2_000 + step} ${lossAt(step, given)} ${step}\n`);
      return {
        [`${run}/metrics/val_loss`]: lines.join(''),
        ...Object.fromEntries(
          Object.entries(given).map(([name, value]) => [`${run}/params/${name}`, String(value)]),
        ),
      };
    },
  },
  {
    stack: 'Ray Tune',
    lr: ['lr'],
    files: (given) => ({
      'result.json': steps()
        .map((step) => `${JSON.stringify({ training_iteration: step + 1, val_loss: lossAt(step, given) })}\n`)
        .join(''),
      'params.json': JSON.stringify(given),
    }),
  },
];

const steps = () => Array.from({ length: POINTS }, (_, step) => step);
const table = (head: string, given: Given) =>
  `${head}\n${steps()
    .map((step) => `${Math.floor(step / 10)},${step},${lossAt(step, given)}\n`)
    .join('')}`;

let chats: Chats;
let next: { files: Record<string, string> };

beforeAll(async () => {
  chats = await openChats({
    ...{ slack: false, discord: false, endings: 'thread' },
    yaml: `presets:
  train: {cwd: FOLDER, argv: [python, -m, train], allow_extra: ["*"], options: {lr: {type: number, min: 0.0001, max: 1}, width: {type: integer, min: 4, max: 64}}}
`,
    timings: { app: { tickMs: 200 }, elsewhere: { firstMs: 200, apartMostMs: 200 } },
    queue: () =>
      createSimulatedQueue({
        ...{ name: 'g1', folder: temporaryFolder(), seed: 1, clock: Date.now, tickMs: 20 },
        script: { history: [], waiting: [], later: [] },
        train: begin,
      }),
  });
}, 60_000);
afterAll(() => chats.stop(), 60_000);

/** What a launched job does: its stack writes where it was told to. */
async function begin({ assignments }: LaunchRequest): Promise<void> {
  const out = withoutQuotes(assignments.output_dir!);
  await sleep(APART_MS);
  for (const [path, text] of Object.entries(next.files)) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), text);
  }
}

const said = async (words: string) => plainText((await chats.bot().ask(words)).message);

describe('a session of a stack that tells of its settings in files of its own', { timeout: 120_000 }, () => {
  it.each(STACKS)(
    '$stack: rows, delta, repeats, readings, comparisons and suggestions',
    async ({ stack, lr, files }) => {
      const session = `of-${stack.toLowerCase().replaceAll(' ', '-')}`;
      expect((await chats.bot().ask(`session new ${session} metric=val_loss mode=min`)).ok).toBe(true);
      const csv = join(chats.home.home, 'experiments', session, 'experiment_log.csv');
      let count = 0;
      async function ran(given: Given): Promise<string> {
        next = { files: files(given) };
        count += 1;
        const reply = await chats
          .bot()
          .ask(`queue train output_dir=${join(chats.folder, session, String(count))}`);
        const { jobId } = reply.data as { jobId: string };
        await eventually(
          `the value of ${jobId}`,
          async () => (await rowsOf(csv)).get(jobId)?.objective_value || undefined,
          5_000,
        );
        await chats.allSaid();
        return jobId;
      }
      const base = await ran({ lr: 0.3, width: 8, seed: 1 });
      const repeats = [await ran({ lr: 0.3, width: 8, seed: 2 }), await ran({ lr: 0.3, width: 8, seed: 3 })];
      const better = await ran({ lr: 0.03, width: 8, seed: 1 });
      const row = (id: string) =>
        eventually(`what ${id} changes`, async () => {
          const found = (await rowsOf(csv)).get(id)!;
          return found.change_summary === '' && id !== base ? undefined : found;
        });
      const delta = (from: string, to: string) => lr.map((name) => `${name} ${from} ${to}`).join(', ');

      // The row: its value, and what it changes, which its queue did not know when it began.
      const found = await row(better);
      expect(found.change_summary).toMatch(/^(model\.)?lr 0\.3 -> 0\.03\b/);
      expect(found.change_summary).not.toContain('unset');
      expect(Number(found.objective_value)).toBeCloseTo(lossAt(POINTS - 1, { lr: 0.03, width: 8, seed: 1 }));
      expect(JSON.parse(found.metrics_json)).toMatchObject({ val_loss: Number(found.objective_value) });
      // Repeats are those that differ in seeds alone; their spread is the noise of the reading.
      expect(await said(`job ${repeats[1]}`)).toMatch(
        /mean 1\.3\d* of 3 runs \(seed noise, from 3 repeated runs\)/,
      );
      expect(await said(`job ${better}`)).toMatch(/Proposed reading: improved/);
      // What is asked about them.
      const arrow = delta('0.3 →', '0.03');
      expect(await said(`compare ${base} ${better}`)).toContain(`${better} vs ${base}: ${arrow}`);
      expect(await said(`diff ${base} ${better}`)).toMatch(/^(model\.)?lr +0\.3 +0\.03$/m);
      expect(await said('scoreboard')).toMatch(new RegExp(`best: ${better}`));
      expect(await said('report')).toContain(`Best: ${better} with val_loss`);
      expect(await said(`config ${better}`)).toMatch(/width: 8/);
      // What is next: by what runs resolved to, and nowhere that one has written to.
      const suggested = await said('suggest preset=train');
      expect(suggested).toMatch(/queue train .*lr=/);
      expect(suggested).toContain(`the best run ${better}`);
      expect(suggested).not.toContain('output_dir');
    },
  );
});
