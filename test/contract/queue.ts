import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isEnded, type Job, type JobKey, type JobStatus } from '../../src/core/job.ts';
import {
  type LaunchRequest,
  QUEUE_CAPABILITIES,
  type Queue,
  type QueueCapability,
  type SnapshotChange,
} from '../../src/core/queue.ts';
import { scalarOf } from '../../src/core/yaml-scalar.ts';
import { createRunConfig } from '../../src/metrics/run-config.ts';
import type { QueueKind } from '../../src/queue/kind.ts';

/** What a job of the harness does once it runs. */
export interface HarnessJob {
  /** How long it runs when nobody ends it. */
  seconds: number;
  fails?: boolean;
  ignoresSigterm?: boolean;
}

/** A queue with an active observer, and a way to put jobs into it from outside. */
export interface QueueHarness {
  queue: Queue;
  enqueue(job: HarnessJob): Promise<JobKey>;
  /** A request that the launcher takes, and one that it fails at; absent where nothing can be launched. */
  launches?: { good: LaunchRequest; failing: LaunchRequest; failure: RegExp };
  /** What its own word is for a job that was killed, where that is not that it failed. */
  killed?: JobStatus;
  /** It says itself whose a job is, whatever lies in its run folder. */
  tellsUser?: boolean;
  close(): Promise<void>;
}

/** How long anything may take that is waited for; real launches import for seconds. */
const PATIENCE_MS = 120_000;
/** Longer than any test runs. */
const LONG = 3_600;

/**
 * What every queue must keep to, whatever stands behind it. Each implementation's test calls this with its harness.
 */
export function describeQueueContract(
  name: string,
  kind: Pick<QueueKind, 'name' | 'capabilities'>,
  makeHarness: () => Promise<QueueHarness>,
): void {
  const describeWith = (capability: QueueCapability, title: string, tests: () => void) =>
    describe.skipIf(!kind.capabilities.includes(capability))(title, tests);

  describe(name, { timeout: PATIENCE_MS }, () => {
    let harness: QueueHarness;
    let queue: Queue;
    const changes: SnapshotChange[] = [];
    /** What the listener was told of each job, as it was told. */
    const told: Job[] = [];

    beforeAll(async () => {
      harness = await makeHarness();
      queue = harness.queue;
      await queue.start((change) => {
        changes.push(change);
        told.push(...change.changed);
      });
    }, PATIENCE_MS);
    afterAll(() => harness?.close(), PATIENCE_MS);
    afterEach(emptyQueue, PATIENCE_MS);

    const jobNow = ({ jobId }: { jobId: string }) => queue.snapshot()!.jobs.get(jobId)!;
    const order = () => [...queue.snapshot()!.order];
    const keyOf = ({ queue: inQueue, jobId, enqueuedAt }: JobKey): JobKey => ({
      queue: inQueue,
      jobId,
      enqueuedAt,
    });

    async function until(holds: () => unknown): Promise<void> {
      while (!holds()) await sleep(20);
    }

    function reaches(key: JobKey, status: JobStatus): Promise<void> {
      return until(() => jobNow(key)?.status === status);
    }

    async function enqueue(...jobs: HarnessJob[]): Promise<JobKey[]> {
      const keys: JobKey[] = [];
      for (const job of jobs) {
        const key = await harness.enqueue(job);
        await until(() => jobNow(key));
        keys.push(key);
      }
      return keys;
    }

    /** A job that runs, and others that wait behind it. */
    async function busy<N extends HarnessJob[]>(...waiting: N): Promise<JobKey[]> {
      const [running] = await enqueue({ seconds: LONG });
      await reaches(running!, 'running');
      return [running!, ...(await enqueue(...waiting))];
    }

    async function emptyQueue(): Promise<void> {
      for (const id of order()) await queue.cancel(jobNow({ jobId: id }));
      for (const id of queue.snapshot()!.running) await queue.kill(jobNow({ jobId: id }), { graceMs: 300 });
      await until(
        () =>
          order().length === 0 && [...queue.snapshot()!.jobs.values()].every((job) => isEnded(job.status)),
      );
    }

    test('it is of its kind, with the capabilities that the kind says and no other', () => {
      expect(queue.kind).toBe(kind.name);
      const has = QUEUE_CAPABILITIES.filter((capability) => queue[capability] !== undefined);
      expect(has.toSorted()).toEqual(kind.capabilities.toSorted());
    });

    describe('watching', () => {
      test('every state of a job is told with the times the queue gives', async () => {
        const [, waiting] = await enqueue({ seconds: 1 }, { seconds: 1 });
        await reaches(waiting!, 'completed');
        const states = told.filter(
          ({ jobId, enqueuedAt }) => jobId === waiting!.jobId && enqueuedAt === waiting!.enqueuedAt,
        );
        expect([...new Set(states.map(({ status }) => status))]).toEqual(['queued', 'running', 'completed']);
        const { enqueuedAt, startedAt, endedAt, returnCode, error } = states.at(-1)!;
        expect(startedAt).toBeGreaterThanOrEqual(enqueuedAt);
        expect(endedAt).toBeGreaterThanOrEqual(startedAt!);
        expect({ returnCode, error }).toEqual({ returnCode: 0, error: null });
      });

      test('a job that fails is told with its return code', async () => {
        const [key] = await enqueue({ seconds: 0.5, fails: true });
        await reaches(key!, 'failed');
        expect(jobNow(key!)).toMatchObject({ returnCode: 1, error: 'Exited with return code 1' });
      });

      test('the snapshot names what runs, what waits in order, and an active observer', async () => {
        const [running, first, second] = await busy({ seconds: 1 }, { seconds: 1 });
        if (queue.observer)
          await until(() => queue.snapshot()!.observer?.status === `running:${running!.jobId}`);
        const { queue: inQueue, running: ids, observer } = queue.snapshot()!;
        expect({ inQueue, ids, order: order() }).toEqual({
          inQueue: queue.name,
          ids: [running!.jobId],
          order: [first!.jobId, second!.jobId],
        });
        if (queue.observer) expect(observer).toMatchObject({ active: true });
        // One that cannot be steered from here may still be told of.
        else if (observer) expect(observer).toMatchObject({ active: true });
        expect(queue.health()).toMatchObject({ ok: true });
      });

      test('reading anew tells nothing that was told before', async () => {
        await busy();
        await queue.refresh();
        const before = told.filter(({ status }) => status === 'completed').length;
        await queue.refresh();
        expect(told.filter(({ status }) => status === 'completed')).toHaveLength(before);
      });
    });

    describeWith('move', 'moving', () => {
      test('puts exactly the named job at its place, in one step, and tells of the new order', async () => {
        const [, a, b, c] = await busy({ seconds: 1 }, { seconds: 1 }, { seconds: 1 });
        const before = changes.length;
        expect(await queue.move!(c!, 1)).toEqual({ done: true });
        await until(() => order()[0] === c!.jobId);
        expect(order()).toEqual([c!.jobId, a!.jobId, b!.jobId]);
        expect(changes.slice(before).some(({ orderChanged }) => orderChanged)).toBe(true);
      });

      test.each([0, -1, 1.5, 3])('to place %d of 2 is refused, not clamped', async (place) => {
        const [, a, b] = await busy({ seconds: 1 }, { seconds: 1 });
        const result = await queue.move!(a!, place);
        expect(result).toEqual({ done: false, reason: expect.stringContaining(`position ${place}`) });
        await queue.refresh();
        expect(order()).toEqual([a!.jobId, b!.jobId]);
      });

      test('a running job is refused', async () => {
        const [running] = await busy({ seconds: 1 });
        expect(await queue.move!(running!, 1)).toEqual({
          done: false,
          reason: expect.stringMatching(/is (already )?running/),
        });
      });

      test('a job of the same id and another enqueue time is refused', async () => {
        const [, a, b] = await busy({ seconds: 1 }, { seconds: 1 });
        expect((await queue.move!({ ...b!, enqueuedAt: b!.enqueuedAt - 60 }, 1)).done).toBe(false);
        await queue.refresh();
        expect(order()).toEqual([a!.jobId, b!.jobId]);
      });
    });

    describe('cancelling', () => {
      test('ends exactly the named job, in one step', async () => {
        const [, a, b] = await busy({ seconds: 1 }, { seconds: 1 });
        expect(await queue.cancel(a!)).toEqual({ done: true });
        await reaches(a!, 'cancelled');
        expect(jobNow(a!)).toMatchObject({
          error: 'Cancelled before execution',
          startedAt: null,
          endedAt: expect.any(Number),
        });
        expect(order()).toEqual([b!.jobId]);
      });

      test('an ended job is refused and its history stays as it was', async () => {
        const [failed] = await enqueue({ seconds: 0.2, fails: true });
        await reaches(failed!, 'failed');
        const before = { ...jobNow(failed!) };
        expect(await queue.cancel(failed!)).toEqual({
          done: false,
          reason: expect.stringContaining('is failed'),
        });
        await queue.refresh();
        expect(jobNow(failed!)).toEqual(before);
      });

      test('a running job is refused and runs on', async () => {
        const [running] = await busy();
        expect(await queue.cancel(running!)).toEqual({
          done: false,
          reason: expect.stringMatching(/is (already )?running/),
        });
        await queue.refresh();
        expect(jobNow(running!).status).toBe('running');
      });

      test('a job of the same id and another enqueue time is refused', async () => {
        const [, a] = await busy({ seconds: 1 });
        const other = { ...keyOf(a!), enqueuedAt: a!.enqueuedAt + 0.001 };
        expect(await queue.cancel(other)).toEqual({
          done: false,
          reason: expect.stringContaining('no longer in the queue'),
        });
        await queue.refresh();
        expect(jobNow(a!).status).toBe('queued');
      });
    });

    describe('killing', () => {
      test('a job that heeds SIGTERM gets no more than that', async () => {
        const [running, next] = await busy({ seconds: LONG });
        const signals: string[] = [];
        const result = await queue.kill(running!, {
          graceMs: 30_000,
          onSignal: (signal) => signals.push(signal),
        });
        expect({ result, signals }).toMatchObject({
          result: { done: true, endedBy: 'SIGTERM' },
          signals: ['SIGTERM'],
        });
        await reaches(running!, harness.killed ?? 'failed');
        expect(jobNow(running!).error).toBe('Terminated by signal 15');
        await reaches(next!, 'running');
      });

      test('a job that ignores SIGTERM gets SIGKILL after the grace period', async () => {
        const [key] = await enqueue({ seconds: LONG, ignoresSigterm: true });
        await reaches(key!, 'running');
        await sleep(1_000);
        const signals: string[] = [];
        const result = await queue.kill(key!, { graceMs: 500, onSignal: (signal) => signals.push(signal) });
        expect({ result, signals }).toMatchObject({
          result: { done: true, endedBy: 'SIGKILL' },
          signals: ['SIGTERM', 'SIGKILL'],
        });
        await reaches(key!, harness.killed ?? 'failed');
        expect(jobNow(key!).error).toBe('Terminated by signal 9');
      });

      test('a waiting job is refused', async () => {
        const [, waiting] = await busy({ seconds: 1 });
        expect(await queue.kill(waiting!, { graceMs: 100 })).toEqual({
          done: false,
          reason: expect.stringContaining('is waiting'),
        });
      });

      test('a job that has ended is refused, and the one that took its place runs on', async () => {
        const [ended, next] = await enqueue({ seconds: 0.5 }, { seconds: LONG });
        await reaches(next!, 'running');
        const signals: string[] = [];
        const result = await queue.kill(ended!, { graceMs: 100, onSignal: (signal) => signals.push(signal) });
        expect({ result, signals }).toEqual({
          result: { done: false, reason: expect.stringContaining('has ended') },
          signals: [],
        });
        await queue.refresh();
        expect(jobNow(next!).status).toBe('running');
      });

      test('a job of the same id and another enqueue time is refused', async () => {
        const [running] = await busy();
        const result = await queue.kill(
          { ...running!, enqueuedAt: running!.enqueuedAt - 1 },
          { graceMs: 100 },
        );
        expect(result).toEqual({ done: false, reason: expect.stringContaining('no longer in the queue') });
        await queue.refresh();
        expect(jobNow(running!).status).toBe('running');
      });

      test('a job that ends within the grace period leaves the next one alone', async () => {
        const [first, next] = await enqueue({ seconds: 3, ignoresSigterm: true }, { seconds: LONG });
        await reaches(first!, 'running');
        await sleep(1_000);
        const signals: string[] = [];
        const result = await queue.kill(first!, {
          graceMs: 60_000,
          onSignal: (signal) => signals.push(signal),
        });
        expect({ result, signals }).toMatchObject({
          result: { done: true, endedBy: 'SIGTERM' },
          signals: ['SIGTERM'],
        });
        await reaches(next!, 'running');
        await sleep(500);
        expect(jobNow(next!).status).toBe('running');
      });
    });

    describeWith('launch', 'launching', () => {
      test('queues a job at its place and says which one it is', async () => {
        const [, waiting] = await busy({ seconds: 1 });
        const lines: string[] = [];
        const result = await queue.launch!({ ...harness.launches!.good, position: 1 }, (line) =>
          lines.push(line),
        );
        expect(result, lines.join('\n')).toMatchObject({ done: true });
        const { job } = result as Extract<typeof result, { done: true }>;
        await until(() => jobNow(job));
        expect(jobNow(job)).toMatchObject({
          status: 'queued',
          enqueuedAt: job.enqueuedAt,
          runDir: job.runDir,
        });
        expect(order()).toEqual([job.jobId, waiting!.jobId]);
        expect(lines.at(-1)).toContain(`Queued ${job.jobId}`);
        expect(lines.join('')).not.toContain('\u001b');
      });

      test("a text stands in the run's settings as it was given", async () => {
        await busy();
        const typed = `off #1.10: 'a' "b" {c}, é 🕒`;
        const { good } = harness.launches!;
        const assignments = { ...good.assignments, 'wandb.notes': scalarOf(typed) };
        const result = await queue.launch!({ ...good, assignments }, () => {});
        expect(result).toMatchObject({ done: true });
        const { job } = result as Extract<typeof result, { done: true }>;
        await until(() => jobNow(job));
        const { settings } = await createRunConfig(queue.runFiles(jobNow(job))).read();
        expect(settings['wandb.notes']).toBe(typed);
      });

      test('what the launcher fails at is told with its last lines, and nothing is queued', async () => {
        await busy();
        const result = await queue.launch!(harness.launches!.failing, () => {});
        expect(result).toMatchObject({ done: false, reason: expect.stringContaining('launcher failed') });
        const { lastLines } = result as Extract<typeof result, { done: false }>;
        expect(lastLines.join('\n')).toMatch(harness.launches!.failure);
        expect(lastLines.length).toBeLessThanOrEqual(15);
        await queue.refresh();
        expect(order()).toEqual([]);
      });

      test.each([
        [`\${oc.env:SLACK_BOT_TOKEN}`, 'learning_rate'],
        ['0.1\nlauncher=single', 'learning_rate'],
        ['0.1\0', 'learning_rate'],
        ['single', 'launcher'],
        ['1', 'queue_position'],
        ['/etc', 'run_dir'],
        ['/etc', 'runs_dir'],
        ['x'.repeat(300), 'note'],
        ['1', '--queue-position'],
        ['1', 'a b'],
      ])('the value %j of %s never reaches the launcher', async (value, key) => {
        const lines: string[] = [];
        const launch = queue.launch!({ ...harness.launches!.good, assignments: { [key]: value } }, (line) =>
          lines.push(line),
        );
        await expect(launch).rejects.toMatchObject({ code: 'bad-assignment' });
        expect(lines).toEqual([]);
      });
    });

    describe("a run's files", () => {
      test('its log comes as plain text, the last lines of it', async () => {
        const [key] = await enqueue({ seconds: 0.5 });
        await reaches(key!, 'completed');
        const whole = await queue.readJobLog(jobNow(key!), 'observer', 1_000);
        expect(whole.lines.join('\n')).toContain(`starting ${key!.jobId}`);
        expect(whole.lines.join('\n')).not.toMatch(/[\u001b\r\u2500-\u257f]/);
        expect(whole.truncated).toBe(false);
        const last = await queue.readJobLog(jobNow(key!), 'observer', 1);
        expect(last).toMatchObject({ lines: [whole.lines.at(-1)], truncated: true });
      });

      test('a job that has not started has no log yet', async () => {
        const [, waiting] = await busy({ seconds: 1 });
        await expect(queue.readJobLog(jobNow(waiting!), 'observer', 10)).rejects.toMatchObject({
          code: 'no-log',
        });
      });

      test('files below its folder can be listed and read in pieces', async () => {
        const [key] = await enqueue({ seconds: 0.2 });
        await reaches(key!, 'completed');
        const { runDir } = jobNow(key!);
        mkdirSync(join(runDir, 'extra'), { recursive: true });
        writeFileSync(join(runDir, 'extra', 'notes.txt'), '0123456789');
        const files = queue.runFiles(jobNow(key!));
        expect(await files.list('extra')).toEqual(['notes.txt']);
        expect(await files.stat('extra/notes.txt')).toMatchObject({ size: 10 });
        expect((await files.read('extra/notes.txt', 3, 6)).toString()).toBe('345');
        expect((await files.read('extra/notes.txt', 8, 99)).toString()).toBe('89');
        const parts = await files.readParts('extra/notes.txt', [
          [7, 9],
          [0, 2],
          [9, 20],
        ]);
        expect(parts.map(String)).toEqual(['78', '01', '9']);
        expect(await files.stat('extra/nothing')).toBeNull();
        expect(await files.list('nothing')).toEqual([]);
      });

      test('nothing outside its folder is read, by name or by symlink', async () => {
        const [key] = await enqueue({ seconds: 0.2 });
        await reaches(key!, 'completed');
        const { runDir } = jobNow(key!);
        symlinkSync('/etc/passwd', join(runDir, 'innocent.txt'));
        symlinkSync('/etc', join(runDir, 'folder'));
        const files = queue.runFiles(jobNow(key!));
        for (const path of [
          'innocent.txt',
          'folder/passwd',
          '../../../../../../../etc/passwd',
          '/etc/passwd',
        ]) {
          await expect(files.read(path, 0, 10), path).rejects.toMatchObject({ code: 'run-file' });
          await expect(files.readParts(path, [[0, 10]]), path).rejects.toMatchObject({ code: 'run-file' });
          await expect(files.stat(path), path).rejects.toMatchObject({ code: 'run-file' });
        }
        await expect(files.list('folder')).rejects.toMatchObject({ code: 'run-file' });
        await expect(
          queue.readJobLog({ ...jobNow(key!), observerLogPath: '/etc/passwd' }, 'observer', 5),
        ).rejects.toMatchObject({ code: 'run-file' });
      });

      test('the owner is whoever owns the run folder; nobody when there is none', async () => {
        const [key] = await enqueue({ seconds: 0.2 });
        await reaches(key!, 'completed');
        expect(await queue.ownerOf(jobNow(key!))).toBe(userInfo().username);
        const nobody = harness.tellsUser ? userInfo().username : null;
        expect(await queue.ownerOf({ ...jobNow(key!), runDir: '/no/such/run' })).toBe(nobody);
      });
    });

    describeWith('observer', 'the observer', () => {
      const isActive = () => queue.snapshot()!.observer?.active === true;

      afterEach(async () => {
        await queue.refresh();
        if (!isActive()) await queue.observer!.control({ action: 'start', mayEnd: [] });
        await until(isActive);
      }, PATIENCE_MS);

      test('stopped, the job that runs ends as an interruption, what waits stays; started, it goes on', async () => {
        const [running, waiting] = await busy({ seconds: 0.2 });
        expect(await queue.observer!.control({ action: 'stop', mayEnd: [running!] })).toEqual({ done: true });
        await queue.refresh();
        expect(isActive()).toBe(false);
        expect(await queue.gpus!.reservations()).toEqual([]);
        expect(jobNow(running!)).toMatchObject({
          status: 'failed',
          returnCode: -1,
          error: expect.stringMatching(/^(Recovered stale running|Queue stopped while job was running)/),
        });
        expect(jobNow(waiting!).status).toBe('queued');
        expect(await queue.observer!.control({ action: 'start', mayEnd: [] })).toEqual({ done: true });
        await reaches(waiting!, 'completed');
        expect(isActive()).toBe(true);
      });

      test.each(['stop', 'restart'] as const)(
        'a %s that would end another job is refused',
        async (action) => {
          const [ended, next] = await enqueue({ seconds: 0.2 }, { seconds: LONG });
          await reaches(next!, 'running');
          const { startedAt } = queue.snapshot()!.observer!;
          for (const mayEnd of [[], [ended!], [{ ...next!, enqueuedAt: next!.enqueuedAt - 1 }]]) {
            expect(await queue.observer!.control({ action, mayEnd })).toEqual({
              done: false,
              reason: expect.stringContaining(`${next!.jobId} is running now`),
            });
          }
          await queue.refresh();
          expect(jobNow(next!).status).toBe('running');
          expect(queue.snapshot()!.observer!.startedAt).toBe(startedAt);
        },
      );

      test('started when it is already active, it is left as it is', async () => {
        const { startedAt } = queue.snapshot()!.observer!;
        expect(
          await queue.observer!.control({
            action: 'start',
            mayEnd: [],
            gpus: { kind: 'listed', indices: [0] },
          }),
        ).toEqual({ done: false, reason: expect.stringMatching(/already active|active already/) });
        await queue.refresh();
        expect(queue.snapshot()!.observer).toMatchObject({ active: true, startedAt });
        expect(await queue.gpus!.reservations()).toMatchObject([{ kind: 'all' }]);
      });

      test('keeps the GPUs it was given through a restart, until it is given others', async () => {
        const restart = async (more = {}) => {
          const before = queue.snapshot()!.observer!;
          expect(await queue.observer!.control({ action: 'restart', mayEnd: [], ...more })).toEqual({
            done: true,
          });
          await until(() => isActive() && queue.snapshot()!.observer!.startedAt > before.startedAt);
        };
        await restart({ gpus: { kind: 'listed', indices: [2, 0] } });
        expect(await queue.gpus!.reservations()).toMatchObject([{ kind: 'listed', indices: [2, 0] }]);
        await restart();
        expect(await queue.gpus!.reservations()).toMatchObject([{ kind: 'listed', indices: [2, 0] }]);
        await queue.observer!.control({ action: 'stop', mayEnd: [] });
        await queue.observer!.control({ action: 'start', mayEnd: [] });
        expect(await queue.gpus!.reservations()).toMatchObject([{ kind: 'all' }]);
      });

      test('a process of a running job is its own; ours is not', async () => {
        expect(queue.ownsProcess(process.ppid)).toBe(false);
        const [running] = await busy();
        if (queue.simulated) return;
        await until(() => jobNow(running!).pid !== null);
        expect(queue.ownsProcess(jobNow(running!).pid!)).toBe(true);
        expect(queue.ownsProcess(process.pid)).toBe(false);
      });
    });
  });
}
