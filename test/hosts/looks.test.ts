import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { Question } from '../../src/hosts/connection.ts';
import { createHost, type Host } from '../../src/hosts/host.ts';
import { createLooks, type Looks } from '../../src/hosts/looks.ts';
import { createFilesThere } from '../../src/queue/files-there.ts';
import { eventually } from '../helpers.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';

const why = whyNoSshd();
const PATIENCE_MS = 60_000;

describe.skipIf(why !== null)(
  `a folder of another host that is looked at again and again (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let box: Sshd;
    let host: Host;
    let looks: Looks;
    let run: string;
    let asked: Question[] = [];
    let answered: unknown[] = [];
    let runs = 0;

    beforeAll(async () => {
      box = await startSshd();
      host = createHost({
        place: { host: box.host },
        env: { PATH: `${box.bin}:${process.env.PATH}` },
        clock: Date.now,
        log: silentLog,
        onUp: async () => {},
        onChange() {},
        timings: { again: { firstMs: 50, longestMs: 200 } },
      });
      host.start();
      await host.tried();
    }, PATIENCE_MS);
    afterAll(async () => {
      await host?.stop();
      await box?.stop();
    }, PATIENCE_MS);
    beforeEach(() => {
      runs += 1;
      run = join(box.home, `run_${runs}`);
      mkdirSync(join(run, 'json'), { recursive: true });
      writeFileSync(join(run, 'log'), 'one\n');
      looks = createLooks({
        async ask(question) {
          asked.push(question);
          const answer = await host.ask(question);
          answered.push(answer.ok);
          return answer;
        },
      });
      forget();
    });

    function forget(): void {
      asked = [];
      answered = [];
    }

    /** As a reader does: one after the other, and some together. */
    async function look() {
      looks.outdate();
      forget();
      const files = createFilesThere(looks, run);
      const size = (await files.stat('log'))?.size;
      const [names, changedAt] = await Promise.all([files.list('json'), files.changedAt('.')]);
      return { size, names, changedAt, isThere: await files.exists(), link: await files.isLink('log') };
    }

    it('is asked as one from the second look on, and tells what differs', async () => {
      const first = await look();
      expect(asked.map((question) => question.do)).toEqual(['stat', 'list', 'changedAt', 'exists', 'isLink']);
      expect(await look()).toEqual(first);
      expect(asked).toMatchObject([{ do: 'lookIn', folder: run, also: { length: 5 } }]);
      const { of } = asked[0]!;
      expect(await look()).toEqual(first);
      expect(asked).toEqual([{ do: 'lookIn', of }]);
      expect(answered).toEqual([[]]);
      appendFileSync(join(run, 'log'), 'two\n');
      expect(await look()).toEqual({ ...first, size: 8 });
      expect(answered).toEqual([[[0, { ok: expect.objectContaining({ size: 8 }) }]]]);
      rmSync(run, { recursive: true });
      const nothing = { size: undefined, names: [], changedAt: null, isThere: false, link: false };
      expect(await look()).toEqual(nothing);
      expect(asked).toHaveLength(1);
    });

    it('gives whoever asks at the same time the same answer, and what is told anew to whoever asks after news', async () => {
      await look();
      const files = createFilesThere(looks, run);
      const sizes = async () =>
        (await Promise.all([files.stat('log'), files.stat('log')])).map((each) => each?.size);
      appendFileSync(join(run, 'log'), 'two\n');
      looks.outdate();
      forget();
      expect(await sizes()).toEqual([8, 8]);
      expect(asked).toHaveLength(1);
      const before = files.stat('log');
      appendFileSync(join(run, 'log'), 'three\n');
      looks.outdate();
      expect((await files.stat('log'))?.size).toBe(14);
      await before;
    });

    it('is refused what it was refused at first', async () => {
      const files = createFilesThere(looks, run);
      symlinkSync('log', join(run, 'led'));
      await files.stat('led');
      rmSync(join(run, 'led'));
      symlinkSync('/etc/passwd', join(run, 'led'));
      looks.outdate();
      await expect(files.stat('led')).rejects.toMatchObject({ code: 'run-file' });
      rmSync(join(run, 'led'));
      looks.outdate();
      expect(await files.stat('led')).toBeNull();
    });

    it('is no longer asked what nobody asks any more', async () => {
      const files = createFilesThere(looks, run);
      await look();
      await look();
      for (let turn = 0; turn < 6; turn += 1) {
        looks.outdate();
        await files.stat('log');
      }
      expect(asked.map(({ drop }) => drop).filter((drop) => drop !== undefined)).toEqual([[1, 2, 3, 4]]);
      appendFileSync(join(run, 'log'), 'two\n');
      expect(await look()).toMatchObject({ size: 8, names: [], isThere: true });
    });

    it('is asked one by one for what has many names', async () => {
      for (let index = 0; index < 101; index += 1) writeFileSync(join(run, 'json', `${index}`), '');
      await look();
      await look();
      expect(asked.map((question) => question.do)).toEqual(['lookIn', 'list']);
      expect((await look()).names).toHaveLength(101);
    });

    it('is told of anew over another connection', async () => {
      const first = await look();
      await look();
      box.network.cut();
      await eventually('it is lost', () => !host.state().isUp, PATIENCE_MS);
      await eventually('it is reached', () => host.state().isUp, PATIENCE_MS);
      appendFileSync(join(run, 'log'), 'two\n');
      expect(await look()).toEqual({ ...first, size: 8 });
      expect(asked).toMatchObject([{ of: expect.any(Number) }, { folder: run, also: { length: 5 } }]);
    });
  },
);
