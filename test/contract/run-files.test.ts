import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { RunFiles } from '../../src/core/queue.ts';
import { createHost, type Host } from '../../src/hosts/host.ts';
import { createLooks } from '../../src/hosts/looks.ts';
import { createFilesThere } from '../../src/queue/files-there.ts';
import { createJobFiles } from '../../src/queue/job-files.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';

/** A user of this host who is nobody here. */
const ADA = 4_001;
const why = whyNoSshd();

/** Where a run's files are read. */
interface Place {
  runFiles(folder: string): RunFiles;
  jobFiles(runDir: string, folder: string): RunFiles;
}

/** What every way to a run's files keeps to. */
function describeRunFiles(name: string, skipped: string | null, place: Place): void {
  describe.skipIf(skipped !== null)(skipped === null ? name : `${name}: not run, ${skipped}`, () => {
    const refusal = { code: 'run-file' };

    it('reads what is below it, in parts as far as they exist', async () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
      writeFileSync(join(folder, 'deep', 'er', 'ünïcode 🕒.txt'), '0123456789');
      const files = place.runFiles(folder);
      const path = 'deep/er/ünïcode 🕒.txt';
      expect(await files.exists()).toBe(true);
      expect(await files.list('deep/er')).toEqual(['ünïcode 🕒.txt']);
      expect(await files.entries('deep', 10)).toEqual([{ name: 'er', kind: 'folder' }]);
      expect((await files.read(path, 3, 6)).toString()).toBe('345');
      const parts = await files.readParts(path, [
        [8, 99],
        [0, 0],
        [99, 120],
        [5, 2],
        [0, 2],
      ]);
      expect(parts.map(String)).toEqual(['89', '', '', '', '01']);
      expect((await files.read(join(folder, path), 0, 2)).toString()).toBe('01');
    });

    it('reads many bytes as they are', async () => {
      const folder = temporaryFolder();
      const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) % 251));
      writeFileSync(join(folder, 'weights'), bytes);
      const read = await place.runFiles(folder).read('weights', 0, 5_000_000);
      expect(read.equals(bytes)).toBe(true);
    });

    it('says of nothing that it is not there, and of a folder when it changed', async () => {
      const folder = temporaryFolder();
      const files = place.runFiles(folder);
      expect(await files.stat('nothing')).toBeNull();
      expect(await files.stat('.')).toBeNull();
      expect(await files.list('nothing')).toEqual([]);
      expect(await files.entries('nothing', 10)).toEqual([]);
      expect(await files.changedAt('nothing')).toBeNull();
      utimesSync(folder, 1_795_446_972, 1_795_446_972);
      expect(await files.changedAt('.')).toBe(1_795_446_972_000);
      await expect(files.read('nothing', 0, 1)).rejects.toMatchObject(refusal);
      const gone = place.runFiles(join(folder, 'gone'));
      expect(await gone.exists()).toBe(false);
      expect(await gone.list('.')).toEqual([]);
      expect(await gone.stat('a')).toBeNull();
    });

    it('tells files, folders, links and others apart, and no more names than are asked for', async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'file'), '');
      mkdirSync(join(folder, 'folder'));
      symlinkSync('file', join(folder, 'link'));
      symlinkSync('nowhere', join(folder, 'dangling'));
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      const files = place.runFiles(folder);
      const found = await files.entries('.', 10);
      expect(Object.fromEntries(found.map(({ name, kind }) => [name, kind]))).toEqual({
        ...{ file: 'file', folder: 'folder', link: 'link', dangling: 'link', pipe: 'other' },
      });
      expect(await files.entries('.', 2)).toHaveLength(2);
      expect([await files.isLink('link'), await files.isLink('file'), await files.isLink('no')]).toEqual([
        ...[true, false, false],
      ]);
      expect(await files.stat('link')).toMatchObject({ size: 0 });
      await expect(files.read('pipe', 0, 1)).rejects.toMatchObject(refusal);
      await expect(files.read('folder', 0, 1)).rejects.toMatchObject(refusal);
    });

    it('reads nothing that lies outside, by whatever name', async () => {
      const folder = temporaryFolder();
      const outside = temporaryFolder();
      writeFileSync(join(outside, 'secret'), 'secret');
      symlinkSync(join(outside, 'secret'), join(folder, 'file'));
      symlinkSync(outside, join(folder, 'folder'));
      mkdirSync(join(folder, 'in'));
      const files = place.runFiles(folder);
      for (const path of [
        'file',
        'folder/secret',
        `../${outside.split('/').at(-1)}/secret`,
        join(outside, 'secret'),
        'in/../../x',
        'a\0b',
      ]) {
        await expect(files.read(path, 0, 1), path).rejects.toMatchObject(refusal);
        await expect(files.stat(path), path).rejects.toMatchObject(refusal);
        await expect(files.list(path), path).rejects.toMatchObject(refusal);
      }
      // A folder that is beside it and begins with its name.
      mkdirSync(`${folder}-more`);
      writeFileSync(join(`${folder}-more`, 'secret'), '');
      await expect(files.stat(`../${folder.split('/').at(-1)}-more/secret`)).rejects.toMatchObject(refusal);
      rmSync(`${folder}-more`, { recursive: true });
    });

    it('follows a link of the run’s own user to its folder, and one that is put in its place later', async () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'real'));
      writeFileSync(join(folder, 'real', 'a'), 'one');
      symlinkSync(join(folder, 'real'), join(folder, 'run'));
      const files = place.runFiles(join(folder, 'run'));
      expect((await files.read('a', 0, 9)).toString()).toBe('one');
      mkdirSync(join(folder, 'other'));
      writeFileSync(join(folder, 'other', 'a'), 'two');
      symlinkSync(join(folder, 'other'), join(folder, 'new'));
      renameSync(join(folder, 'new'), join(folder, 'run'));
      expect((await files.read('a', 0, 9)).toString()).toBe('two');
    });

    describe.skipIf(process.getuid?.() !== 0)('where others write too (needs root)', () => {
      it('reads no folder to which somebody else’s link leads, and no file that is theirs by another name', async () => {
        const folder = temporaryFolder();
        chmodSync(folder, 0o777);
        mkdirSync(join(folder, 'private'));
        writeFileSync(join(folder, 'private', 'key'), 'key');
        symlinkSync(join(folder, 'private'), join(folder, 'run'));
        execFileSync('chown', ['-h', String(ADA), join(folder, 'run')]);
        await expect(place.runFiles(join(folder, 'run')).read('key', 0, 3)).rejects.toMatchObject(refusal);
        mkdirSync(join(folder, 'adas'));
        chownSync(join(folder, 'adas'), ADA, ADA);
        linkSync(join(folder, 'private', 'key'), join(folder, 'adas', 'mine'));
        await expect(place.runFiles(join(folder, 'adas')).read('mine', 0, 3)).rejects.toMatchObject(refusal);
      });
    });

    describe.skipIf(process.getuid?.() !== 0)('of a folder that a job names (needs root)', () => {
      function world() {
        const folder = temporaryFolder();
        const made = (name: string, uid: number) => {
          const path = join(folder, name);
          mkdirSync(path, { recursive: true });
          chmodSync(path, 0o755);
          chownSync(path, uid, uid);
          return path;
        };
        const file = (path: string, uid: number) => {
          writeFileSync(path, 'step,loss\n1,0.5\n');
          chownSync(path, uid, uid);
        };
        return { runDir: made('run', ADA), made, file };
      }

      it('is read where it is the job owner’s', async () => {
        const { runDir, made, file } = world();
        const out = made('out', ADA);
        file(join(out, 'metrics.csv'), ADA);
        const files = place.jobFiles(runDir, out);
        expect(await files.stat('metrics.csv')).toMatchObject({ size: 16 });
        expect((await files.read('metrics.csv', 0, 4)).toString()).toBe('step');
        expect(await files.entries('.', 10)).toEqual([{ name: 'metrics.csv', kind: 'file' }]);
      });

      it('is not read where it is the bot’s own, which the job could not', async () => {
        const { runDir, made, file } = world();
        const own = made('private', 0);
        file(join(own, 'metrics.csv'), 0);
        const files = place.jobFiles(runDir, own);
        const asks: (() => Promise<unknown>)[] = [
          () => files.entries('.', 10),
          () => files.stat('metrics.csv'),
          () => files.changedAt('.'),
          () => files.read('metrics.csv', 0, 4),
          () => files.readParts('metrics.csv', [[0, 4]]),
        ];
        for (const ask of asks) await expect(ask()).rejects.toMatchObject({ code: 'run-file' });
      });

      it('has nothing in it that is anybody else’s', async () => {
        const { runDir, made, file } = world();
        const out = made('out', ADA);
        made('out/theirs', 0);
        file(join(out, 'secret.csv'), 0);
        file(join(out, 'theirs/metrics.csv'), ADA);
        const files = place.jobFiles(runDir, out);
        expect(await files.stat('secret.csv')).toBeNull();
        expect(await files.changedAt('theirs')).toBeNull();
        expect(await files.entries('theirs', 10)).toEqual([]);
        await expect(files.read('secret.csv', 0, 4)).rejects.toMatchObject({ code: 'run-file' });
      });
    });
  });
}

describeRunFiles('files here', null, {
  runFiles: (folder) => createRunFiles(folder),
  jobFiles: (runDir, folder) => createJobFiles({ runDir }, folder),
});

describe('over ssh', () => {
  let sshd: Sshd;
  let host: Host;
  beforeAll(async () => {
    if (why !== null) return;
    sshd = await startSshd();
    host = createHost({
      place: { host: sshd.host },
      env: { PATH: `${sshd.bin}:${process.env.PATH}` },
      clock: Date.now,
      log: silentLog,
      onUp: async () => {},
      onChange() {},
    });
    host.start();
    await host.tried();
  });
  afterAll(async () => {
    await host?.stop();
    await sshd?.stop();
  });
  describeRunFiles('files of another host', why, {
    runFiles: (folder) => createFilesThere(host, folder),
    jobFiles: (runDir, folder) => createFilesThere(host, folder, runDir),
  });

  /** What was asked before is looked at together, and never too old. */
  const again = (): Pick<Host, 'ask'> => {
    const looks = createLooks(host);
    return {
      async ask(question) {
        await looks.ask(question).catch(() => {});
        looks.outdate();
        return looks.ask(question);
      },
    };
  };
  describeRunFiles('files of another host that are looked at again', why, {
    runFiles: (folder) => createFilesThere(again(), folder),
    jobFiles: (runDir, folder) => createFilesThere(again(), folder, runDir),
  });
});
