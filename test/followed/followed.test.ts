import { readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SomeTimings } from '../../src/app/timings.ts';
import { processFacts } from '../../src/queue/process-facts.ts';
import { openDb } from '../../src/store/db.ts';
import { eventually } from '../helpers.ts';
import { ADA, type ToyBot, toyBot } from '../toy-bot.ts';
import { createProject, train, writeRows } from './world.ts';

const QUICK: SomeTimings = {
  app: { stopWaitMs: 30_000, partStopMs: 20_000, allStopMs: 60_000, tickMs: 200 },
  followed: { processMs: 50, writeMs: 50, silentMs: 1_500, goneMs: 300 },
};

let world: ToyBot | undefined;
afterEach(() => world?.stop());

async function start(more: Parameters<typeof toyBot>[0] = {}): Promise<ToyBot> {
  world = await toyBot({ timings: QUICK, ...more });
  return world;
}

const thread = async () => (await world!.thread('run-1')).map(({ text }) => text);
const said = async (words: string) => (await thread()).filter((text) => text.includes(words));
const has = (words: string) => eventually(words, async () => (await said(words)).length > 0);
const cardMessage = async () => (await world!.channel()).find(({ text }) => /^\S+ run-1\b/.test(text));
const card = async () => (await cardMessage())?.text ?? '';
const buttons = async () => (await cardMessage())?.buttons.map(({ label }) => label);

/** The row of the experiment log on disk, whatever its session is called. */
async function row() {
  await world!.bot().app.settled();
  const [session] = readdirSync(join(world!.folder, 'experiments'));
  return world!.row(session!, 'run-1');
}

describe('a run that no queue started', () => {
  it('is followed to the end of its process: card, curve, post and row say that nobody knows how it ended', async () => {
    await start();
    const folder = createProject().run();
    const training = train(folder);
    const answer = await world!.said(`watch ${folder} pid=${training.pid}`);
    expect(answer).toContain(`run-1 is followed in ${folder}`);
    expect(answer).toContain(`process ${training.pid}`);
    await has(`followed from now on, in ${folder}`);
    await eventually('a curve on its card', async () =>
      /Running[\s\S]*image: Chart of run-1 loss/.test(await card()),
    );
    expect(await card()).toMatch(/^proj run-1/);
    expect(await buttons()).toEqual(['Logs', 'Metrics', 'Note', 'Stop following']);
    expect(await world!.said('metrics run-1')).toMatch(/loss\s+0\.\d+/);

    training.stop();
    await has('ended after');
    await eventually('its card', async () => (await card()).includes('Ended'));
    const told = `its process ${training.pid} is gone`;
    expect(await said(told)).toEqual([
      expect.stringMatching(/^run-1 ended after .*; how it ended is not known/),
    ]);
    expect(await card()).toMatch(new RegExp(`Ended after .*: ${told}; how it ended is not known`));
    expect(await card()).not.toMatch(/completed|failed/i);
    await eventually('its row', async () => (await row())?.metrics_json.includes('loss'));
    expect(await row()).toMatchObject({
      queue_job_id: 'run-1',
      // The log has no word for an end that nobody saw: what it says of that stands beside it.
      status: 'completed',
      task_key: 'proj',
      run_dir: folder,
      result_summary: `outcome unknown: ${told}`,
    });
    expect(await world!.said('jobs')).toMatch(/run-1\s+proj\s+ended/);
    expect(await world!.said('wait run-1')).toMatch(
      new RegExp(`^run-1 ended after .*: ${told}; how it ended is not known`),
    );
    expect((await world!.ask('logs run-1')).errorCode).toBe('no-log');
    writeFileSync(join(folder, 'train.log'), 'epoch 1\nepoch 2\n');
    expect(await world!.said('logs run-1')).toContain('epoch 2');
    expect(await buttons()).toEqual(['Logs', 'Metrics', 'Verdict', 'Note']);
  });

  it('whose process nobody names has ended by a guess, which is said as one and taken back when it writes again', async () => {
    await start();
    const folder = createProject().run();
    writeRows(folder, 0, 20);
    const answer = await world!.said(`watch ${folder}`);
    expect(answer).toContain('Nothing tells when it ends');
    await has('ended?');
    expect(await said('ended?')).toEqual([
      expect.stringMatching(
        /^run-1 ended\?: nothing was written there for .*; a guess, which is taken back if it writes again/,
      ),
    ]);
    await eventually('its card', async () => /Ended\? A guess: nothing was written there/.test(await card()));
    expect(await buttons()).toContain('Stop following');
    expect((await row())!.result_summary).toMatch(
      /^outcome unknown: it may have ended, as nothing was written/,
    );
    expect(await world!.said('jobs')).toMatch(/ended\?/);

    await eventually('its values', async () => (await row())!.metrics_json.includes(String(1 / 20)));
    writeRows(folder, 20, 6);
    utimesSync(join(folder, 'metrics.csv'), new Date(), new Date(Date.now() + 2_000));
    await has('goes on');
    expect(await said('goes on')).toEqual([
      expect.stringContaining('it wrote again, so that it had not ended'),
    ]);
    await eventually('its row', async () => (await row())!.status === 'running');
    expect((await row())!.result_summary).toBe('');
    await eventually('its card', async () => (await card()).includes('Running'));
    await eventually('a second guess', async () => (await said('ended?')).length === 2);
    await eventually('its last values', async () => (await row())!.metrics_json.includes(String(1 / 26)));
    await eventually('its card', async () => (await card()).includes('Ended?'));
    expect(await card()).toMatch(/over steps 0 to 25/);
    expect(await card()).toContain('loss: 0.03846');
  });

  it('goes on over restarts, and is told of once: what ended meanwhile too', async () => {
    await start();
    const folder = createProject().run();
    const training = train(folder);
    await world!.ask(`watch ${folder} pid=${training.pid}`);
    await has('started');
    await world!.restart();
    await eventually('it goes on', async () => /Running/.test(await card()));
    expect(await thread()).toEqual([
      expect.stringContaining('followed from now on'),
      expect.stringContaining('started'),
      ...(await said('what do you expect')),
    ]);
    await world!.restart({});
    const between = await thread();
    await world!.bot().app.stop();
    training.kill();
    await eventually('its end', () => !isThere(training.pid));
    await world!.restart({});
    await has('is gone');
    await world!.restart({});
    await eventually('its card', async () => (await card()).includes('Ended'));
    expect(await thread()).toEqual([
      ...between,
      expect.stringContaining(`its process ${training.pid} is gone`),
    ]);
  });

  it('is not mistaken for another that got its number of a process later', async () => {
    const { pid } = train(createProject().run('other'));
    await start();
    const folder = createProject().run();
    writeRows(folder, 0, 3);
    await world!.ask(`watch ${folder} pid=${pid}`);
    await has('started');
    await world!.bot().app.stop();
    const db = openDb(join(world!.folder, 'data'));
    db.prepare('UPDATE followed_runs SET process_started_at = process_started_at - 60').run();
    db.close();
    await world!.restart({});
    await has(`its process ${pid} is gone`);
  });

  it('whose folder disappears may have ended, which is taken back if the folder returns', async () => {
    await start();
    const folder = createProject().run();
    writeRows(folder, 0, 5);
    await world!.ask(`watch ${folder} minutes=60`);
    await has('started');
    renameSync(folder, `${folder}-away`);
    await has('its folder is not there any more');
    expect(await card()).not.toMatch(/Completed|Failed/);
    renameSync(`${folder}-away`, folder);
    utimesSync(join(folder, 'metrics.csv'), new Date(), new Date(Date.now() + 2_000));
    await has('goes on');
  });

  it('has ended as a person says in the log, whatever is seen of its end later', async () => {
    await start();
    const folder = createProject().run();
    const training = train(folder);
    await world!.ask(`watch ${folder} pid=${training.pid}`);
    await has('started');
    await eventually('its row', async () => (await row())?.status === 'running');
    const [session] = readdirSync(join(world!.folder, 'experiments'));
    const log = join(world!.folder, 'experiments', session!, 'experiment_log.csv');
    writeFileSync(log, readFileSync(log, 'utf8').replace(',running,', ',failed,'));
    await eventually('it is taken in', async () =>
      (await world!.said('experiment run-1')).includes('failed'),
    );
    training.stop();
    await has('ended after');
    await eventually('its row', async () => (await row())!.result_summary.includes('is gone'));
    expect((await row())!.status).toBe('failed');
  });

  it('is watched for NaN, which is told once', async () => {
    await start({ settings: { watch: { defaults: true } } });
    const folder = createProject().run();
    const training = train(folder, 10);
    await world!.ask(`watch ${folder} pid=${training.pid}`);
    await has('NaN');
    await world!.restart({ settings: { watch: { defaults: true } } });
    training.stop();
    await has('ended after');
    expect(await said('loss is NaN')).toHaveLength(1);
    expect((await said('loss is NaN'))[0]).not.toContain('[Kill]');
  });

  it('is neither killed, cancelled nor moved from here, and is left by whoever followed it', async () => {
    await start();
    const folder = createProject().run();
    const training = train(folder);
    await world!.ask(`watch ${folder} pid=${training.pid}`);
    await has('started');
    expect(await world!.said('kill run-1')).toContain('is only followed: end it where it was started');
    expect(await world!.said('cancel run-1')).toContain('run-1 is only followed, and waits in no queue');
    expect(await world!.said('move run-1 1')).toContain(
      'No queue started this run: its jobs cannot be moved',
    );
    expect(isThere(training.pid)).toBe(true);
    const at = { adapter: 'web', channel: 'queue', person: ADA };
    const offered = async (line: string) =>
      (await world!.bot().app.handlers.complete(at, line)).map(({ insert }) => insert);
    expect(await offered('kill ')).toEqual(['running']);
    expect(await offered('metrics ')).toContain('run-1');
    expect(await world!.said('kill running')).toContain('No job is running');
    expect(await world!.said(`watch ${folder}`)).toContain('is followed already, as run-1');

    expect(await world!.said('watch unfollow run-1')).toContain('run-1 is no longer followed');
    await has('no longer followed');
    expect(isThere(training.pid)).toBe(true);
    expect((await row())!.result_summary).toBe(
      'outcome unknown: Ada stopped following it, and nobody looks at whether it still runs',
    );
    expect(await world!.said('watch unfollow run-1')).toContain('is not followed');
    expect(await world!.said('wait run-1')).toMatch(
      /^run-1 is no longer followed: Ada stopped following it, and nobody looks at whether it still runs/,
    );
    expect(await world!.said(`watch ${folder} pid=${training.pid}`)).toContain('run-2 is followed');
  });

  it('does not make several queues of one', async () => {
    await start();
    const job = await world!.enqueue(30);
    const before = await world!.said('status');
    expect(before).not.toContain('Followed runs');
    const folder = createProject().run();
    writeRows(folder, 0, 5);
    await world!.ask(`watch ${folder} minutes=60`);
    await has('started');
    expect(await world!.said('status')).toContain('Followed runs');
    expect(await world!.said('jobs')).toMatch(new RegExp(`^${job.jobId}\\b`, 'm'));
    expect(await world!.said(`job ${job.jobId}`)).toContain(`ToyRegression ${job.jobId}`);
    expect(
      world!
        .bot()
        .app.health()
        .map(({ name }) => name),
    ).toContain('queue');
    await world!.clear();
  });
});

const isThere = (pid: number): boolean => processFacts(pid) !== undefined;
