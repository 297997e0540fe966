import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { counted } from '../core/counted.ts';
import { BotError } from '../core/errors.ts';
import { inSlices } from '../core/slices.ts';
import { openRegular } from '../files/regular.ts';
import { tooLarge } from './csv-records.ts';
import { digesting } from './file-digest.ts';
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
  state: FileState;
}

/** What tells without reading it whether a file was written since it was read. */
export interface FileState {
  dev: bigint;
  ino: bigint;
  size: bigint;
  modifiedNs: bigint;
  changedNs: bigint;
  /** When it was read, epoch ms. */
  readAt: number;
}

/** What was read of a file. */
export interface KnownFile {
  digest: string;
  state: FileState;
}

/** As much as is held in memory of a file that others write: a hundred thousand experiments, with room. */
export const LOG_MAX_BYTES = 64 * 1024 * 1024;
/** The same of any other file beside the log. */
const CONTENT_MAX_BYTES = 4 * 1024 * 1024;
/** A file that was written so shortly before it was read may be written again at the same time of its own clock: that may be coarse. */
const COARSE_MS = 2_100;
/** For so long times are relied on that say that nobody wrote: the clock of another machine may have been set back. */
const RELIED_ON_MS = 60_000;

/** The current file; undefined when there is none. Error `log-too-large`, with nothing read, when it has more than `most` bytes. */
export async function readContent(path: string, most = CONTENT_MAX_BYTES): Promise<FileContent | undefined> {
  const file = await openLog(path);
  if (!file) return undefined;
  try {
    const state = await stateOf(file);
    mustFit(Number(state.size), most);
    return { bytes: await file.readFile(), modifiedMs: Number(state.modifiedNs / 1_000_000n), state };
  } finally {
    await file.close();
  }
}

/** Whether the file that stands there is certainly the one that was read, without reading it. */
export async function isAsRead(path: string, read: FileState): Promise<boolean> {
  if (Date.now() - read.readAt >= (isCertain(read) ? RELIED_ON_MS : COARSE_MS)) return false;
  const file = await openLog(path);
  if (!file) return false;
  try {
    return isSame(await stateOf(file), read);
  } finally {
    await file.close();
  }
}

async function openLog(path: string): Promise<FileHandle | undefined> {
  const real = await mustNotBeLedAway(path);
  return real === undefined ? undefined : openRegular(real, constants.O_NOFOLLOW).catch(notThere);
}

async function stateOf(file: FileHandle): Promise<FileState> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return { dev, ino, size, modifiedNs: mtimeNs, changedNs: ctimeNs, readAt: Date.now() };
}

function isSame(now: FileState, read: FileState): boolean {
  return now.changedNs === read.changedNs && isWrittenAsBefore(now, read);
}

/** Renaming and removing a file are changes of it, and no writing. */
function isWrittenAsBefore(now: FileState, read: FileState): boolean {
  const { dev, ino, size, modifiedNs } = read;
  return now.dev === dev && now.ino === ino && now.size === size && now.modifiedNs === modifiedNs;
}

/** Whether a later writing must show in its times. */
function isCertain({ modifiedNs, readAt }: FileState): boolean {
  return readAt - Number(modifiedNs / 1_000_000n) >= COARSE_MS;
}

function mustFit(size: number, most: number): void {
  if (size > most) throw tooLarge(`it has ${size}`, counted(most, 'byte'));
}

/** Reads a file that a rename has taken out of its folder, where a program that had opened it may still write. */
export interface ReplacedFile {
  /** Null where it is certainly as it was read before. Error `log-too-large` when it has more than `most` bytes. */
  read(most: number): Promise<Buffer | null>;
  close(): Promise<void>;
}

/** What a file holds that is to be replaced: its bytes, or what was read of it; undefined for none. */
type Expected = Buffer | KnownFile | undefined;
/** The whole of what is to be written; it may be in pieces. */
type Contents = Buffer | readonly Buffer[];

/** Replaces a file in one step; see `replaceFile`. */
type Replace = (
  expected: Expected,
  contents: Contents,
) => Promise<{ replaced: ReplacedFile | undefined; state: FileState } | null>;

/**
 * Puts `contents` in the place of the file in one step, with the mode (and where possible the owner) of the one before,
 * unless the file no longer holds `expected`. Returns null then, and nothing has changed.
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
    return await work((expected, contents) => replaceLocked(target, expected, contents));
  } finally {
    await unlock();
  }
}

/** Between the look at the file and the renaming nobody else of ours may rename: the lock is what makes it one step. */
async function replaceLocked(path: string, expected: Expected, contents: Contents): ReturnType<Replace> {
  await removeLeftovers(path);
  const temporary = beside(path, `${process.pid}-${randomUUID().slice(0, 8)}.tmp`);
  const before = await stat(path).catch(notThere);
  const file = await open(temporary, 'wx', 0o600);
  let old: FileHandle | undefined;
  try {
    for (const piece of Array.isArray(contents) ? contents : [contents]) await file.writeFile(piece);
    if (before) await file.chown(before.uid, before.gid).catch(() => {});
    await file.chmod(before ? before.mode & 0o777 : newFileMode());
    await file.sync();
    old = await openRegular(path).catch(notThere);
    const state = old && (await stateOf(old));
    const isExpected = state === undefined ? expected === undefined : await holds(old!, state, expected);
    // A temporary file that is gone: somebody took us for dead and writes now.
    if (isExpected && (await rename(temporary, path).then(() => true, notThere)))
      return { replaced: old && keptOpen(old, state!), state: await stateOf(file) };
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

/** A file that has grown is not read to see that it is another, and one that nobody wrote not to see that it is the same. */
async function holds(file: FileHandle, now: FileState, expected: Expected): Promise<boolean> {
  if (!expected) return false;
  if (Buffer.isBuffer(expected))
    return Number(now.size) === expected.length && expected.equals(await file.readFile());
  const { state, digest } = expected;
  if (isCertain(state) && isSame(now, state)) return true;
  return now.size === state.size && (await inSlices(digesting([await file.readFile()]))) === digest;
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

function keptOpen(file: FileHandle, before: FileState): ReplacedFile {
  return {
    async read(most) {
      const now = await stateOf(file);
      if (isCertain(before) && isWrittenAsBefore(now, before)) return null;
      mustFit(Number(now.size), most);
      const bytes = Buffer.alloc(Number(now.size));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
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
