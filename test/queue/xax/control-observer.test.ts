import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObserverAction } from '../../../src/core/queue.ts';
import { type CONTROL_TIMINGS, controlObserver } from '../../../src/queue/xax/control-observer.ts';
import { createLocalSource } from '../../../src/queue/xax/local-source.ts';
import { createQueueView } from '../../../src/queue/xax/view.ts';
import { temporaryFolder } from '../../helpers.ts';
import { writeProgram } from '../../programs.ts';
import { quietLog } from '../../recorded.ts';
import { rawJob, rawState, stateText, writeStateFile } from './helpers.ts';

describe('the xax command that controls the observer', () => {
  let folder: string;
  let bin: string;
  let home: string;

  beforeEach(() => {
    folder = temporaryFolder();
    bin = join(folder, 'bin');
    home = join(folder, 'xax');
    mkdirSync(home);
    writeProgram(bin, 'systemctl', 'exit 1');
    writeProgram(bin, 'xax', `echo "$*" >> ${join(folder, 'said')}`);
  });

  const said = () => readFileSync(join(folder, 'said'), 'utf8').trim().split('\n');
  const control = (action: ObserverAction, more = {}, timings: Partial<typeof CONTROL_TIMINGS> = {}) =>
    controlObserver(
      { action, mayEnd: [], ...more },
      {
        home,
        env: { PATH: `${bin}:/usr/bin:/bin` },
        pythons: [],
        distrust: undefined,
        xaxCommand: [join(bin, 'xax')],
        readNow: createQueueView({
          name: 'host',
          source: createLocalSource({ name: 'host', home }).source,
          clock: Date.now,
          log: quietLog,
        }).readNow,
        timings,
      },
    );

  it('is told which GPUs to keep, and at a restart those that it kept', async () => {
    await control('start', { gpus: { kind: 'listed', indices: [0, 2] } });
    await control('restart', { gpus: { kind: 'first', count: 3 } });
    await control('restart');
    writeProgram(bin, 'systemctl', 'echo Environment=XAX_QUEUE_GPUS=5');
    await control('restart');
    await control('start');
    await control('stop');
    expect(said()).toEqual([
      'queue start --queue-gpus 0,2',
      'queue restart --queue-num-gpus 3',
      'queue restart',
      'queue restart --queue-gpus 5',
      'queue start',
      'queue stop',
    ]);
  });

  it('says with its last line why it failed', async () => {
    writeProgram(
      bin,
      'xax',
      `echo "[queue] STATUS Wrote service unit"; printf '\\033[31m[queue] ERROR Command failed: systemctl start failed\\033[0m\\n\\n' >&2; exit 1`,
    );
    expect(await control('start')).toEqual({
      done: false,
      reason: '[queue] ERROR Command failed: systemctl start failed',
    });
    writeProgram(bin, 'xax', 'exit 2');
    expect(await control('start')).toEqual({ done: false, reason: expect.stringContaining('exit code 2') });
  });

  it('is ended when it takes too long, and that is said', async () => {
    writeProgram(bin, 'xax', 'sleep 600');
    expect(await control('stop', {}, { timeoutMs: 300 })).toEqual({
      done: false,
      reason: expect.stringContaining('longer than 0.3 s'),
    });
  });

  it('is not run for a queue that the user’s service does not serve', async () => {
    writeProgram(bin, 'systemctl', 'echo Environment=XAX_HOME=/srv/other');
    for (const action of ['start', 'stop', 'restart'] as const) {
      const reason = expect.stringContaining('serves another queue, /srv/other');
      expect(await control(action)).toEqual({ done: false, reason });
    }
    expect(said).toThrow();
  });

  it.each(['start', 'stop', 'restart'] as const)(
    'is not run to %s while a job runs that was not named, not even one that an earlier observer left',
    async (action) => {
      const [id, job] = rawJob(7, { status: 'running', started_at: 1_795_446_100 });
      writeStateFile(home, stateText(rawState([[id, job]], { running_job_id: id })));
      const reason = expect.stringContaining(`${id} is running now`);
      expect(await control(action)).toEqual({ done: false, reason });
      expect(said).toThrow();
      const mayEnd = [{ queue: 'host', jobId: id, enqueuedAt: job.enqueued_at as number }];
      expect(await control(action, { mayEnd })).toEqual({ done: true });
    },
  );

  describe('an observer that is active', () => {
    const children: ChildProcess[] = [];
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    /** A process that reports as the observer does. */
    async function observer(): Promise<number> {
      const child = spawn('sleep', ['600'], { stdio: 'ignore' });
      children.push(child);
      await once(child, 'spawn');
      const now = Date.now() / 1000;
      const told = { pid: child.pid, hostname: 'g1', started_at: now, updated_at: now, status: 'idle' };
      writeFileSync(join(home, 'queue_observer.json'), JSON.stringify(told));
      return child.pid!;
    }
    const mainPid = (pid: number) => writeProgram(bin, 'systemctl', `echo MainPID=${pid}`);

    it.each(['stop', 'restart'] as const)(
      'by hand is not touched by a %s, which names it and who started it',
      async (action) => {
        const pid = await observer();
        mainPid(0);
        expect(await control(action)).toEqual({
          done: false,
          reason: expect.stringMatching(
            new RegExp(
              `pid ${pid}, started by .+, pid ${process.pid}.* does not belong to the user's service`,
            ),
          ),
        });
        expect(said).toThrow();
      },
    );

    it('is stopped where it is the service, or a process of it, or no systemd answers', async () => {
      const pid = await observer();
      writeProgram(bin, 'xax', `kill -9 ${pid}`);
      mainPid(pid);
      expect(await control('stop')).toEqual({ done: true });
      const other = await observer();
      writeProgram(bin, 'xax', `kill -9 ${other}`);
      mainPid(process.pid);
      expect(await control('stop')).toEqual({ done: true });
      const byXax = await observer();
      writeProgram(bin, 'xax', `kill -9 ${byXax}`);
      writeProgram(bin, 'systemctl', 'exit 1');
      expect(await control('stop')).toEqual({ done: true });
    });

    it('that outlives its stop is told of, whatever xax says', async () => {
      const pid = await observer();
      mainPid(pid);
      expect(await control('stop', {}, { endsMs: 300 })).toEqual({
        done: false,
        reason: expect.stringContaining(`(pid ${pid}) is still running`),
      });
    });
  });

  it('is not run on a state that cannot be read', async () => {
    writeFileSync(join(home, 'queue_state.json'), '{');
    expect(await control('stop')).toMatchObject({ done: false });
    expect(said).toThrow();
  });
});
