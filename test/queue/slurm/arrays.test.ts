import { expect, it } from 'vitest';
import { describeOnSlurm } from './queue-on-slurm.ts';

describeOnSlurm('arrays of a real Slurm', (on) => {
  const { now, reaches, until, told } = on;

  it('tells of an array as one job, with counts, and its tasks by their numbers', async () => {
    const id = await on.slurm.submit('[ $SLURM_ARRAY_TASK_ID = 2 ] && exit 7; sleep 2', ['--array=0-5%3']);
    const ended = await reaches(id, 'failed');
    expect(ended.tasks).toMatchObject({ total: 6, completed: 5, failed: 1, which: { failed: '2' } });
    expect(ended.error).toBe('1 of 6 tasks failed (2); the first: Exited with return code 7');
    expect(
      new Set(told.filter(({ enqueuedAt }) => enqueuedAt === ended.enqueuedAt).map(({ jobId }) => jobId)),
    ).toEqual(new Set([id]));
  });

  it('cancels and kills one task by its number, and reads its log', async () => {
    const id = await on.slurm.submit('echo "task $SLURM_ARRAY_TASK_ID"; sleep 600', ['--array=0-9%2']);
    const job = await reaches(id, 'running');
    await until('two run', () => now(id)?.tasks?.running === 2);
    expect(await on.queue.cancel({ ...job, task: 7 })).toEqual({ done: true });
    expect(now(id)!.tasks).toMatchObject({
      total: 10,
      cancelled: 1,
      which: { cancelled: '7', waiting: '2-6,8-9' },
    });
    expect(await on.queue.cancel({ ...job, task: 7 })).toEqual({
      done: false,
      reason: 'is cancelled, not waiting',
    });
    expect(await on.queue.cancel({ ...job, task: 1 })).toMatchObject({
      done: false,
      reason: expect.stringContaining('is running'),
    });
    expect(await on.queue.cancel({ ...job, task: 70 })).toMatchObject({
      done: false,
      reason: 'has no task 70',
    });
    expect((await on.queue.readJobLog({ ...now(id)!, task: 1 }, 'task', 5)).lines).toEqual(['task 1']);
    expect(await on.queue.kill({ ...job, task: 1 }, { graceMs: 0 })).toMatchObject({ done: true });
    expect(now(id)!.tasks?.which.cancelled).toBe('1,7');
    expect(now(id)!.status).toBe('running');
    expect(await on.queue.kill(job, { graceMs: 0 })).toMatchObject({ done: true });
    expect(now(id)!.status).toBe('cancelled');
  });

  it('holds, releases and cancels what waits of an array that runs, and leaves what runs of it', async () => {
    const id = await on.slurm.submit('sleep 600', ['--array=0-99%2']);
    const job = await reaches(id, 'running');
    await until('two run', () => now(id)?.tasks?.running === 2);
    expect(await on.queue.steer(job, 'hold')).toEqual({ done: true });
    expect(now(id)).toMatchObject({
      status: 'running',
      scheduler: { state: 'RUNNING', reason: expect.stringMatching(/^JobHeldUser/) },
    });
    expect(await on.queue.steer(job, 'hold')).toEqual({ done: false, reason: 'is held already' });
    expect(await on.queue.kill({ ...job, task: 0 }, { graceMs: 0 })).toMatchObject({ done: true });
    expect(now(id)!.tasks).toMatchObject({ waiting: 98, running: 1 });
    expect(await on.queue.steer(job, 'release')).toEqual({ done: true });
    await until('another one runs', () => now(id)?.tasks?.running === 2);
    expect(await on.queue.cancel(job)).toEqual({
      done: true,
      caution: '97 waiting tasks; 2 still run: kill ends what runs',
    });
    expect(now(id)).toMatchObject({ status: 'running', tasks: { waiting: 0, running: 2, cancelled: 98 } });
    expect(await on.queue.cancel(job)).toEqual({
      done: false,
      reason: expect.stringContaining('is running now'),
    });
    expect(await on.queue.kill(job, { graceMs: 0 })).toMatchObject({ done: true });
  });
});
