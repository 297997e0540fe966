import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { QueueUnderTest } from './under-test.ts';

/** How a run's log and files are read. */
export function runFiles(at: QueueUnderTest): void {
  const { jobNow, reaches, enqueue, busy } = at;

  test('its log comes as plain text, the last lines of it', async () => {
    const [key] = await enqueue({ seconds: 0.5 });
    await reaches(key!, 'completed');
    const whole = await at.queue.readJobLog(jobNow(key!), 'observer', 1_000);
    expect(whole.lines.join('\n')).toContain(`starting ${key!.jobId}`);
    expect(whole.lines.join('\n')).not.toMatch(/[\u001b\r\u2500-\u257f]/);
    expect(whole.truncated).toBe(false);
    const last = await at.queue.readJobLog(jobNow(key!), 'observer', 1);
    expect(last).toMatchObject({ lines: [whole.lines.at(-1)], truncated: true });
  });

  test('a job that has not started has no log yet', async () => {
    const [, waiting] = await busy({ seconds: 1 });
    await expect(at.queue.readJobLog(jobNow(waiting!), 'observer', 10)).rejects.toMatchObject({
      code: 'no-log',
    });
  });

  test('files below its folder can be listed and read in pieces', async () => {
    const [key] = await enqueue({ seconds: 0.2 });
    await reaches(key!, 'completed');
    const { runDir } = jobNow(key!);
    mkdirSync(join(runDir, 'extra'), { recursive: true });
    writeFileSync(join(runDir, 'extra', 'notes.txt'), '0123456789');
    const files = at.queue.runFiles(jobNow(key!));
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
    const files = at.queue.runFiles(jobNow(key!));
    for (const path of ['innocent.txt', 'folder/passwd', '../../../../../../../etc/passwd', '/etc/passwd']) {
      await expect(files.read(path, 0, 10), path).rejects.toMatchObject({ code: 'run-file' });
      await expect(files.readParts(path, [[0, 10]]), path).rejects.toMatchObject({ code: 'run-file' });
      await expect(files.stat(path), path).rejects.toMatchObject({ code: 'run-file' });
    }
    await expect(files.list('folder')).rejects.toMatchObject({ code: 'run-file' });
    await expect(
      at.queue.readJobLog({ ...jobNow(key!), observerLogPath: '/etc/passwd' }, 'observer', 5),
    ).rejects.toMatchObject({ code: 'run-file' });
  });

  test('the owner is whoever owns the run folder; nobody when there is none', async () => {
    const [key] = await enqueue({ seconds: 0.2 });
    await reaches(key!, 'completed');
    expect(await at.queue.ownerOf(jobNow(key!))).toBe(userInfo().username);
    const nobody = at.harness.tellsUser ? userInfo().username : null;
    expect(await at.queue.ownerOf({ ...jobNow(key!), runDir: '/no/such/run' })).toBe(nobody);
  });
}
