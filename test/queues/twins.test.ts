import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { CLAUDE } from '../toy-bot.ts';
import { twins } from './twins.ts';

let world: Awaited<ReturnType<typeof twins>>;
beforeEach(async () => {
  world = await twins();
  await world.fill();
  await eventually(
    'both run one',
    () => world.status(world.left, 1) === 'running' && world.status(world.right, 1) === 'running',
  );
  await world.bot.app.settled();
});
afterEach(() => world.stop());

describe('of two queues whose jobs have the same ids', () => {
  it('a kill ends the job that is named, by a typed name and by a button, each after its question', async () => {
    const { left, right } = world;
    expect(await world.said('kill 1')).toMatch(/"1" is 2 jobs: left\/job-0000001 .*, right\/job-0000001/);
    const asked = await world.ask('kill right/1');
    expect(world.words(asked)).toContain('right/job-0000001');
    const yes = await world.press(world.button(asked, 'Kill right/job-0000001'));
    expect(world.words(yes)).toMatch(/right\/job-0000001/);
    expect(yes.ok).toBe(true);
    expect([world.status(left, 1), world.status(right, 1)]).toEqual(['running', 'failed']);
    const again = await world.press(world.button(await world.ask('job left/job-0000001'), 'Kill'));
    expect((await world.press(world.button(again, 'Kill left/job-0000001'))).ok).toBe(true);
    expect(world.status(left, 1)).toBe('failed');
    expect(await world.said('job left/1')).toMatch(/Ada/);
  });

  it('a cancel takes the job that is named, by a long name and by a button', async () => {
    const { left, right } = world;
    expect(await world.said('cancel RIGHT/job-0000002')).toBe('Cancelled: right/job-0000002');
    expect([world.status(left, 2), world.status(right, 2)]).toEqual(['queued', 'cancelled']);
    const card = await world.ask('job left/3');
    expect((await world.press(world.button(card, 'Cancel'))).ok).toBe(true);
    expect([world.status(left, 3), world.status(right, 3)]).toEqual(['cancelled', 'queued']);
    expect(await world.said('cancel 2')).toMatch(/"2" is 2 jobs/);
  });

  it('a move is within the queue of its job, by a name and by a button', async () => {
    const order = () =>
      [world.left, world.right].map((queue) =>
        queue
          .snapshot()!
          .order.map((id) => id.at(-1))
          .join(''),
      );
    expect(order()).toEqual(['23', '23']);
    expect((await world.ask('move right/3 1')).ok).toBe(true);
    expect(order()).toEqual(['23', '32']);
    const card = await world.ask('job left/3');
    expect((await world.press(world.button(card, 'Run next'))).ok).toBe(true);
    expect(order()).toEqual(['32', '32']);
  });

  it('logs are those of the job that is named', async () => {
    const lines = async (name: string) =>
      (await world.ask(`logs ${name}`)).data as { jobId: string; lines: string[] };
    const { jobId, lines: said } = await lines('right/1');
    expect(jobId).toBe('right/job-0000001');
    const job = world.right.snapshot()!.jobs.get('job-0000001')!;
    const own = await world.right.readJobLog(job, 'observer', 1_000);
    expect(said.length).toBeGreaterThan(0);
    expect(own.lines.join('\n')).toContain(said.at(0)!);
  });

  it('a retry goes where its job was, and its row names the run before', async () => {
    expect(await world.said('queue toy on=left')).toContain('left/job-0000004');
    expect(await world.said('queue toy on=right')).toContain('right/job-0000004');
    await world.bot.app.settled();
    expect(await world.said('cancel right/4')).toContain('Cancelled');
    const retried = await world.press(world.button(await world.ask('job right/4'), 'Retry'));
    expect(world.words(retried)).toContain('right/job-0000005');
    expect([world.left.snapshot()!.jobs.size, world.right.snapshot()!.jobs.size]).toEqual([4, 5]);
    expect(await world.said('retry left/4')).toContain('left/job-0000005');
    expect(await world.said('experiment show job-0000005@right')).toMatch(/parent[\s\S]*job-0000004@right/);
    expect(await world.said('experiment show job-0000005')).toMatch(/parent[\s\S]*job-0000004(?!@)/);
  });
});

describe('what is said of a job of one of two queues', () => {
  it('names its queue: mutes, a press for all to read, a form, a sweep', async () => {
    await world.said('watch add stalled minutes=5');
    await world.said('watch mute stalled job=right/1 minutes=30');
    expect(await world.said('watch list')).toContain('stalled of right/job-0000001');
    const card = await world.ask('job right/2');
    const { command, options } = world.button(card, 'Cancel');
    const { handlers } = world.bot.app;
    const request = {
      adapter: 'web',
      channel: 'queue',
      person: { id: 'ada', name: 'Ada', role: 'admin' as const },
    };
    const form = await handlers.form(
      { ...request, input: { kind: 'options', command, options } },
      'note',
      options,
    );
    expect(form.about).toEqual([{ label: expect.any(String), text: 'right/job-0000002' }]);
  });
});

describe('what an agent proposes', () => {
  it('goes where whoever approved it read that it would, though another queue would start it first by then', async () => {
    const { left, right } = world;
    for (const job of ['left/2', 'left/3', 'left/1']) {
      const asked = await world.ask(`${job === 'left/1' ? 'kill' : 'cancel'} ${job}`);
      if (job === 'left/1') await world.press(world.button(asked, 'Kill left/job-0000001'));
    }
    const proposed = await world.ask('queue toy', CLAUDE);
    const { proposal } = proposed.data as { proposal: number };
    expect(await world.said(`proposals ${proposal}`)).toMatch(/on:? left/);
    for (let job = 0; job < 3; job += 1) world.enqueue(left);
    for (const job of ['right/2', 'right/3']) await world.ask(`cancel ${job}`);
    await world.bot.app.settled();
    expect(await world.said(`approve ${proposal}`)).toContain('left/job-0000007');
    expect(right.snapshot()!.jobs.size).toBe(3);
  });
});

it('a sweep puts all its runs on the queue that is named, and refuses one that there is not', async () => {
  await world.said('session change metric=value/loss mode=min');
  const asked = await world.ask('sweep toy learning_rate=0.1,0.2 queue=true on=right');
  expect(world.words(asked)).toContain('Queue 2 runs of toy on right over');
  const done = await world.press(world.button(asked, 'Queue 2 runs'));
  expect(world.words(done)).toMatch(/right\/job-0000004[\s\S]*right\/job-0000005/);
  expect([world.left.snapshot()!.jobs.size, world.right.snapshot()!.jobs.size]).toEqual([3, 5]);
  expect(await world.said('sweep toy learning_rate=0.3,0.4 on=rihgt')).toMatch(/right/);
});
