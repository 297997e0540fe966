import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { isEnded, type Job, jobKeyText } from '../../../src/core/job.ts';
import type { SnapshotChange } from '../../../src/core/queue.ts';
import { run as runHere } from '../../../src/processes/run.ts';
import { createSlurmQueue, type SlurmQueue } from '../../../src/queue/slurm/index.ts';
import { eventually } from '../../helpers.ts';
import { quietLog } from '../../recorded.ts';
import { type Slurm, startSlurm, whyNoSlurm } from '../../servers/slurm/index.ts';

const reason = whyNoSlurm();
if (reason) test.skip(`no queue of a real Slurm: ${reason}`, () => {});

const NOBODY = 65_534;
const PATIENCE_MS = 60_000;

describe.skipIf(reason !== null)('a queue of a real Slurm', { timeout: 2 * PATIENCE_MS }, () => {
  let slurm: Slurm;
  let queue: SlurmQueue;
  let project: string;
  const told: Job[] = [];
  const removed: Job[] = [];

  const open = (users?: string[]) => createSlurmQueue(optionsOf(users));
  const optionsOf = (users?: string[]) => ({
    ...{ name: 'cluster', users, runs: 'slurm-runs', env: slurm.environment },
    clock: Date.now,
    log: quietLog,
    timings: { busyMs: 300, idleMs: 300, leastMs: 300, seenMs: 200, seenWithinMs: 8_000, doubtLookMs: 500 },
  });
  const hear = (change: SnapshotChange) => {
    told.push(...change.changed);
    removed.push(...change.removed);
  };
  const now = (jobId: string) => queue.snapshot()?.jobs.get(jobId);
  const until = (what: string, isSo: () => unknown) => eventually(what, async () => isSo(), PATIENCE_MS);
  const reaches = async (jobId: string, status: string): Promise<Job> => {
    await until(`${jobId} is ${status}`, () => now(jobId)?.status === status);
    return now(jobId)!;
  };
  const run = (...argv: string[]) => slurm.run(argv);
  const launch = (more: object, argv = ['sh', '-c', 'sleep 600']) =>
    queue.launch({ argv, cwd: project, assignments: {}, ...more }, () => {});

  beforeAll(async () => {
    slurm = await startSlurm({ rememberSeconds: 8, nodeTimeoutSeconds: 5, killWaitSeconds: 2 });
    project = mkdtempSync(join(slurm.jobs, 'project-'));
    queue = open();
    await queue.start(hear);
  }, PATIENCE_MS);
  afterAll(async () => {
    await queue?.stop();
    await slurm?.stop();
  }, PATIENCE_MS);

  it('tells of an array as one job, with counts, and its tasks by their numbers', async () => {
    const id = await slurm.submit('[ $SLURM_ARRAY_TASK_ID = 2 ] && exit 7; sleep 2', ['--array=0-5%3']);
    const ended = await reaches(id, 'failed');
    expect(ended.tasks).toMatchObject({ total: 6, completed: 5, failed: 1, which: { failed: '2' } });
    expect(ended.error).toBe('1 of 6 tasks failed (2); the first: Exited with return code 7');
    expect(
      new Set(told.filter(({ enqueuedAt }) => enqueuedAt === ended.enqueuedAt).map(({ jobId }) => jobId)),
    ).toEqual(new Set([id]));
  });

  it('cancels and kills one task by its number, and reads its log', async () => {
    const id = await slurm.submit('echo "task $SLURM_ARRAY_TASK_ID"; sleep 600', ['--array=0-9%2']);
    const job = await reaches(id, 'running');
    await until('two run', () => now(id)?.tasks?.running === 2);
    expect(await queue.cancel({ ...job, task: 7 })).toEqual({ done: true });
    expect(now(id)!.tasks).toMatchObject({
      total: 10,
      cancelled: 1,
      which: { cancelled: '7', waiting: '2-6,8-9' },
    });
    expect(await queue.cancel({ ...job, task: 7 })).toEqual({
      done: false,
      reason: 'is cancelled, not waiting',
    });
    expect(await queue.cancel({ ...job, task: 1 })).toMatchObject({
      done: false,
      reason: expect.stringContaining('is running'),
    });
    expect(await queue.cancel({ ...job, task: 70 })).toMatchObject({ done: false, reason: 'has no task 70' });
    expect((await queue.readJobLog({ ...now(id)!, task: 1 }, 'task', 5)).lines).toEqual(['task 1']);
    expect(await queue.kill({ ...job, task: 1 }, { graceMs: 0 })).toMatchObject({ done: true });
    expect(now(id)!.tasks?.which.cancelled).toBe('1,7');
    expect(now(id)!.status).toBe('running');
    expect(await queue.kill(job, { graceMs: 0 })).toMatchObject({ done: true });
    expect(now(id)!.status).toBe('cancelled');
  });

  it('knows the names of many jobs that come at once', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `many ${index}|\\n${index}`);
    const calls: string[] = [];
    const again = createSlurmQueue({
      ...optionsOf(),
      run: (request) => {
        calls.push(request.argv.slice(0, 3).join(' '));
        return runHere(request);
      },
    });
    for (const name of many) await slurm.submit('true', ['--begin=now+1hour', '-J', name]);
    await again.start(() => {});
    const all = [...again.snapshot()!.jobs.values()];
    const names = all.map(({ taskKey }) => taskKey);
    expect(names).toEqual(expect.arrayContaining(many.map((name) => name.replace('\n', ' '))));
    expect(calls.filter((call) => call.startsWith('squeue')).length).toBeLessThan(5);
    const named = all.find(({ taskKey }) => taskKey === many[7])!;
    expect(named.observerLogPath).toBe(join(slurm.jobs, `slurm-${named.jobId}.out`));
    await again.stop();
    await run('scancel', '-u', 'root', '-t', 'PENDING');
    await until('they are gone', () => queue.snapshot()!.order.length === 0);
  });

  it.each([
    'x UserId=nobody(1) GroupId=foo MCS_label=y',
    'line1\nJobId=1 JobName=evil UserId=root(0) GroupId=root(0) MCS_label=N/A WorkDir=/etc StdOut=/etc/passwd',
  ])('a job that is called %j is told of as it is, and cancelled and killed', async (name) => {
    const waiting = await slurm.submit('sleep 600', ['-J', name, '--begin=now+1hour']);
    const running = await slurm.submit('sleep 600', ['-J', name]);
    expect(await reaches(running, 'running')).toMatchObject({
      taskKey: expect.stringMatching(/^(x UserId=nobody|line1 JobId=1 JobName=evil)/),
      observerLogPath: join(slurm.jobs, `slurm-${running}.out`),
    });
    await reaches(waiting, 'queued');
    expect(await queue.cancel(now(waiting)!)).toEqual({ done: true });
    expect(await queue.kill(now(running)!, { graceMs: 0 })).toMatchObject({ done: true });
  });

  it('tells a time limit, a cancel and a requeue apart', async () => {
    const [requeued, cancelled] = [await slurm.submit('sleep 600'), await slurm.submit('sleep 600')];
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
    expect(await queue.cancel(now(requeued)!)).toEqual({ done: true });
  });

  it('holds, releases and puts back, and refuses what that makes no sense of', async () => {
    const waits = await slurm.submit('sleep 600', ['--nodes=2', '--cpus-per-task=2', '--begin=now+1hour']);
    const runs = await slurm.submit('sleep 600');
    const [waiting, running] = [await reaches(waits, 'queued'), await reaches(runs, 'running')];
    const steer = (job: Job, action: 'hold' | 'release' | 'requeue') => queue.steer(job, action);
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
    for (const id of [waits, runs]) expect(await queue.cancel(now(id)!)).toMatchObject({ done: true });
    // What has ended can be put back as long as Slurm remembers it.
    const done = await reaches(await slurm.submit('exit 3'), 'failed');
    await until('a second has passed', () => Date.now() / 1000 > done.enqueuedAt + 2);
    expect(await steer(done, 'requeue')).toEqual({ done: true });
    expect(now(done.jobId)).toMatchObject({ status: 'queued', restarts: 1 });
    expect(told.findLast((job) => jobKeyText(job) === jobKeyText(done))).toMatchObject({ status: 'failed' });
    await queue.cancel(now(done.jobId)!);
  });

  it('tells what is suspended, and releases what was put back as held', async () => {
    const [suspended, special, held] = [
      await slurm.submit('sleep 600'),
      await slurm.submit('sleep 600'),
      await slurm.submit('sleep 600'),
    ];
    for (const id of [suspended, special, held]) await reaches(id, 'running');
    await run('scontrol', 'suspend', suspended);
    await until('it is suspended', () => now(suspended)?.scheduler?.state === 'SUSPENDED');
    expect(now(suspended)).toMatchObject({ status: 'running' });
    expect(await queue.kill(now(suspended)!, { graceMs: 0 })).toMatchObject({ done: true });
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
      expect(await queue.steer(job, 'hold')).toEqual({ done: false, reason: 'is held already' });
      expect(await queue.steer(job, 'release')).toEqual({ done: true });
      expect(await queue.cancel(now(id)!)).toEqual({ done: true });
    }
  });

  it('tells what a deadline ended before it could begin', async () => {
    const whole = await slurm.submit('sleep 600', ['--nodes=2', '--cpus-per-task=2']);
    await reaches(whole, 'running');
    const id = await slurm.submit('true', ['--deadline=now+5seconds', '--time=0:02']);
    expect(await reaches(id, 'failed')).toMatchObject({
      scheduler: { state: 'DEADLINE' },
      startedAt: null,
      returnCode: null,
      error: 'Its deadline passed (DEADLINE)',
    });
    await run('scancel', whole);
  });

  it('refuses a folder whose name Slurm would read as a pattern', async () => {
    const odd = join(project, '50%j');
    mkdirSync(odd);
    const result = await launch({ cwd: odd });
    expect(result).toMatchObject({ done: false, reason: expect.stringMatching(/50%j.*for a pattern/) });
  });

  it('runs in a folder with any other sign in its name, with none of what the bot sets to read Slurm', async () => {
    const odd = join(project, "it's $HOME; -n");
    mkdirSync(odd);
    const result = await launch({ cwd: odd }, ['sh', '-c', 'env; pwd']);
    if (!result.done) throw new Error(result.reason);
    const ended = await reaches(result.job.jobId, 'completed');
    expect(ended.runDir).toBe(result.job.runDir);
    const { lines } = await queue.readJobLog(ended, 'task', 500);
    expect(lines).toContain(odd);
    expect(lines.filter((line) => /^(LC_ALL|SLURM_TIME_FORMAT|SLURM_BITSTR_LEN)=/.test(line))).toEqual([]);
  });

  it('moves a job back by a nice value for a user whom Slurm lets do no more, and no further forward', async () => {
    const as = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
    const plain = createSlurmQueue({
      ...optionsOf(),
      run: (request) => runHere({ ...request, argv: [...as, ...request.argv] }),
    });
    const ids: string[] = [];
    for (const _ of [1, 2, 3])
      ids.push(await slurm.submit('true', ['--hold', '--output=/dev/null'], { uid: NOBODY }));
    // Held jobs have no priority: what another, who has the whole cluster, keeps waiting has one.
    const whole = await slurm.submit('sleep 600', ['--nodes=2', '--cpus-per-task=2']);
    await reaches(whole, 'running');
    for (const id of ids) await slurm.run(['scontrol', 'release', id]);
    await plain.start(() => {});
    const order = () => plain.snapshot()!.order;
    const [first, ...others] = order();
    const job = (id: string) => plain.snapshot()!.jobs.get(id)!;
    expect(order().toSorted()).toEqual(ids.toSorted());
    expect(await plain.move(job(first!), 3)).toEqual({ done: true });
    expect(order()).toEqual([...others, first]);
    expect((await slurm.job(first!))?.Nice).toMatch(/^[1-9]\d*$/);
    expect(await plain.move(job(first!), 1)).toEqual({
      done: false,
      reason: expect.stringMatching(/could not be moved forward: .+/),
    });
    expect(order()).toEqual([...others, first]);
    await plain.stop();
    await run('scancel', whole, ...ids);
  });

  it("refuses another user's job in words, and leaves it alone", async () => {
    const others = open(['root', 'nobody']);
    const seen: Job[] = [];
    await others.start((change) => seen.push(...change.changed));
    const id = await slurm.submit('sleep 600', ['--output=/dev/null'], { uid: NOBODY });
    await until('it is told', () => seen.some(({ jobId, status }) => jobId === id && status === 'running'));
    const job = others.snapshot()!.jobs.get(id)!;
    expect(job.user).toBe('nobody');
    expect(await others.kill(job, { graceMs: 0 })).toEqual({
      done: false,
      reason: expect.stringMatching(/belongs to nobody/),
    });
    expect((await slurm.job(id))?.JobState).toBe('RUNNING');
    expect(now(id)).toBeUndefined();
    await others.stop();
    await run('scancel', id);
  });

  it('refuses in its words what could never run, and submits nothing', async () => {
    const refused = async (resources: object) => {
      const result = await launch({ resources });
      expect(result.done).toBe(false);
      return result.done ? '' : `${result.reason}: ${result.lastLines.join(' ')}`;
    };
    expect(await refused({ cpus: 64 })).toMatch(/never run it: .*not available/);
    expect(await refused({ memory: '999G' })).toMatch(
      /Memory specification can not be satisfied|not available/,
    );
    expect(await refused({ partition: 'nowhere' })).toMatch(/invalid partition specified: nowhere/);
    const { out } = await run('squeue', '-h', '-t', 'all', '-o', '%j %r');
    expect(out).not.toMatch(/sh .*(PartitionConfig|BadConstraints)/);
  });

  it('gives a run what its preset asks for, in a folder of its own, and keeps what it ended with', async () => {
    const result = await launch(
      { assignments: { lr: '0.1' }, resources: { gpus: '1', time: '5', array: '0-1' } },
      ['sh', '-c', 'echo "given $0"; [ "$SLURM_ARRAY_TASK_ID" = 0 ]'],
    );
    if (!result.done) throw new Error(result.reason);
    const ended = await reaches(result.job.jobId, 'failed');
    expect(ended).toMatchObject({
      runDir: result.job.runDir,
      tasks: { completed: 1, failed: 1, which: { failed: '1' } },
    });
    expect((await queue.readJobLog(ended, 'task', 9)).lines).toContain('given lr=0.1');
    expect((await queue.readJobLog(ended, 'task', 9)).path).toContain('xaxbot-1.log');
    const record = await queue.runFiles(ended).read('xaxbot-exit-1.0.json', 0, 999);
    expect(JSON.parse(record.toString())).toMatchObject({
      job: ended.jobId,
      task: '1',
      restarts: 0,
      code: 1,
    });
  });

  describe('where the controller hangs just as it is asked', () => {
    /** The queue again, with a controller that freezes before one command, and thaws after its asker has given up. */
    async function hanging(isIt: (argv: readonly string[]) => boolean) {
      let hasFrozen = false;
      const again = createSlurmQueue({
        ...optionsOf(undefined),
        run: async (request) => {
          if (!isIt(request.argv) || hasFrozen) return runHere(request);
          hasFrozen = true;
          slurm.controller.freeze();
          const result = await runHere(request);
          slurm.controller.thaw();
          return result;
        },
      });
      await again.start(() => {});
      return again;
    }

    it('finds what it submitted by its token, and submits it once', async () => {
      const again = await hanging(([program, way]) => program === 'sbatch' && way === '--parsable');
      const result = await again.launch({ argv: ['sleep', '600'], cwd: project, assignments: {} }, () => {});
      expect(result).toMatchObject({ done: true, job: { jobId: expect.stringMatching(/^\d+$/) } });
      const { out } = await run('squeue', '-h', '-t', 'PD,R', '-O', 'WCKey:|,JobID:|');
      const ours = out.split('\n').filter((line) => line.startsWith('xaxbot-'));
      expect(ours.map((line) => line.split('|')[1])).toEqual(result.done ? [result.job.jobId] : []);
      const job = await reaches(ours[0]!.split('|')[1]!, 'running');
      expect(await queue.kill(job, { graceMs: 0 })).toMatchObject({ done: true });
      await again.stop();
    });

    it('looks what became of a cancel whose answer did not come', async () => {
      const id = await slurm.submit('sleep 600', ['--begin=now+1hour']);
      const again = await hanging(([program]) => program === 'scancel');
      const result = await again.cancel(again.snapshot()!.jobs.get(id)!);
      // With its guards scancel reads first, which fails; without them it would be taken when the controller goes on.
      const isDone = (await slurm.job(id))?.JobState === 'CANCELLED';
      expect(result).toEqual(
        isDone
          ? { done: true }
          : {
              done: false,
              isUnknown: true,
              reason: expect.stringMatching(/may be cancelled or not.*(timed out|not answered)/),
            },
      );
      expect(await queue.cancel(now(id)!)).toMatchObject({ done: !isDone });
      await again.stop();
    });
  });

  describe('a kill whose answer does not come', () => {
    /** The queue again, to which scancel is late, whether it was carried out or not. */
    async function killedLate(job: Job, isCarriedOut: boolean) {
      const again = createSlurmQueue({
        ...optionsOf(undefined),
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
      const id = await slurm.submit("trap '' TERM; while :; do sleep 1; done");
      const { result, written, sent } = await killedLate(await reaches(id, 'running'), true);
      expect(result).toMatchObject({ done: true, endedBy: 'SIGKILL' });
      expect({ written, sent }).toEqual({ written: ['SIGTERM', 'SIGKILL'], sent: ['SIGTERM', 'SIGKILL'] });
    });

    it('says that nobody knows where Slurm shows nothing', async () => {
      const id = await slurm.submit('sleep 600');
      const { result, written, sent } = await killedLate(await reaches(id, 'running'), false);
      expect(result).toEqual({
        done: false,
        isUnknown: true,
        reason: expect.stringMatching(/^may be killed or not.*Unable to contact/),
      });
      expect({ written, sent }).toEqual({ written: ['SIGTERM'], sent: [] });
      expect(await queue.kill(now(id)!, { graceMs: 0 })).toMatchObject({ done: true });
    });
  });

  it('takes an ending that Slurm forgot from the record of the run, and else says that nobody knows', async () => {
    const recorded = await launch({}, ['sh', '-c', 'sleep 3; exit 5']);
    if (!recorded.done) throw new Error(recorded.reason);
    const plain = await slurm.submit('sleep 3; exit 5');
    await reaches(recorded.job.jobId, 'running');
    await reaches(plain, 'running');
    await queue.stop();
    const known = [...queue.snapshot()!.jobs.values()].filter(({ status }) => !isEnded(status));
    await eventually(
      'Slurm forgets them',
      async () =>
        (await slurm.job(plain)) === undefined && (await slurm.job(recorded.job.jobId)) === undefined,
      2 * PATIENCE_MS,
    );
    queue = open();
    await queue.start(hear, known);
    const isTold = (jobId: string) => told.findLast((job) => job.jobId === jobId && isEnded(job.status));
    await until('both are told', () => isTold(recorded.job.jobId) && isTold(plain));
    expect(isTold(recorded.job.jobId)).toMatchObject({ status: 'failed', returnCode: 5 });
    expect(isTold(plain)).toMatchObject({ status: 'ended', seen: { by: 'gone' } });
  });

  it('says of a controller that is away that it is away, and of no job that it ended', async () => {
    const id = await slurm.submit('sleep 600');
    await reaches(id, 'running');
    const before = told.length;
    await slurm.controller.stop();
    await until('health says so', () => !queue.health().ok);
    expect(queue.health()).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/contact slurm controller/),
    });
    expect(now(id)?.status).toBe('running');
    const refused = await queue.kill(now(id)!, { graceMs: 0 });
    expect(refused).toMatchObject({ done: false, reason: expect.stringMatching(/left alone/) });
    await slurm.controller.start();
    await until('it is read again', () => queue.health().ok);
    expect(told.slice(before).filter(({ status }) => isEnded(status))).toEqual([]);
    expect(await queue.kill(now(id)!, { graceMs: 0 })).toMatchObject({ done: true });
  });

  it('tells a node that died, and of a job that was put back why', async () => {
    const [ended, again] = [
      await slurm.submit('sleep 600', ['--no-requeue', '-w', 'node2']),
      await slurm.submit('sleep 600', ['--requeue', '-w', 'node2']),
    ];
    await reaches(ended, 'running');
    await reaches(again, 'running');
    await slurm.killNode('node2', 'withJobs');
    expect(await reaches(ended, 'failed')).toMatchObject({ scheduler: { state: 'NODE_FAIL' } });
    await until('its second life', () => now(again)?.restarts === 1);
    const past = told.findLast(({ jobId, seen }) => jobId === again && seen)!;
    expect(past.seen!.because).toContain('its node node2 failed');
    await slurm.startNode('node2');
    await run('scancel', again);
  });

  it('tells of a state that was lost as that, once, and acts on no id that another job has now', async () => {
    const [running, waiting] = [
      await slurm.submit('sleep 600'),
      await slurm.submit('sleep 1', ['--begin=now+1hour']),
    ];
    const before = await reaches(running, 'running');
    await reaches(waiting, 'queued');
    const ends = told.length;
    await slurm.controller.loseState();
    await until('both are told as gone', () =>
      [running, waiting].every((id) => removed.some(({ jobId }) => jobId === id)),
    );
    expect(told.slice(ends).filter(({ jobId }) => [running, waiting].includes(jobId))).toEqual([]);
    const ids: string[] = [];
    while (!ids.includes(running)) ids.push(await slurm.submit('sleep 600', ['--begin=now+1hour']));
    await until('the new ones are told', () => now(running)?.status === 'queued');
    expect(await queue.cancel(before)).toMatchObject({
      done: false,
      reason: expect.stringContaining('no longer in the queue'),
    });
    expect((await slurm.job(running))?.JobState).toBe('PENDING');
    await run('scancel', '-u', 'root');
  });
});
