import { expect, it } from 'vitest';
import { type Job, jobKeyText } from '../../../src/core/job.ts';
import { run as runHere } from '../../../src/processes/run.ts';
import { AS_NOBODY, describeOnSlurm, NOBODY, WHOLE } from './queue-on-slurm.ts';

describeOnSlurm('what is changed in a real Slurm', (on) => {
  const { now, reaches, run, until, told } = on;

  it('holds, releases and puts back, and refuses what that makes no sense of', async () => {
    const waits = await on.slurm.submit('sleep 600', [...WHOLE, '--begin=now+1hour']);
    const runs = await on.slurm.submit('sleep 600');
    const [waiting, running] = [await reaches(waits, 'queued'), await reaches(runs, 'running')];
    const steer = (job: Job, action: 'hold' | 'release' | 'requeue') => on.queue.steer(job, action);
    expect(await steer(waiting, 'release')).toEqual({ done: false, reason: 'is not held' });
    expect(await steer(waiting, 'hold')).toEqual({ done: true });
    expect(now(waits)?.scheduler?.reason).toMatch(/^JobHeldUser/);
    expect(await steer(waiting, 'hold')).toEqual({ done: false, reason: 'is held already' });
    expect(await steer(waiting, 'release')).toEqual({ done: true });
    expect(await steer(running, 'hold')).toMatchObject({
      done: false,
      reason: expect.stringContaining('is running'),
    });
    expect(await steer(waiting, 'requeue')).toEqual({ done: false, reason: 'waits already' });
    // What is put back within the second of its submission keeps that time.
    await until('a second has passed', () => Date.now() / 1000 > running.enqueuedAt + 2);
    expect(await steer(running, 'requeue')).toEqual({ done: true });
    const past = told.findLast((job) => jobKeyText(job) === jobKeyText(running))!;
    expect(past.seen!.because).toMatch(/requeued from here.*life 2/);
    expect(await steer(running, 'requeue')).toMatchObject({
      done: false,
      reason: expect.stringContaining('any more as this job'),
    });
    for (const id of [waits, runs]) expect(await on.queue.cancel(now(id)!)).toMatchObject({ done: true });
    // What has ended can be put back as long as Slurm remembers it.
    const done = await reaches(await on.slurm.submit('exit 3'), 'failed');
    await until('a second has passed', () => Date.now() / 1000 > done.enqueuedAt + 2);
    expect(await steer(done, 'requeue')).toEqual({ done: true });
    expect(now(done.jobId)).toMatchObject({ status: 'queued', restarts: 1 });
    expect(told.findLast((job) => jobKeyText(job) === jobKeyText(done))).toMatchObject({ status: 'failed' });
    await on.queue.cancel(now(done.jobId)!);
  });

  it('tells what is suspended, and releases what was put back as held', async () => {
    const [suspended, special, held] = [
      await on.slurm.submit('sleep 600'),
      await on.slurm.submit('sleep 600'),
      await on.slurm.submit('sleep 600'),
    ];
    for (const id of [suspended, special, held]) await reaches(id, 'running');
    await run('scontrol', 'suspend', suspended);
    await until('it is suspended', () => now(suspended)?.scheduler?.state === 'SUSPENDED');
    expect(now(suspended)).toMatchObject({ status: 'running' });
    expect(await on.queue.kill(now(suspended)!, { graceMs: 0 })).toMatchObject({ done: true });
    expect(now(suspended)).toMatchObject({ status: 'cancelled' });
    await run('scontrol', 'requeuehold', 'State=SpecialExit', special);
    await run('scontrol', 'requeuehold', held);
    for (const [id, state] of [
      [special, 'SPECIAL_EXIT'],
      [held, 'PENDING'],
    ] as const) {
      await until(
        `${id} waits as ${state}`,
        () => now(id)?.restarts === 1 && now(id)?.scheduler?.state === state,
      );
      const job = now(id)!;
      expect(job).toMatchObject({ status: 'queued' });
      expect(await on.queue.steer(job, 'hold')).toEqual({ done: false, reason: 'is held already' });
      expect(await on.queue.steer(job, 'release')).toEqual({ done: true });
      expect(await on.queue.cancel(now(id)!)).toEqual({ done: true });
    }
  });

  it('moves a job back by a nice value for a user whom Slurm lets do no more, and no further forward', async () => {
    const plain = on.open({
      run: (request) => runHere({ ...request, argv: [...AS_NOBODY, ...request.argv] }),
    });
    const ids: string[] = [];
    for (const _ of [1, 2, 3])
      ids.push(await on.slurm.submit('true', ['--hold', '--output=/dev/null'], { uid: NOBODY }));
    // Held jobs have no priority: what another, who has the whole cluster, keeps waiting has one.
    const whole = await on.slurm.submit('sleep 600', WHOLE);
    await reaches(whole, 'running');
    for (const id of ids) await on.slurm.run(['scontrol', 'release', id]);
    await plain.start(() => {});
    const order = () => plain.snapshot()!.order;
    const [first, ...others] = order();
    const job = (id: string) => plain.snapshot()!.jobs.get(id)!;
    expect(order().toSorted()).toEqual(ids.toSorted());
    expect(await plain.move(job(first!), 3)).toEqual({ done: true });
    expect(order()).toEqual([...others, first]);
    expect((await on.slurm.job(first!))?.Nice).toMatch(/^[1-9]\d*$/);
    expect(await plain.move(job(first!), 1)).toEqual({
      done: false,
      reason: expect.stringMatching(/could not be moved forward: .+/),
    });
    expect(order()).toEqual([...others, first]);
    await plain.stop();
    await run('scancel', whole, ...ids);
  });

  it("refuses another user's job in words, and leaves it alone", async () => {
    const others = on.open({ users: ['root', 'nobody'] });
    const seen: Job[] = [];
    await others.start((change) => seen.push(...change.changed));
    const id = await on.slurm.submit('sleep 600', ['--output=/dev/null'], { uid: NOBODY });
    await until('it is told', () => seen.some(({ jobId, status }) => jobId === id && status === 'running'));
    const job = others.snapshot()!.jobs.get(id)!;
    expect(job.user).toBe('nobody');
    expect(await others.kill(job, { graceMs: 0 })).toEqual({
      done: false,
      reason: expect.stringMatching(/belongs to nobody/),
    });
    expect((await on.slurm.job(id))?.JobState).toBe('RUNNING');
    expect(now(id)).toBeUndefined();
    await others.stop();
    await run('scancel', id);
  });
});
