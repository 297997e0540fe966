import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import type { Job } from '../../src/core/job.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createWaitingLaunches } from '../../src/store/waiting-launches.ts';
import { enterWeb } from '../bot.ts';
import { eventually } from '../helpers.ts';
import { twins } from '../queues/twins.ts';
import { ADA, BOB, CLAUDE, EVE, type Settings, type ToyBot, toyBot } from '../toy-bot.ts';

let toy: ToyBot;
afterEach(() => toy.stop());

const fail = (job: Job) => toy.queue.kill(job, { graceMs: 10 });
const waits = () => createWaitingLaunches(toy.bot().app.parts.db, Date.now);
const thread = async (jobId: string) => (await toy.thread(jobId)).map(({ text }) => text);
const planned = async () => toy.said('experiment list status=planned');

describe('a launch after another job', () => {
  it('waits as a plan, and starts once that job has completed, which is told in its thread', async () => {
    toy = await toyBot();
    const job = await toy.running(3);
    const said = await toy.said(`queue toy learning_rate=0.003 after=${job.jobId} hypothesis="slower"`);
    expect(said).toMatch(/^Starts when job-0000001 has completed: toy .*0\.003.*, as plan-1\./);
    expect(await planned()).toContain('plan-1');
    expect(await toy.said('experiment show plan-1')).toContain('starts when job-0000001 has completed');
    expect(toy.jobs()).toBe(1);
    await eventually('it is launched', () => toy.jobs() === 2);
    await eventually('it is told', async () =>
      (await thread(job.jobId)).some((text) =>
        /^job-0000002 is queued as plan-1: it was to start/.test(text),
      ),
    );
    expect(await toy.said('experiment show plan-1')).not.toContain('starts when');
    expect(await toy.said('job 2')).toMatch(/slower/);
    expect(waits().open()).toEqual([]);
  });

  it.each([
    ['fails', fail, 'failed'],
    ['is cancelled', (job: Job) => toy.queue.cancel(job), 'was cancelled'],
  ])(
    'is not started where that job %s, which is said once with a way to queue it anyway',
    async (_, end, why) => {
      toy = await toyBot();
      const first = await toy.running();
      const job = why === 'failed' ? first : await toy.enqueue(600);
      await toy.said(`queue toy after=${job.jobId}`);
      const before = toy.jobs();
      await end(job);
      const told = async () =>
        (await toy.thread(job.jobId)).filter(({ text }) => text.includes('is not queued'));
      await eventually('it is told', async () => (await told()).length > 0);
      await toy.restart();
      await toy.bot().app.settled();
      const posts = await told();
      expect(posts.map(({ text }) => text)).toEqual([
        expect.stringMatching(`^plan-1 .*That one ${why}.*queue experiment=plan-1.* queues it anyway`),
      ]);
      expect(toy.jobs()).toBe(before);
      await toy.press(posts[0]!.buttons[0]!);
      expect(toy.jobs()).toBe(before + 1);
    },
  );

  it('is launched at once after a job that has completed, and refused after one that ended otherwise', async () => {
    toy = await toyBot();
    const done = await toy.running(0.2);
    await toy.heardOfEnd(done.jobId);
    expect(await toy.said(`queue toy after=${done.jobId}`)).toMatch(/^Queued job-0000002/);
    const failed = await toy.running();
    await fail(failed);
    await toy.heardOfEnd(failed.jobId);
    expect(await toy.said(`queue toy after=${failed.jobId}`)).toMatch(
      /job-0000003 failed, so nothing starts after it.*Leave after=/s,
    );
    expect(await planned()).toMatch(/No experiment/);
  });

  it('is launched once where the process ended between that end and the launch, and where the end came while it was down', async () => {
    toy = await toyBot();
    const job = await toy.running(0.3);
    await toy.bot().app.stop();
    await toy.restart();
    await toy.heardOfEnd(job.jobId);
    const { db } = toy.bot().app.parts;
    const other = await toy.running();
    await toy.said(`queue toy after=${other.jobId}`);
    // As it stands where the end is in the database and the process was killed before anything came of it.
    db.prepare('UPDATE waiting_launches SET job_id = ?, enqueued_at = ?').run(job.jobId, job.enqueuedAt);
    expect(toy.jobs()).toBe(2);
    await toy.restart();
    await eventually('it is launched', () => toy.jobs() === 3);
    await toy.restart();
    await toy.bot().app.settled();
    expect(toy.jobs()).toBe(3);
  });

  it('is not launched again where the process ended while its launcher was at work', async () => {
    let hangs = true;
    toy = await toyBot({
      timings: { app: { stopWaitMs: 100, partStopMs: 1_000, allStopMs: 30_000 } },
      launcher: (launch) => (request, onLine) => {
        if (!hangs) return launch(request, onLine);
        return new Promise(() => {});
      },
    });
    const job = await toy.running(3);
    await toy.said(`queue toy after=${job.jobId}`);
    await eventually('it is begun', () => waits().open().length === 0);
    await toy.bot().app.stop();
    hangs = false;
    await toy.restart();
    await toy.bot().app.settled();
    expect(toy.jobs()).toBe(1);
    expect((await toy.channel()).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^The launch of toy by Ada was under way/),
    );
  });

  it('is told in the thread of the job too where the process ended before its launcher answered', async () => {
    let hangs = true;
    toy = await toyBot({
      timings: { app: { stopWaitMs: 100, partStopMs: 1_000, allStopMs: 30_000 } },
      launcher: (launch) => async (request, onLine) => {
        const result = await launch(request, onLine);
        return hangs ? new Promise(() => {}) : result;
      },
    });
    const job = await toy.running(3);
    await toy.said(`queue toy after=${job.jobId}`);
    await eventually('the queue has it', () => toy.jobs() === 2);
    await toy.bot().app.stop();
    hangs = false;
    await toy.restart();
    await eventually('it is told', async () =>
      (await thread(job.jobId)).some((text) =>
        /^job-0000002 is queued as plan-1: it was to start/.test(text),
      ),
    );
    expect(toy.jobs()).toBe(2);
  });

  it('whose launcher fails is told of in the thread of the job, and stays planned', async () => {
    toy = await toyBot({
      launcher: () => async () => ({
        done: false,
        reason: 'the launcher failed (exit code 1)',
        lastLines: [],
      }),
    });
    const job = await toy.running(3);
    await toy.said(`queue toy after=${job.jobId}`);
    const told = async () => (await thread(job.jobId)).filter((text) => text.includes('is not queued'));
    await eventually('it is told', async () => (await told()).length > 0);
    expect(await told()).toEqual([
      expect.stringMatching(
        /^plan-1 .*the launcher failed \(exit code 1\).*queue experiment=plan-1"? launches it\.$/m,
      ),
    ]);
    expect(await planned()).toContain('plan-1');
  });

  it('is not launched for somebody who may not queue any more, which is said', async () => {
    toy = await toyBot();
    const job = await toy.running(3);
    await toy.said(`queue toy after=${job.jobId}`, BOB);
    const settings: Settings = { people: { bob: { role: 'viewer' } } };
    await toy.restart({ settings });
    await eventually('it is told', async () =>
      (await thread(job.jobId)).some((text) => text.includes('Bob may not queue runs any more')),
    );
    expect(toy.jobs()).toBe(1);
  });

  it('is taken back with its plan, and by launching it otherwise', async () => {
    toy = await toyBot();
    const job = await toy.running(3);
    await toy.said(`queue toy after=${job.jobId}`);
    await toy.said(`queue toy after=${job.jobId} name=mine`);
    expect(await toy.said(`queue experiment=mine after=${job.jobId}`)).toMatch(
      /mine waits already.*cancel mine/s,
    );
    await toy.said('experiment supersede plan-1');
    expect(await toy.said('queue experiment=mine')).toMatch(/^Queued job-0000002 as mine/);
    await toy.heardOfEnd(job.jobId);
    await eventually('nothing waits', () => waits().open().length === 0);
    await toy.bot().app.settled();
    expect(toy.jobs()).toBe(2);
    expect((await thread(job.jobId)).filter((text) => /(is|not) queued/.test(text))).toEqual([]);
  });

  it("is about no job, so that in another job's thread it waits for none that is not named", async () => {
    toy = await toyBot();
    const job = await toy.running();
    const [card] = (await toy.channel()).filter(({ text }) => text.includes(job.jobId));
    const thread = { channel: 'queue', id: `${card!.id}` };
    expect((await toy.ask('queue toy', ADA, { thread })).data).toMatchObject({ state: 'queued' });
    expect(await toy.said(`queue toy after=${job.jobId}`, EVE)).toMatch(/needs the role operator/);
  });

  it('waits for what was proposed, once that is approved', async () => {
    toy = await toyBot();
    const job = await toy.running();
    const { data } = await toy.ask(`queue toy after=${job.jobId}`, CLAUDE);
    const { proposal } = data as { proposal: number };
    expect(waits().open()).toEqual([]);
    await toy.said(`approve ${proposal}`);
    expect(waits().open()).toMatchObject([{ person: { id: 'claude' }, job: { jobId: job.jobId } }]);
  });

  it('is not launched where its session has spent its budget by then', async () => {
    toy = await toyBot({ settings: { session: { budget: { runs: 1 } } } });
    const job = await toy.running(3);
    await toy.said(`queue toy after=${job.jobId}`);
    await eventually('it is told', async () =>
      (await thread(job.jobId)).some((text) => text.includes('the budget of 1 runs is spent')),
    );
    expect(toy.jobs()).toBe(1);
  });

  it('starts on another queue than that of the job, and after no run that is only followed', async () => {
    const { left, right, said, folder, bot } = await twins();
    toy = { stop: () => bot.app.stop() } as ToyBot;
    left.enqueue({
      ...{ taskKey: 'examples.toy.ToyRegression', settings: {}, steps: 10 },
      ...{ seconds: 3, fate: 'completes' },
    });
    const run = join(folder, 'followed');
    mkdirSync(run);
    await bot.app.settled();
    await eventually('it is seen', async () => (await said('jobs')).includes('left/job-0000001'));
    expect(await said('queue toy on=right after=left/1')).toMatch(
      /^Starts when left\/job-0000001 has completed: toy .* on right, as plan-1/,
    );
    await said(`watch follow ${run}`);
    expect(await said('queue toy after=run-1 on=right')).toMatch(/run-1 is only followed: how it ended/);
    await eventually('it is launched', () => right.snapshot()!.jobs.size === 1);
    expect(left.snapshot()!.jobs.size).toBe(1);
  });

  it('after a job of a queue that was taken out of the settings is told of and dropped at the next start', async () => {
    const world = await twins();
    const job = world.enqueue(world.right);
    await world.bot.app.settled();
    await eventually('it is seen', async () => (await world.said('jobs')).includes('right/job-0000001'));
    await world.said('queue toy on=left after=right/1');
    const bot = await world.withoutRight();
    toy = { stop: () => bot.app.stop() } as ToyBot;
    expect(job.queue).toBe('right');
    const told = async () => {
      await bot.app.settled();
      const { get } = await enterWeb(bot, 'ada');
      const { messages } = await get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
      const root = messages.find(({ message }) => plainText(message).split('\n')[0]!.endsWith('job-0000001'));
      if (!root) return [];
      const thread = await get<{ messages: ChatMessage[] }>(`thread?root=${root.id}`);
      return thread.messages.map(({ message }) => plainText(message));
    };
    await eventually('it is told', async () =>
      (await told()).some((text) =>
        /^plan-1 .*after job-0000001, is not queued\. That one is of the queue right, which is no longer watched\. It stays planned/.test(
          text,
        ),
      ),
    );
    expect(createWaitingLaunches(bot.app.parts.db, Date.now).open()).toEqual([]);
    expect(world.left.snapshot()!.jobs.size).toBe(0);
  });

  it('that waited in a backup is told of, and not launched', async () => {
    toy = await toyBot();
    const job = await toy.running();
    await toy.said(`queue toy after=${job.jobId}`);
    toy.bot().app.parts.db.prepare("UPDATE waiting_launches SET state = 'doubtful'").run();
    await toy.restart();
    await eventually('it is told', async () =>
      (await thread(job.jobId)).some((text) => text.includes('may have been launched since')),
    );
    expect(toy.jobs()).toBe(1);
  });
});
