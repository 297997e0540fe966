import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lock } from '../../src/experiments/lock.ts';
import { experimentsDir } from '../../src/experiments/session.ts';
import { openRegular, readRegularSync } from '../../src/files/regular.ts';
import { temporaryFolder } from '../helpers.ts';

/** A named pipe that nobody writes: whoever opens it as a file waits for ever. */
function pipe(folder: string, name: string): string {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  return path;
}

it('a named pipe, a folder or a device in the place of a file is told of at once', async () => {
  const folder = temporaryFolder();
  for (const path of [pipe(folder, 'pipe'), folder, '/dev/null']) {
    await expect(openRegular(path)).rejects.toThrow(`${path} is no file`);
    expect(() => readRegularSync(path, 10)).toThrow(`${path} is no file`);
  }
  const file = join(folder, 'file');
  writeFileSync(file, 'twelve bytes');
  expect(readRegularSync(file, 12).toString()).toBe('twelve bytes');
  expect(() => readRegularSync(file, 11)).toThrow('at most 11 are accepted');
});

it('what xax keeps its settings in, and a lock, hold up nobody where they are named pipes', async () => {
  const folder = temporaryFolder();
  pipe(folder, 'config.yml');
  expect(experimentsDir(folder)).toBe(join(folder, 'experiments'));
  const unlock = await lock(pipe(folder, 'lock'), { silentMs: 50, waitMs: 5_000 });
  await unlock();
});
