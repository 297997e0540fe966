import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../../src/core/plain-text.ts';
import { eventually, temporaryFolder } from '../../helpers.ts';
import { type Slurm, startSlurm, whyNoSlurm } from '../../servers/slurm/index.ts';
import { startBotOnSlurm } from './bot-on-slurm.ts';
import { PATIENCE_MS } from './queue-on-slurm.ts';

const NEVER_POLLS_MS = 30_000;

describe.skipIf(whyNoSlurm() !== null)(
  'a job that came since the last poll',
  { timeout: 2 * PATIENCE_MS },
  () => {
    let slurm: Slurm;
    let bot: Awaited<ReturnType<typeof startBotOnSlurm>>;
    const said = async (words: string) => plainText((await bot.ask(words)).message, { now: Date.now() });

    beforeAll(async () => {
      slurm = await startSlurm();
      bot = await startBotOnSlurm(slurm, temporaryFolder(), '', NEVER_POLLS_MS);
    }, PATIENCE_MS);
    afterAll(async () => {
      await bot?.app.stop();
      await slurm?.stop();
    }, PATIENCE_MS);

    it('is there as it is named, and is not taken for an old one of its number', async () => {
      const first = await slurm.submit('exit 3', ['-J', 'first']);
      expect(await said(`job ${first}`)).toMatch(/^first/);
      await eventually('it ends', async () => (await slurm.job(first))?.JobState === 'FAILED', PATIENCE_MS);
      await bot.queue.refresh();
      await eventually('its end is told', async () => /Failed/.test(await said(`job ${first}`)), PATIENCE_MS);
      await slurm.controller.loseState();
      await eventually(
        'it is forgotten',
        async () => {
          await bot.queue.refresh();
          return bot.queue.snapshot()!.jobs.size === 0;
        },
        PATIENCE_MS,
      );
      const second = await slurm.submit('sleep 600', ['-J', 'second']);
      expect(second).toBe(first);
      await eventually('it is the new one', async () => /^second/.test(await said(`job ${first}`)), 10_000);
    });
  },
);
