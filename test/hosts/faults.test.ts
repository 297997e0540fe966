import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createKillService } from '../../src/control/kills.ts';
import { errorText } from '../../src/core/errors.ts';
import type { JobKey } from '../../src/core/job.ts';
import { createQueues } from '../../src/core/queues.ts';
import { observerItem } from '../../src/queue/health-items.ts';
import { checkXaxThere } from '../../src/queue/xax/doctor-there.ts';
import { openDb } from '../../src/store/db.ts';
import { createJobStore } from '../../src/store/jobs.ts';
import { createKillStore } from '../../src/store/kills.ts';
import { startXaxOverSsh, type XaxOverSsh } from '../contract/xax-over-ssh.ts';
import { findPython, standIn } from '../contract/xax-places.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { whyNoSshd } from '../servers/sshd/index.ts';

const python = await findPython();
const why = python ? whyNoSshd() : 'there is no python3 on PATH';
const PATIENCE_MS = 60_000;
const LONG = 3_600;

describe.skipIf(why !== null)(
  `a queue of another host (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let box: XaxOverSsh;
    beforeAll(async () => {
      box = await startXaxOverSsh(standIn(python!), {
        timings: { again: { firstMs: 50, longestMs: 200 }, outcomeMs: 15_000, outcomeEachMs: 50 },
        connection: { beginMs: 4_000, pingMs: 500, pongMs: 1_500 },
        lostMs: 500,
      });
      await box.queue.start(() => {});
    }, PATIENCE_MS);
    afterAll(() => box?.close(), PATIENCE_MS);
    afterEach(async () => {
      box.sshd.network.resume();
      box.sshd.setRc('');
      box.sshd.setShell('/bin/sh');
      box.sshd.trustHostKey();
      await eventually('the host is reached', isReached, PATIENCE_MS);
      for (const key of waiting()) await box.queue.cancel(key);
      await eventually('nothing waits', () => waiting().length === 0, PATIENCE_MS);
    }, PATIENCE_MS);

    const isReached = () => box.queue.health().ok;
    const status = ({ jobId }: JobKey) => box.queue.snapshot()!.jobs.get(jobId)?.status;
    const waiting = () => box.queue.snapshot()!.order.map((id) => box.queue.snapshot()!.jobs.get(id)!);
    const problem = () => {
      const health = box.queue.health();
      return health.ok ? '' : health.problem;
    };
    /** A job that waits behind one that runs. */
    async function someWait(): Promise<JobKey> {
      if (box.queue.snapshot()!.running.length === 0) await box.enqueue({ seconds: LONG });
      const key = await box.enqueue({ seconds: 1 });
      await eventually('it is told', () => status(key) === 'queued', PATIENCE_MS);
      return key;
    }

    it('tells what happened while its sshd was down, once it is back', async () => {
      await box.sshd.kill();
      await eventually('it is said', () => /cannot be reached/.test(problem()), PATIENCE_MS);
      const key = await box.enqueue({ seconds: LONG });
      await sleep(300);
      expect(status(key)).toBeUndefined();
      await box.sshd.restart();
      await eventually('it is told', () => status(key) !== undefined, PATIENCE_MS);
      await eventually('health says so', isReached);
    });

    it('whose line is silent is said to be away, and is back when it speaks', async () => {
      box.sshd.network.goSilent();
      await eventually(
        'it is said',
        () => /has not answered|cannot be reached|lets us in/.test(problem()),
        PATIENCE_MS,
      );
      const key = await box.enqueue({ seconds: 1 });
      box.sshd.network.resume();
      await eventually('it is told', () => status(key) !== undefined, PATIENCE_MS);
    });

    it('whose answer to a kill is lost is said to have killed or not, and the signal stays written down', async () => {
      if (box.queue.snapshot()!.running.length === 0) await box.enqueue({ seconds: LONG });
      await eventually('one runs', () => box.queue.snapshot()!.running.length === 1, PATIENCE_MS);
      const key = box.queue.snapshot()!.jobs.get(box.queue.snapshot()!.running[0]!)!;
      const written: string[] = [];
      const sent: string[] = [];
      const result = await box.queue.kill(key, {
        graceMs: 100,
        beforeSignal(signal) {
          written.push(signal);
          box.sshd.network.goSilent('down');
          return () => void written.pop();
        },
        onSignal: (signal) => sent.push(signal),
      });
      expect(result).toEqual({
        done: false,
        isUnknown: true,
        reason: expect.stringMatching(/^may have got SIGTERM or not.* The connection to box was lost/),
      });
      expect({ written, sent }).toEqual({ written: ['SIGTERM'], sent: [] });
      box.sshd.network.resume();
      await eventually('it is told', () => status(key) === 'failed', PATIENCE_MS);
    });

    it('whose kill is cut off, or not begun, has it answered all the same', async () => {
      if (box.queue.snapshot()!.running.length === 0) await box.enqueue({ seconds: LONG });
      await eventually('one runs', () => box.queue.snapshot()!.running.length === 1, PATIENCE_MS);
      const key = box.queue.snapshot()!.jobs.get(box.queue.snapshot()!.running[0]!)!;
      const db = openDb(temporaryFolder());
      createJobStore(db).put(key);
      let onSignal = () => {};
      const service = createKillService({
        queues: createQueues([box.queue]),
        kills: createKillStore(db, Date.now),
        jobOf: () => undefined,
        graceMs: () => 100,
        onSignal: () => onSignal(),
        tell() {},
        clock: Date.now,
        log: quietLog,
      });
      const kill = () => service.kill(key, { id: 'ada', name: 'Ada' }, () => {});
      await box.sshd.kill();
      expect(await kill()).toEqual({
        done: false,
        reason: expect.stringMatching(/^was left alone: box cannot be reached/),
      });
      await expect(box.queue.refresh()).rejects.toMatchObject({ code: 'host-unreachable' });
      await box.sshd.restart();
      await eventually('the host is reached', isReached, PATIENCE_MS);
      onSignal = () => {
        box.sshd.network.goSilent('down');
        void box.sshd.kill();
      };
      expect(await kill()).toEqual({
        done: false,
        isUnknown: true,
        reason: expect.stringMatching(/^may have got SIGTERM or not.*nobody knows yet/),
      });
      await service.stop();
      db.close();
      box.sshd.network.resume();
      await box.sshd.restart();
    });

    it('with another key than the known one is not spoken to', async () => {
      await box.sshd.changeHostKey();
      await eventually('it is said', () => /another than the known one/.test(problem()), PATIENCE_MS);
      const before = box.sshd.logins();
      await sleep(500);
      expect(box.sshd.logins()).toBe(before);
    });

    it('is understood behind whatever its login says', async () => {
      box.sshd.setShell('/bin/bash');
      box.sshd.setRc('echo "Welcome to box!"; printf "\\n\\n{\\"id\\":1}\\n"; echo noise >&2\n');
      await box.sshd.restart();
      const key = await someWait();
      expect(await box.queue.cancel(key)).toEqual({ done: true });
    });

    it('whose login reads what is sent to it, or ends, is said so', async () => {
      box.sshd.setShell('/bin/bash');
      for (const rc of ['cat > /dev/null\n', 'exit 0\n']) {
        box.sshd.setRc(rc);
        await box.sshd.restart();
        await eventually(`${rc}: it is said`, () => /lets us in/.test(problem()), PATIENCE_MS);
        box.sshd.setRc('');
        await eventually('it is back', isReached, PATIENCE_MS);
      }
    });

    it('has nothing changed where what came of it cannot be kept', async () => {
      const key = await someWait();
      const state = join(box.sshd.home, '.local');
      rmSync(state, { recursive: true, force: true });
      writeFileSync(state, 'a file where a folder has to be');
      const result = await box.queue.cancel(key);
      expect(result).toMatchObject({ done: false, reason: expect.stringMatching(/^was left alone/) });
      expect(status(key)).toBe('queued');
      rmSync(state);
    });

    it('refuses what is asked of it while it is away, in words', async () => {
      await box.sshd.kill();
      await eventually('it is said', () => !isReached(), PATIENCE_MS);
      const [job] = [...box.queue.snapshot()!.jobs.values()];
      const asked = box.queue.readJobLog(job!, 'observer', 10).catch(errorText);
      expect(await asked).toMatch(/box cannot be reached|Connection refused|closed/);
      expect(await box.queue.cancel(job!)).toMatchObject({
        done: false,
        reason: expect.stringMatching(/left alone/),
      });
      expect(observerItem(box.queue, 'start it')).toMatchObject({
        ok: false,
        detail: 'not known: the queue cannot be read',
      });
      await box.sshd.restart();
    });

    it('whose folder cannot be read is told of by doctor without a word about its observer', async () => {
      const settings = {
        place: { host: box.sshd.host },
        home: '/etc/passwd',
        xaxBin: undefined,
        runs: undefined,
      };
      const env = { PATH: `${box.sshd.bin}:${process.env.PATH}` };
      const findings = await checkXaxThere(settings, { env, timeoutMs: PATIENCE_MS });
      expect(findings).toMatchObject([
        { name: 'host', state: 'ok' },
        { name: 'queue', state: 'failure' },
        { name: 'observer', state: 'warning', detail: 'not known: the queue cannot be read' },
        { name: 'xax', state: 'warning' },
        { name: "queue's Python", state: 'warning' },
      ]);
    });
  },
);
