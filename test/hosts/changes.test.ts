import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { createHost, type HOST_TIMINGS, type Host } from '../../src/hosts/host.ts';
import { runThere } from '../../src/hosts/run-there.ts';
import { eventually } from '../helpers.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';

const why = whyNoSshd();
const PATIENCE_MS = 60_000;

describe.skipIf(why !== null)(
  `a change on another host (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let sshd: Sshd;
    let host: Host;
    beforeAll(async () => {
      sshd = await startSshd();
      host = await reached({ again: { firstMs: 50, longestMs: 200 } });
    }, PATIENCE_MS);
    afterAll(async () => {
      await host?.stop();
      await sshd?.stop();
    }, PATIENCE_MS);

    async function reached(timings: Partial<typeof HOST_TIMINGS>): Promise<Host> {
      const made = createHost({
        place: { host: sshd.host },
        env: { PATH: `${sshd.bin}:${process.env.PATH}` },
        clock: Date.now,
        log: silentLog,
        onUp: async () => {},
        onChange() {},
        timings: { outcomeMs: 6_000, outcomeEachMs: 50, ...timings },
        connection: { pingMs: 60_000, pongMs: 60_000 },
      });
      made.start();
      await made.tried();
      return made;
    }

    /** Has a program write a line that says that it was run, and then work for a while. */
    function change(name: string, { seconds = 0, input = '', lines = [] as string[], of = host } = {}) {
      const path = join(sshd.folder, name);
      return {
        path,
        result: runThere(of, {
          argv: [
            '/bin/sh',
            '-c',
            `cat >> ${path}; echo begun >> ${path}; echo one; sleep ${seconds}; echo two; exit 3`,
          ],
          env: {},
          input,
          timeoutMs: 30_000,
          maxOutputBytes: 10_000,
          onLine: (line) => lines.push(line),
          isChange: true,
        }),
      };
    }

    it('gives its answer, with what was said while it was made', async () => {
      const lines: string[] = [];
      const { result } = change('whole', { lines });
      expect(await result).toMatchObject({ exitCode: 3, stdout: Buffer.from('one\ntwo\n'), timedOut: false });
      expect(lines).toEqual(['one', 'two']);
    });

    it('whose connection is cut in its midst is made once, and its answer is found', async () => {
      const { path, result } = change('cut', { seconds: 1 });
      await eventually('it has begun', () => existsSync(path));
      sshd.network.cut();
      expect(await result).toMatchObject({ exitCode: 3, stdout: Buffer.from('one\ntwo\n') });
      expect(readFileSync(path, 'utf8')).toBe('begun\n');
    });

    it('that has much to say after its connection was cut comes to its end', async () => {
      await eventually('it is reached', () => host.state().isUp);
      const path = join(sshd.folder, 'much');
      const script = `touch ${path}; echo one; sleep 1; seq 1 100000; echo last`;
      const result = runThere(host, {
        argv: ['/bin/sh', '-c', script],
        ...{ env: {}, timeoutMs: 30_000, maxOutputBytes: 2_000_000, isChange: true, onLine: () => {} },
      });
      await eventually('it has begun', () => existsSync(path));
      sshd.network.cut();
      const { exitCode, stdout } = await result;
      expect(exitCode).toBe(0);
      expect(stdout.toString().trim().split('\n').at(-1)).toBe('last');
    });

    it('whose answer is lost on the way was made once, and is found', async () => {
      await eventually('it is reached', () => host.state().isUp);
      sshd.network.goSilent('down');
      const { path, result } = change('unheard');
      await eventually('it was made', () => existsSync(path));
      sshd.network.cut();
      sshd.network.resume();
      expect(await result).toMatchObject({ exitCode: 3 });
      expect(readFileSync(path, 'utf8')).toBe('begun\n');
    });

    it('that did not arrive whole is not made, then or later', async () => {
      await eventually('it is reached', () => host.state().isUp);
      sshd.network.cutAfter(4_000);
      const { path, result } = change('half', { input: 'x'.repeat(20_000) });
      await expect(result).rejects.toMatchObject({
        code: 'host-unreachable',
        hint: expect.stringContaining('Nothing was changed'),
      });
      await eventually('it is reached', () => host.state().isUp);
      expect(existsSync(path)).toBe(false);
    });

    it('whose host does not come back is said to be unknown', async () => {
      const { path, result } = change('gone', { seconds: 1 });
      await eventually('it has begun', () => existsSync(path));
      await sshd.kill();
      await expect(result).rejects.toMatchObject({ code: 'outcome-unknown' });
      await sshd.restart();
    });

    it('is not kept waiting by the pause before the next try, and neither is what became of it', async () => {
      const again = { firstMs: 10 * PATIENCE_MS, longestMs: 10 * PATIENCE_MS };
      const patient = await reached({ again, soonestMs: 100 });
      sshd.network.cut();
      await eventually('it is away', () => !patient.state().isUp);
      await expect(patient.ask({ do: 'nothing' })).rejects.toMatchObject({ code: 'host-unreachable' });
      const { path, result } = change('waited-for', { seconds: 1, of: patient });
      await eventually('it has begun', () => existsSync(path));
      sshd.network.cut();
      expect(await result).toMatchObject({ exitCode: 3 });
      await patient.stop();
    });

    it('ends with nobody left there when we go', async () => {
      await eventually('it is reached', () => host.state().isUp);
      const { ok } = await host.ask({ do: 'processes', pid: 0, group: 0, home: '/' });
      const [pid] = (ok as { own: [number, number] }).own;
      expect(existsSync(`/proc/${pid}`)).toBe(true);
      await host.stop();
      await eventually('it is gone', () => !existsSync(`/proc/${pid}`));
    });
  },
);
