import { describe, expect, it } from 'vitest';
import { isEnded, type Job } from '../../../src/core/job.ts';
import { run as runHere } from '../../../src/processes/run.ts';
import type { SlurmQueue } from '../../../src/queue/slurm/index.ts';
import { eventually } from '../../helpers.ts';
import { AS_NOBODY, describeOnSlurm, NOBODY, PATIENCE_MS, WHOLE } from './queue-on-slurm.ts';

describeOnSlurm('a real Slurm whose controller fails', (on) => {
  const { now, reaches, run, until, told, removed } = on;

  describe('where the controller hangs just as it is asked', () => {
    /** The queue again, with a controller that freezes before one command, and thaws after its asker has given up. */
    async function hanging(isIt: (argv: readonly string[]) => boolean) {
      let hasFrozen = false;
      const again = on.open({
        run: async (request) => {
          if (!isIt(request.argv) || hasFrozen) return runHere(request);
          hasFrozen = true;
          on.slurm.controller.freeze();
          const result = await runHere(request);
          on.slurm.controller.thaw();
          return result;
        },
      });
      await again.start(() => {});
      return again;
    }

    it('finds what it submitted by its token, and submits it once', async () => {
      const again = await hanging(([program, way]) => program === 'sbatch' && way === '--parsable');
      const result = await again.launch(
        { argv: ['sleep', '600'], cwd: on.project, assignments: {} },
        () => {},
      );
      expect(result).toMatchObject({ done: true, job: { jobId: expect.stringMatching(/^\d+$/) } });
      const { out } = await run('squeue', '-h', '-t', 'PD,R', '-O', 'WCKey:|,JobID:|');
      const ours = out.split('\n').filter((line) => line.startsWith('xaxbot-'));
      expect(ours.map((line) => line.split('|')[1])).toEqual(result.done ? [result.job.jobId] : []);
      const job = await reaches(ours[0]!.split('|')[1]!, 'running');
      expect(await on.queue.kill(job, { graceMs: 0 })).toMatchObject({ done: true });
      await again.stop();
    });

    it('looks what became of a cancel whose answer did not come', async () => {
      const id = await on.slurm.submit('sleep 600', ['--begin=now+1hour']);
      const again = await hanging(([program]) => program === 'scancel');
      const result = await again.cancel(again.snapshot()!.jobs.get(id)!);
      // With its guards scancel reads first, which fails; without them it would be taken when the controller goes on.
      const isDone = (await on.slurm.job(id))?.JobState === 'CANCELLED';
      expect(result).toEqual(
        isDone
          ? { done: true }
          : {
              done: false,
              isUnknown: true,
              reason: expect.stringMatching(/may be cancelled or not.*(timed out|not answered)/),
            },
      );
      expect(await on.queue.cancel(now(id)!)).toMatchObject({ done: !isDone });
      await again.stop();
    });

    it('says of moves and a hold that nobody knows, and of none of them that nothing was changed', async () => {
      const whole = await on.slurm.submit('sleep 600', WHOLE);
      await reaches(whole, 'running');
      const ids: string[] = [];
      for (const _ of [1, 2, 3]) ids.push(await on.slurm.submit('sleep 600'));
      const others: string[] = [];
      for (const _ of [1, 2])
        others.push(await on.slurm.submit('true', ['--output=/dev/null'], { uid: NOBODY }));
      const all = Promise.withResolvers<void>();
      let left = 3;
      const opened: SlurmQueue[] = [];
      /** A queue whose change meets a frozen controller, once all three are there. */
      async function frozenAt(verb: string, as: readonly string[] = []) {
        const queue = on.open({
          run: async (request) => {
            if (request.argv[1] === verb) {
              left -= 1;
              if (left === 0) {
                on.slurm.controller.freeze();
                all.resolve();
              }
              await all.promise;
            }
            return runHere({ ...request, argv: [...as, ...request.argv] });
          },
        });
        await queue.start(() => {});
        opened.push(queue);
        const { order, jobs } = queue.snapshot()!;
        return { queue, first: jobs.get(order[0]!)!, last: jobs.get(order.at(-1)!)!, places: order.length };
      }
      const forward = await frozenAt('top');
      const held = await frozenAt('uhold');
      const back = await frozenAt('update', AS_NOBODY);
      const results = await Promise.all([
        forward.queue.move(forward.last, 1),
        held.queue.steer(held.first, 'hold'),
        back.queue.move(back.first, back.places),
      ]);
      on.slurm.controller.thaw();
      for (const result of results)
        expect(result).toEqual({
          done: false,
          isUnknown: true,
          reason: expect.stringMatching(/^may be (moved|changed) or not/),
        });
      await until('the hold is seen', () =>
        /^JobHeldUser/.test(now(held.first.jobId)?.scheduler?.reason ?? ''),
      );
      await until('the move is seen', () => on.queue.snapshot()!.order[0] === forward.last.jobId);
      await eventually(
        'the nice value is seen',
        async () => /^[1-9]/.test((await on.slurm.job(back.first.jobId))?.Nice ?? ''),
        PATIENCE_MS,
      );
      for (const queue of opened) await queue.stop();
      await run('scancel', whole, ...ids, ...others);
    });
  });

  describe('a kill whose answer does not come', () => {
    /** The queue again, to which scancel is late, whether it was carried out or not. */
    async function killedLate(job: Job, isCarriedOut: boolean) {
      const again = on.open({
        run: async (request) => {
          if (request.argv[0] !== 'scancel') return runHere(request);
          const result = isCarriedOut
            ? await runHere(request)
            : await runHere({ ...request, argv: ['true'] });
          return { ...result, exitCode: 1, stderr: 'Unable to contact slurm controller (connect failure)' };
        },
      });
      await again.start(() => {});
      const written: string[] = [];
      const sent: string[] = [];
      const result = await again.kill(job, {
        graceMs: 0,
        beforeSignal: (signal) => {
          written.push(signal);
          return () => void written.pop();
        },
        onSignal: (signal) => sent.push(signal),
      });
      await again.stop();
      return { result, written, sent };
    }

    it('tells of no signal until Slurm shows that the job is ending', async () => {
      const id = await on.slurm.submit("trap '' TERM; while :; do sleep 1; done");
      const { result, written, sent } = await killedLate(await reaches(id, 'running'), true);
      expect(result).toMatchObject({ done: true, endedBy: 'SIGKILL' });
      expect({ written, sent }).toEqual({ written: ['SIGTERM', 'SIGKILL'], sent: ['SIGTERM', 'SIGKILL'] });
    });

    it('says that nobody knows where Slurm shows nothing', async () => {
      const id = await on.slurm.submit('sleep 600');
      const { result, written, sent } = await killedLate(await reaches(id, 'running'), false);
      expect(result).toEqual({
        done: false,
        isUnknown: true,
        reason: expect.stringMatching(/^may be killed or not.*Unable to contact/),
      });
      expect({ written, sent }).toEqual({ written: ['SIGTERM'], sent: [] });
      expect(await on.queue.kill(now(id)!, { graceMs: 0 })).toMatchObject({ done: true });
    });
  });

  it('says of a controller that is away that it is away, and of no job that it ended', async () => {
    const id = await on.slurm.submit('sleep 600');
    await reaches(id, 'running');
    const before = told.length;
    await on.slurm.controller.stop();
    await until('health says so', () => !on.queue.health().ok);
    expect(on.queue.health()).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/contact slurm controller/),
    });
    expect(now(id)?.status).toBe('running');
    const refused = await on.queue.kill(now(id)!, { graceMs: 0 });
    expect(refused).toMatchObject({ done: false, reason: expect.stringMatching(/left alone/) });
    await on.slurm.controller.start();
    await until('it is read again', () => on.queue.health().ok);
    expect(told.slice(before).filter(({ status }) => isEnded(status))).toEqual([]);
    expect(await on.queue.kill(now(id)!, { graceMs: 0 })).toMatchObject({ done: true });
  });

  it('tells of a state that was lost as that, once, and acts on no id that another job has now', async () => {
    const [running, waiting] = [
      await on.slurm.submit('sleep 600'),
      await on.slurm.submit('sleep 1', ['--begin=now+1hour']),
    ];
    const before = await reaches(running, 'running');
    await reaches(waiting, 'queued');
    const ends = told.length;
    await on.slurm.controller.loseState();
    await until('both are told as gone', () =>
      [running, waiting].every((id) => removed.some(({ jobId }) => jobId === id)),
    );
    expect(told.slice(ends).filter(({ jobId }) => [running, waiting].includes(jobId))).toEqual([]);
    const ids: string[] = [];
    while (!ids.includes(running)) ids.push(await on.slurm.submit('sleep 600', ['--begin=now+1hour']));
    await until('the new ones are told', () => now(running)?.status === 'queued');
    expect(await on.queue.cancel(before)).toMatchObject({
      done: false,
      reason: expect.stringContaining('no longer in the queue'),
    });
    expect((await on.slurm.job(running))?.JobState).toBe('PENDING');
    await run('scancel', '-u', 'root');
  });
});
