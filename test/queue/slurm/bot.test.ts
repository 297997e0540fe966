import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { plainText } from '../../../src/core/plain-text.ts';
import { eventually, temporaryFolder } from '../../helpers.ts';
import { type Slurm, startSlurm, whyNoSlurm } from '../../servers/slurm/index.ts';
import { putTrain, startBotOnSlurm } from './bot-on-slurm.ts';

const reason = whyNoSlurm();
if (reason) test.skip(`no bot on a real Slurm: ${reason}`, () => {});

const PATIENCE_MS = 60_000;
const TRAIN = `import json, os, sys, time
print("given", " ".join(sys.argv[1:]), flush=True)
time.sleep(float(os.environ.get("SECONDS_RUN", "600")))
`;

describe.skipIf(reason !== null)('a bot on a real Slurm', { timeout: 2 * PATIENCE_MS }, () => {
  let slurm: Slurm;
  let bot: Awaited<ReturnType<typeof startBotOnSlurm>>;
  let folder: string;

  const start = async () => {
    const settings = `presets:
  toy:
    cwd: ${slurm.jobs}/project
    argv: [python3, -m, train]
    options:
      lr: {type: number, default: 0.1}
    slurm: {cpus: 1, time: "0:10:00", gpus: 1}
  long:
    cwd: ${slurm.jobs}/project
    argv: [python3, -m, train]
    slurm: {time: "99-00:00:00", partition: scav}
`;
    bot = await startBotOnSlurm(slurm, folder, settings);
  };
  const said = async (words: string, confirm = false) =>
    plainText((await bot.ask(words, { confirm })).message, { now: Date.now() });
  const until = (what: string, words: string, isSo: RegExp) =>
    eventually(what, async () => isSo.test(await said(words)), PATIENCE_MS);

  beforeAll(async () => {
    slurm = await startSlurm({ rememberSeconds: 60, killWaitSeconds: 2 });
    putTrain(slurm, TRAIN);
    folder = temporaryFolder();
    await start();
  }, PATIENCE_MS);
  afterAll(async () => {
    await bot?.app.stop();
    await slurm?.stop();
  }, PATIENCE_MS);

  it('launches a preset, shows it, reads its log and kills it, and says who did', async () => {
    const id = /^Queued (\d+): toy lr=0.5\nrun folder: .*\/slurm-runs\//.exec(
      await said('queue toy lr=0.5'),
    )?.[1];
    expect(id).toBeDefined();
    await until('it runs', `job ${id}`, /^train \d+\nRunning, started .*\nby: root\nscheduler: RUNNING/);
    expect(await said('status')).toMatch(new RegExp(`Running ${id} train by root`));
    const log = () => readFileSync(globSync(join(folder, 'experiments/*/experiment_log.csv'))[0]!, 'utf8');
    const command = "sbatch --gpus=1 --cpus-per-task=1 --time=0:10:00 --wrap='python3 -m train lr=0.5'";
    await eventually('the log has the command', async () => log().includes(command));
    const counted = bot.app.parts.db.prepare('SELECT gpus FROM jobs WHERE job_id = ?');
    await eventually('its GPUs are counted', async () => (counted.get(id) as { gpus: number }).gpus === 1);
    await until('it prints', `logs ${id}`, /given lr=0.5/);
    expect(await said(`kill ${id}`, true)).toMatch(/^Killed \d+\. SIGTERM ended it/);
    await until('it is over', `job ${id}`, /\nCancelled/);
    expect(await said(`job ${id}`)).toMatch(
      /Cancelled after .*killed by root \(SIGTERM\)[\s\S]*cancelled after .*, killed by root/,
    );
    expect(await said(`logs ${id}`)).toContain(`xaxbot: ${id} ended with 143`);
  });

  it('says of what waits for ever that it does, where it is queued, in the lists, and of what would start after it', async () => {
    const queued = await said('queue long');
    expect(queued).toMatch(/But: It waits for ever: Partition\w+ \(its? /);
    const id = /^Queued (\d+)/.exec(queued)![1];
    expect(await said('status')).toMatch(/waits for ever: Partition\w+/);
    expect(await said('jobs')).toMatch(/waits for ever: Partition\w+/);
    expect(await said(`queue toy after=${id}`)).toMatch(
      new RegExp(`But: ${id} waits for ever: Partition\\w+ .*, and so does what starts after it`),
    );
    expect(await said(`cancel ${id}`)).toBe(`Cancelled: ${id}`);
  });

  it('has a card for an array, and cancels one of its tasks', async () => {
    const id = await slurm.submit('[ $SLURM_ARRAY_TASK_ID = 2 ] && exit 7; sleep 3', [
      '--array=0-5%2',
      '-J',
      'sweep',
    ]);
    await until('it runs', `job ${id}`, /^sweep \d+\nRunning[\s\S]*tasks: 6: 4 waiting, 2 running/);
    expect(await said(`cancel ${id}_5`)).toBe(`Cancelled: ${id}_5`);
    expect(await said(`cancel ${id}_0`)).toMatch(/_0 is running now; kill it/);
    await until('it is over', `job ${id}`, /\nFailed/);
    expect(await said(`job ${id}`)).toMatch(
      /1 of 6 tasks failed \(2\); the first: Exited with return code 7[\s\S]*tasks: 6: 4 completed, 1 failed \(2\), 1 cancelled \(5\)\n/,
    );
    const next = await slurm.submit('sleep 3', ['--begin=now+1hour', '-J', 'later']);
    await until(
      'it waits',
      `job ${next}`,
      /Waiting, next, starts in about 59 min[\s\S]*scheduler: PENDING, BeginTime/,
    );
    expect(await said(`cancel ${next}`)).toBe(`Cancelled: ${next}`);
    expect(await said(`job ${next}`)).toMatch(/cancelled before it started by root/);
  });

  it('tells what ended while it was away, once, and what the controller lost', async () => {
    const id = await slurm.submit('sleep 3; exit 3', ['-J', 'over']);
    await until('it runs', `job ${id}`, /Running/);
    await bot.app.stop();
    await eventually('it ends', async () => (await slurm.job(id))?.JobState === 'FAILED', PATIENCE_MS);
    await start();
    await until('it is told', `job ${id}`, /Failed/);
    const told = await said(`job ${id}`);
    expect(told.match(new RegExp(`^${id} (queued|started|failed)`, 'gm'))).toHaveLength(3);
    const lost = await slurm.submit('sleep 600', ['-J', 'lost']);
    await until('it runs', `job ${lost}`, /Running/);
    await slurm.controller.loseState();
    await until('it is gone', `job ${lost}`, /Gone: this job is no longer in the queue/);
    expect(await said(`job ${lost}`)).toMatch(/gone: the scheduler's state was lost \(it was running\)/);
    expect(await said(`job ${id}`)).toMatch(/Failed after ([3-9]|\d\d) s/);
  });
});
