import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isEnded } from '../../src/core/job.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { everywhere, inWeb } from '../card-seen.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually } from '../helpers.ts';
import { type Chats, openChats } from '../platforms.ts';
import { startXax, type XaxHarness } from './xax-harness.ts';
import { realXax } from './xax-places.ts';

const PATIENCE_MS = 180_000;
const place = realXax();
const TOY = join(import.meta.dirname, '..', 'fixtures', 'xax', 'runs', 'run_005', 'code', 'examples');

/** A task of xax that trains with something else: the plain script, in the folder that its settings name. */
const TASK = `import runpy, sys
from dataclasses import dataclass
from typing import override
import xax
from examples.toy import Config as ToyConfig, ToyRegression

@dataclass
class Config(ToyConfig):
    output_dir: str = xax.field("out", help="Where the training writes")

class Plain(xax.SupervisedTask[Config]):
    get_model = ToyRegression.get_model
    get_optimizer = ToyRegression.get_optimizer
    get_dataset = ToyRegression.get_dataset
    compute_loss = ToyRegression.compute_loss

    @override
    def run(self):
        given = [f"output_dir={self.config.output_dir}", f"learning_rate={self.config.learning_rate}", "seconds=8"]
        sys.argv = ["plain.py", *given]
        runpy.run_path("SCRIPT", run_name="__main__")

if __name__ == "__main__":
    Plain.launch(Config(batch_size=64, load_in_memory=True))
`;

describe.skipIf(!place)(
  'a run of a real xax that writes its metrics elsewhere (skipped without XAX_BIN)',
  { timeout: PATIENCE_MS },
  () => {
    let harness: XaxHarness;
    let chats: Chats;

    beforeAll(async () => {
      harness = await startXax(place!);
      const project = join(harness.folder, 'project');
      cpSync(TOY, join(project, 'examples'), { recursive: true });
      const script = join(import.meta.dirname, '..', 'trainings', 'plain.py');
      writeFileSync(join(project, 'examples', 'plain.py'), TASK.replace('SCRIPT', script));
      chats = await openChats({
        endings: 'thread',
        queue: () => harness.queue,
        yaml: `presets:\n  plain: {cwd: ${project}, argv: [${place!.python}, -m, examples.plain], allow_extra: ["*"]}\n`,
        timings: {
          app: { tickMs: 500 },
          liveCharts: { soonestMs: 500, latestMs: 500 },
          elsewhere: { firstMs: 500, apartMostMs: 1_000 },
        },
      });
      await chats.connected();
    }, PATIENCE_MS);
    afterAll(async () => {
      await chats?.stop();
      await harness?.close();
    }, PATIENCE_MS);

    test('has its card, chart, ending and row in all three chats', async () => {
      const bot = chats.bot();
      const said = async (words: string) => plainText((await bot.ask(words)).message);
      expect((await bot.ask('session new elsewhere metric=val_loss mode=min')).ok).toBe(true);
      const out = join(harness.folder, 'out');
      const reply = await bot.ask(`queue plain output_dir=${out} learning_rate=0.2`);
      const { jobId } = reply.data as { jobId: string };
      expect(plainText(reply.message)).toMatch(/Queued job-/);
      const job = () => bot.queue.snapshot()!.jobs.get(jobId)!;
      await eventually('it has ended', () => isEnded(job().status), PATIENCE_MS / 2);
      const { lines } = await bot.queue.readJobLog(job(), 'observer', 20);
      expect(job().status, lines.join('\n')).toBe('completed');
      await chats.allSaid();

      for (const [where, { card, hasPicture }] of Object.entries(await everywhere(chats, jobId)))
        expect([where, card, hasPicture]).toEqual([
          where,
          expect.stringMatching(/Completed[\s\S]*val_loss/),
          true,
        ]);
      expect((await inWeb(chats, jobId)).live).toBe(true);

      const last = Number(
        readFileSync(join(out, 'history.csv'), 'utf8').trim().split('\n').at(-1)!.split(',')[2],
      );
      const csv = join(chats.home.home, 'experiments', 'elsewhere', 'experiment_log.csv');
      const row = await eventually('its row', async () => {
        const found = (await rowsOf(csv)).get(jobId);
        return found?.objective_value ? found : undefined;
      });
      expect(row).toMatchObject({ objective_metric: 'val_loss', status: 'completed' });
      expect(Number(row.objective_value)).toBeCloseTo(last, 12);
      expect(await said(`metrics ${jobId}`)).toContain(
        `It writes to ${out}, as its setting output_dir says; "runs" of its preset or queue takes another.`,
      );
      expect(await said(`config ${jobId}`)).toContain('learning_rate: 0.2');
    });
  },
);
