import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createJobFiles } from '../../src/queue/job-files.ts';
import { temporaryFolder } from '../helpers.ts';

/** A user of this host who is nobody here. */
const ADA = 4_001;

describe.skipIf(process.getuid?.() !== 0)('a folder that a job names', () => {
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
    const files = createJobFiles({ runDir }, out);
    expect(await files.stat('metrics.csv')).toMatchObject({ size: 16 });
    expect((await files.read('metrics.csv', 0, 4)).toString()).toBe('step');
    expect(await files.entries('.', 10)).toEqual([{ name: 'metrics.csv', kind: 'file' }]);
  });

  it('is not read where it is the bot’s own, which the job could not', async () => {
    const { runDir, made, file } = world();
    const own = made('private', 0);
    file(join(own, 'metrics.csv'), 0);
    const files = createJobFiles({ runDir }, own);
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
    const files = createJobFiles({ runDir }, out);
    expect(await files.stat('secret.csv')).toBeNull();
    expect(await files.changedAt('theirs')).toBeNull();
    expect(await files.entries('theirs', 10)).toEqual([]);
    await expect(files.read('secret.csv', 0, 4)).rejects.toMatchObject({ code: 'run-file' });
  });
});
