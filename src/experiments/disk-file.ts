import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { counted } from '../core/counted.ts';
import { BotError } from '../core/errors.ts';
import { openRegular } from '../files/regular.ts';
import { tooLarge } from './csv-records.ts';
import { LOCK_TIMINGS, lock } from './lock.ts';
import { makeTeamFolder, mustNotBeLedAway, newFileMode } from './team-files.ts';

const READ_ONLY: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);
/** How long those wait who read and write a log that others write too, milliseconds. */
export const DISK_TIMINGS = {
  /** The scripts write in place: a file that changed within this time is not read yet. */
  settleMs: 150,
  /** What looks like half a file is taken for all there is when it has stayed the same for this long. */
  unchangedMs: 2_000,
  ...LOCK_TIMINGS,
};
export type DiskTimings = typeof DISK_TIMINGS;

/** A file as it was at one moment. */
export interface FileContent {
  bytes: Buffer;
  /** When it was written, epoch ms by the file's own clock. */
  modifiedMs: number;
}

/**
 * As much as is held in memory of a file that others write, several times over while it is compared: ten thousand
 * experiments fill it.
 */
export const CONTENT_MAX_BYTES = 4 * 1024 * 1024;

/** The current file; undefined when there is none. Error `log-too-large`, with nothing read, when it has more than `most` bytes. */
export async function readContent(path: string, most = CONTENT_MAX_BYTES): Promise<FileContent | undefined> {
  const real = await mustNotBeLedAway(path);
  const file = real && (await openRegular(real, constants.O_NOFOLLOW).catch(notThere));
  if (!file) return undefined;
  try {
    const { mtimeMs, size } = await file.stat();
    if (size > most) throw tooLarge(`it has ${size}`, counted(most, 'byte'));
    return { bytes: await file.readFile(), modifiedMs: mtimeMs };
  } finally {
    await file.close();
  }
}

/** Reads a file that a rename has taken out of its folder, where a program that had opened it may still write. */
export interface ReplacedFile {
  /** Error `log-too-large` when it has more than `most` bytes. */
  read(most?: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Replaces a file in one step; see `replaceFile`. */
type Replace = (
  expected: Buffer | undefined,
  bytes: Buffer,
) => Promise<{ replaced: ReplacedFile | undefined } | null>;

/**
 * Puts `bytes` in the place of the file in one step, with the mode (and where possible the owner) of the one before,
 * unless the file no longer holds `expected` (undefined: there was none). Returns null then, and nothing has changed.
 * Where the path is a link, what it points to is replaced. Errors `file-busy`, `folder-read-only`.
 */
export function replaceFile(path: string, ...what: Parameters<Replace>): ReturnType<Replace> {
  return whileLocked(path, (replace) => replace(...what));
}

/** Runs `work` while none of our other programs writes the file; `replace` writes it. */
export async function whileLocked<T>(
  path: string,
  work: (replace: Replace) => Promise<T>,
  timings: DiskTimings = DISK_TIMINGS,
): Promise<T> {
  const target = await targetOf(path);
  const unlock = await makeTeamFolder(dirname(target))
    .then(() => lock(beside(target, 'lock'), timings))
    .catch((error: NodeJS.ErrnoException) => {
      if (!READ_ONLY.has(error.code ?? '')) throw error;
      throw new BotError(
        'folder-read-only',
        `${path} was not changed: no file can be created in ${dirname(target)} (${error.code}).`,
        'A file is replaced by a new one that is written beside it, so its folder must be writable.',
      );
    });
  try {
    return await work((expected, bytes) => replaceLocked(target, expected, bytes));
  } finally {
    await unlock();
  }
}

/** Between the look at the file and the renaming nobody else of ours may rename: the lock is what makes it one step. */
async function replaceLocked(path: string, expected: Buffer | undefined, bytes: Buffer): ReturnType<Replace> {
  await removeLeftovers(path);
  const temporary = beside(path, `${process.pid}-${randomUUID().slice(0, 8)}.tmp`);
  const before = await stat(path).catch(notThere);
  const file = await open(temporary, 'wx', 0o600);
  let old: FileHandle | undefined;
  try {
    await file.writeFile(bytes);
    if (before) await file.chown(before.uid, before.gid).catch(() => {});
    await file.chmod(before ? before.mode & 0o777 : newFileMode());
    await file.sync();
    old = await openRegular(path).catch(notThere);
    const isExpected = old === undefined ? expected === undefined : await holds(old, expected);
    // A temporary file that is gone: somebody took us for dead and writes now.
    if (isExpected && (await rename(temporary, path).then(() => true, notThere)))
      return { replaced: old && keptOpen(old) };
  } catch (error) {
    await old?.close();
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await old?.close();
  await rm(temporary, { force: true });
  return null;
}

/** A file that has grown is not read to see that it is another. */
async function holds(file: FileHandle, expected: Buffer | undefined): Promise<boolean> {
  if (!expected || (await file.stat()).size !== expected.length) return false;
  return expected.equals(await file.readFile());
}

/** What a program that was killed while it wrote has left; under the lock nobody else of ours is writing. */
async function removeLeftovers(path: string): Promise<void> {
  const prefix = basename(beside(path, ''));
  const left = (await readdir(dirname(path))).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.tmp'),
  );
  for (const name of left) await rm(join(dirname(path), name), { force: true });
}

function beside(path: string, suffix: string): string {
  return join(dirname(path), `.${basename(path)}.xaxbot.${suffix}`);
}

/** The file's real path: a link's target, even if it does not exist yet. */
async function targetOf(path: string): Promise<string> {
  await mustNotBeLedAway(path);
  const found = await realpath(path).catch(notThere);
  if (found !== undefined) return found;
  const link = await readlink(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EINVAL' ? undefined : notThere(error),
  );
  if (link !== undefined) return targetOf(resolve(dirname(path), link));
  return join((await realpath(dirname(path)).catch(notThere)) ?? dirname(path), basename(path));
}

function keptOpen(file: FileHandle): ReplacedFile {
  return {
    async read(most = CONTENT_MAX_BYTES) {
      const { size } = await file.stat();
      if (size > most) throw tooLarge(`it has ${size}`, counted(most, 'byte'));
      const bytes = Buffer.alloc(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      return bytes.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

/** Moves the file aside under a new name, and returns that name. For a link, its target is moved. */
export async function setAside(path: string, suffix: string): Promise<string> {
  const target = await targetOf(path);
  const extension = extname(target);
  const stem = target.slice(0, target.length - extension.length);
  const aside = (count: number) => `${stem}.broken-${suffix}${count > 1 ? `-${count}` : ''}${extension}`;
  let count = 1;
  while (await stat(aside(count)).catch(notThere)) count += 1;
  await rename(target, aside(count));
  return aside(count);
}

export function notThere(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
