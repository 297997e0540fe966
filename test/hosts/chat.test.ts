import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followLog } from '../../src/cli/following.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { everywhere } from '../card-seen.ts';
import { startXaxOverSsh, type XaxOverSsh } from '../contract/xax-over-ssh.ts';
import { findPython, STAND_IN, standIn } from '../contract/xax-places.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually } from '../helpers.ts';
import { type Chats, openChats } from '../platforms.ts';
import { whyNoSshd } from '../servers/sshd/index.ts';

const python = await findPython();
const why = python ? whyNoSshd() : 'there is no python3 on PATH';
const PATIENCE_MS = 90_000;
/** What is shown of a log that is followed. */
const PRINTER = {
  ...{ json: false, timezone: 'UTC', colours: { out: 0, err: 0 } as const },
  ...{ width: () => undefined, page: async () => false, pathOf: () => undefined },
};
/** What a run wrote once: the stand-in trains nothing. */
const RECORDED = join(import.meta.dirname, '..', 'fixtures', 'xax', 'runs', 'run_005');

describe.skipIf(why !== null)(
  `the queue of another host, in the chats (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let box: XaxOverSsh;
    let chats: Chats;

    beforeAll(async () => {
      const place = standIn(python!);
      box = await startXaxOverSsh(place, {
        timings: { again: { firstMs: 50, longestMs: 200 } },
        lostMs: 500,
      });
      // Both are in a home that only the host has.
      cpSync(join(STAND_IN, 'examples'), join(box.sshd.home, 'project', 'examples'), { recursive: true });
      symlinkSync(place.python, join(box.sshd.home, 'python'));
      chats = await openChats({
        endings: 'thread',
        queue: () => box.queue,
        queues: '  - {name: host, host: box}\n  - {name: practice, kind: simulated, script: empty}\n',
        yaml: `presets:\n  toy: {cwd: ~/project, argv: [~/python, -m, examples.toy], allow_extra: ["*"], queues: [host]}\n`,
        timings: {
          app: { tickMs: 500 },
          liveCharts: { soonestMs: 500, latestMs: 500 },
        },
      });
      await chats.connected();
    }, PATIENCE_MS);
    afterAll(async () => {
      await chats?.stop();
      await box?.close();
    }, PATIENCE_MS);

    const ask = async (words: string, more = {}) => {
      const reply = await chats.bot().ask(words, more);
      return { ...reply, text: plainText(reply.message) };
    };

    it('is launched on, and its run has its card, its chart, its log and its row', async () => {
      await ask('session new far metric=value/loss mode=min');
      const queued = await ask('queue toy max_steps=40 seconds=3 hypothesis="it is far"');
      expect(queued.text).toMatch(/Queued host\/job-\d+/);
      const { jobId } = queued.data as { jobId: string };
      const job = () => box.queue.snapshot()!.jobs.get(jobId)!;
      await eventually('it runs', () => job()?.status === 'running', PATIENCE_MS);
      cpSync(join(RECORDED, 'tensorboard'), join(job().runDir, 'tensorboard'), { recursive: true });
      await eventually('it has ended', () => job().status === 'completed', PATIENCE_MS);
      await chats.allSaid();
      for (const [where, { card, hasPicture }] of Object.entries(await everywhere(chats, jobId)))
        expect([where, card, hasPicture]).toEqual([
          where,
          expect.stringMatching(/Completed[\s\S]*it is far/),
          true,
        ]);
      expect((await ask(`logs ${jobId}`)).text).toContain(`starting ${jobId}`);
      expect((await ask(`config ${jobId}`)).text).toContain('max_steps: 40');
      const row = await eventually('its row', async () => {
        const csv = join(chats.home.home, 'experiments', 'far', 'experiment_log.csv');
        const found = (await rowsOf(csv)).get(jobId);
        return found?.objective_value ? found : undefined;
      });
      expect(row).toMatchObject({ status: 'completed', hypothesis: 'it is far' });
    });

    it('has its jobs moved, cancelled and killed by name', async () => {
      const running = await box.enqueue({ seconds: 3_600 });
      const waiting = [await box.enqueue({ seconds: 1 }), await box.enqueue({ seconds: 1 })];
      const job = ({ jobId }: { jobId: string }) => box.queue.snapshot()!.jobs.get(jobId);
      await eventually(
        'they are told',
        () => waiting.every((each) => job(each)) && job(running)?.status === 'running',
      );
      await chats.bot().app.settled();
      expect((await ask(`move host/${waiting[1]!.jobId} 1`)).text).toMatch(/Moved/);
      expect(box.queue.snapshot()!.order[0]).toBe(waiting[1]!.jobId);
      expect((await ask(`cancel ${waiting[0]!.jobId}`, { confirm: true })).text).toMatch(/Cancelled/);
      expect((await ask(`kill ${running.jobId}`, { confirm: true })).text).toMatch(/[Kk]ill|SIGTERM/);
      await eventually('it has ended', () => job(running)?.status === 'failed');
      await chats.allSaid();
      const [card] = Object.values(await everywhere(chats, running.jobId));
      expect(card!.card).toMatch(/[Kk]illed by root/);
    });

    it('has a log followed on over a cut of its line, and a kill answered in words while it is away', async () => {
      const { jobId } = await box.enqueue({ seconds: 3_600 });
      const job = () => box.queue.snapshot()!.jobs.get(jobId);
      await eventually('it runs', () => job()?.status === 'running', PATIENCE_MS);
      await chats.bot().app.settled();
      const heard: (string | undefined)[] = [];
      const shown: string[] = [];
      const following = followLog(
        ['logs', jobId],
        async (argv) => {
          const reply = await chats.bot().ask(argv.join(' '));
          heard.push(reply.errorCode);
          return { reply, by: 'bot' };
        },
        PRINTER,
        { show: (line) => void shown.push(line.map(({ text }) => text).join('')), clear() {} },
      );
      await eventually('it is followed', () => heard.length > 0);
      await box.sshd.kill();
      await eventually('it is said', () =>
        shown.some((line) => /box cannot be reached.*goes on when it is back/.test(line)),
      );
      const answer = await ask(`kill ${jobId}`, { confirm: true });
      expect(answer.text).toMatch(/was left alone: box cannot be reached/);
      await box.sshd.restart();
      await eventually('it goes on', () => heard.at(-1) === undefined, PATIENCE_MS);
      await box.queue.kill(job()!, { graceMs: 100 });
      expect(await following).toBe(0);
      expect(heard).toContain('host-unreachable');
    });

    it('is said to be away on the board and in health, while the other queue answers', async () => {
      await box.sshd.kill();
      await eventually('it is said', async () => /box cannot be reached/.test((await ask('status')).text));
      expect((await ask('health')).text).toMatch(/box cannot be reached/);
      expect((await ask('queue toy max_steps=1')).text).toMatch(/box cannot be reached/);
      expect((await ask('status')).text).toContain('practice');
      await box.sshd.restart();
      await eventually('it is back', async () => !/cannot be reached/.test((await ask('status')).text));
    });
  },
);
