import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSettings } from '../../src/app/settings.ts';
import { startBot } from '../../src/cli/bot.ts';
import type { Reply } from '../../src/core/adapter.ts';
import { createMask } from '../../src/core/masked.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createSimulatedQueue } from '../../src/queue/simulated/index.ts';
import { testConfig } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

const PATIENCE_MS = 20_000;
/** What is written lies between its start and its end. */
const PACE_MS = 300;

it('of an ended run whose preset says later that it is elsewhere, the job and its card tell what is there at once', async () => {
  const folder = temporaryFolder();
  const yamlOf = (runs: string) => `watch: {defaults: false}
presets:
  plain: {cwd: ${folder}, argv: [python, -m, plain], runs: ${runs}}
`;
  const path = join(folder, 'xaxbot.yaml');
  writeFileSync(path, yamlOf('out/a'));
  const load = () => testConfig({ folder, home: folder });
  const first = load();
  const settings = createSettings({
    ...{ first, load, mask: createMask([]), clock: Date.now, log: quietLog },
    onNews() {},
  });
  const queue = createSimulatedQueue({
    ...{ name: 'g1', folder: temporaryFolder(), seed: 1, clock: Date.now, tickMs: 50 },
    script: { history: [], waiting: [], later: [] },
    async train() {
      await sleep(PACE_MS);
      for (const [name, value] of [
        ['a', 0.625],
        ['b', 0.125],
      ]) {
        const table = join(folder, 'out', String(name), 'metrics.csv');
        mkdirSync(dirname(table), { recursive: true });
        writeFileSync(table, `step,loss\n1,2\n2,${value}\n`);
      }
      await sleep(PACE_MS);
    },
  });
  const { app } = await startBot(first, [queue], quietLog, { settings });
  const ask = async (words: string) => {
    let last: Reply | undefined;
    await app.handlers.invoke(
      {
        ...{ adapter: 'web', channel: 'queue', preconfirmed: true },
        person: { id: 'root', name: 'root', role: 'admin' },
        input: { kind: 'text', words },
      },
      async (reply) => {
        last = reply;
      },
    );
    return last!;
  };
  try {
    const { jobId } = (await ask('queue plain')).data as { jobId: string };
    await eventually('its end', () => queue.snapshot()?.jobs.get(jobId)?.status === 'completed', PATIENCE_MS);
    const job = async () => plainText((await ask(`job ${jobId}`)).message);
    await eventually('what it reached', async () => (await job()).includes('loss: 0.625'), PATIENCE_MS);

    writeFileSync(path, yamlOf('out/b'));
    settings.look();
    const moved = await job();
    expect(moved).toContain('loss: 0.125');
    expect(moved).not.toContain('loss: 0.625');
    expect(moved).toContain(join(folder, 'out/b'));
  } finally {
    await app.stop();
  }
});
