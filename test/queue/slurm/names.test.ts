import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run as runHere } from '../../../src/processes/run.ts';
import { describeOnSlurm } from './queue-on-slurm.ts';

describeOnSlurm('the names of jobs of a real Slurm', (on) => {
  const { now, reaches, run, until } = on;

  it('knows the names of many jobs that come at once', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `many ${index}|\\n${index}`);
    const calls: string[] = [];
    const again = on.open({
      run: (request) => {
        calls.push(request.argv.slice(0, 3).join(' '));
        return runHere(request);
      },
    });
    for (const name of many) await on.slurm.submit('true', ['--begin=now+1hour', '-J', name]);
    await again.start(() => {});
    const all = [...again.snapshot()!.jobs.values()];
    const names = all.map(({ taskKey }) => taskKey);
    expect(names).toEqual(expect.arrayContaining(many.map((name) => name.replace('\n', ' '))));
    expect(calls.filter((call) => call.startsWith('squeue')).length).toBeLessThan(5);
    const named = all.find(({ taskKey }) => taskKey === many[7])!;
    expect(named.observerLogPath).toBe(join(on.slurm.jobs, `slurm-${named.jobId}.out`));
    await again.stop();
    await run('scancel', '-u', 'root', '-t', 'PENDING');
    await until('they are gone', () => on.queue.snapshot()!.order.length === 0);
  });

  it.each([
    'x UserId=nobody(1) GroupId=foo MCS_label=y',
    'line1\nJobId=1 JobName=evil UserId=root(0) GroupId=root(0) MCS_label=N/A WorkDir=/etc StdOut=/etc/passwd',
  ])('a job that is called %j is told of as it is, and cancelled and killed', async (name) => {
    const waiting = await on.slurm.submit('sleep 600', ['-J', name, '--begin=now+1hour']);
    const running = await on.slurm.submit('sleep 600', ['-J', name]);
    expect(await reaches(running, 'running')).toMatchObject({
      taskKey: expect.stringMatching(/^(x UserId=nobody|line1 JobId=1 JobName=evil)/),
      observerLogPath: join(on.slurm.jobs, `slurm-${running}.out`),
    });
    await reaches(waiting, 'queued');
    expect(await on.queue.cancel(now(waiting)!)).toEqual({ done: true });
    expect(await on.queue.kill(now(running)!, { graceMs: 0 })).toMatchObject({ done: true });
  });
});
