import { expect, it } from 'vitest';
import { isEnded, jobKeyText } from '../../../src/core/job.ts';
import { eventually } from '../../helpers.ts';
import { describeOnSlurm, PATIENCE_MS, WHOLE } from './queue-on-slurm.ts';

describeOnSlurm('how jobs of a real Slurm end', (on) => {
  const { now, reaches, run, until, launch, told } = on;

  it('tells a time limit, a cancel and a requeue apart', async () => {
    const [requeued, cancelled] = [await on.slurm.submit('sleep 600'), await on.slurm.submit('sleep 600')];
    const first = await reaches(requeued, 'running');
    await reaches(cancelled, 'running');
    await run('scontrol', 'requeue', requeued);
    await run('scancel', cancelled);
    expect(await reaches(cancelled, 'cancelled')).toMatchObject({ scheduler: { state: 'CANCELLED' } });
    await until('its second life', () => now(requeued)?.restarts === 1);
    const past = told.findLast((job) => jobKeyText(job) === jobKeyText(first))!;
    expect(past).toMatchObject({ status: 'ended', seen: { by: 'requeued' } });
    expect(past.seen!.because).toContain('life 2');
    expect(now(requeued)!.enqueuedAt).toBeGreaterThan(first.enqueuedAt);
    expect(await on.queue.cancel(now(requeued)!)).toEqual({ done: true });
  });

  it('tells what a deadline ended before it could begin', async () => {
    const whole = await on.slurm.submit('sleep 600', WHOLE);
    await reaches(whole, 'running');
    const id = await on.slurm.submit('true', ['--deadline=now+5seconds', '--time=0:02']);
    expect(await reaches(id, 'failed')).toMatchObject({
      scheduler: { state: 'DEADLINE' },
      startedAt: null,
      returnCode: null,
      error: 'Its deadline passed (DEADLINE)',
    });
    await run('scancel', whole);
  });

  it('takes an ending that Slurm forgot from the record of the run, and else says that nobody knows', async () => {
    const recorded = await launch({}, ['sh', '-c', 'sleep 3; exit 5']);
    if (!recorded.done) throw new Error(recorded.reason);
    const plain = await on.slurm.submit('sleep 3; exit 5');
    await reaches(recorded.job.jobId, 'running');
    await reaches(plain, 'running');
    await on.queue.stop();
    const known = [...on.queue.snapshot()!.jobs.values()].filter(({ status }) => !isEnded(status));
    await eventually(
      'Slurm forgets them',
      async () =>
        (await on.slurm.job(plain)) === undefined && (await on.slurm.job(recorded.job.jobId)) === undefined,
      2 * PATIENCE_MS,
    );
    await on.again(known);
    const isTold = (jobId: string) => told.findLast((job) => job.jobId === jobId && isEnded(job.status));
    await until('both are told', () => isTold(recorded.job.jobId) && isTold(plain));
    expect(isTold(recorded.job.jobId)).toMatchObject({ status: 'failed', returnCode: 5 });
    expect(isTold(plain)).toMatchObject({ status: 'ended', seen: { by: 'gone' } });
  });

  it('tells a node that died, and of a job that was put back why', async () => {
    const [ended, again] = [
      await on.slurm.submit('sleep 600', ['--no-requeue', '-w', 'node2']),
      await on.slurm.submit('sleep 600', ['--requeue', '-w', 'node2']),
    ];
    await reaches(ended, 'running');
    await reaches(again, 'running');
    await on.slurm.killNode('node2', 'withJobs');
    expect(await reaches(ended, 'failed')).toMatchObject({ scheduler: { state: 'NODE_FAIL' } });
    await until('its second life', () => now(again)?.restarts === 1);
    const past = told.findLast(({ jobId, seen }) => jobId === again && seen)!;
    expect(past.seen!.because).toContain('its node node2 failed');
    await on.slurm.startNode('node2');
    await run('scancel', again);
  });
});
