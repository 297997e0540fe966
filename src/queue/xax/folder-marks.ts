import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import type { Marks } from '../../core/queue.ts';

/**
 * The mark of a folder here, which is the same on whatever way it is reached, as hosts/there makes it too: the system that runs,
 * and the file system's number of the folder, or of the nearest one above it that is there. Two machines may have one name.
 */
export async function folderMarks(folder: string): Promise<Marks> {
  const system = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => hostname());
  const shown = await realpath(folder).catch(() => folder);
  const rest: string[] = [];
  let at = resolve(folder);
  while (!existsSync(at)) {
    rest.unshift(basename(at));
    at = dirname(at);
  }
  const { dev, ino } = await stat(at, { bigint: true });
  return new Map([[`${system.trim()} ${dev} ${ino} ${rest.join('/')}`, shown]]);
}
