import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const NEW_FILE_MODE = 0o644;
/** A replacement takes milliseconds, on a slow network file system a second. */
const LOCK_STALE_MS = 10_000;
const LOCK_WAIT_MS = 15_000;
const LOCK_LOOK_MS = 5;

/** A file as it was at one moment. */
export interface FileContent {
  bytes: Buffer;
  /** When it was written, epoch ms by the file's own clock. */
  modifiedMs: number;
}

/** The file as it is; undefined when there is none. */
export async function readContent(path: string): Promise<FileContent | undefined> {
  const file = await open(path, 'r').catch(notThere);
  if (!file) return undefined;
  try {
    const { mtimeMs } = await file.stat();
    return { bytes: await file.readFile(), modifiedMs: mtimeMs };
  } finally {
    await file.close();
  }
}

/** Reads a file that a rename has taken out of its folder, where a program that had opened it may still write. */
export interface ReplacedFile {
  read(): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Puts `bytes` in the place of the file in one step, with the mode (and where possible the owner) of the one before,
 * unless the file no longer holds `expected` (undefined: there was none). Returns null then, and nothing has changed.
 */
export async function replaceFile(
  path: string,
  expected: Buffer | undefined,
  bytes: Buffer,
): Promise<{ replaced: ReplacedFile | undefined } | null> {
  await mkdir(dirname(path), { recursive: true });
  const unlock = await lock(join(dirname(path), `.${basename(path)}.xaxbot.lock`));
  try {
    return await replaceLocked(path, expected, bytes);
  } finally {
    await unlock();
  }
}

/** Between the look at the file and the renaming nobody else of ours may rename: the lock is what makes it one step. */
async function replaceLocked(
  path: string,
  expected: Buffer | undefined,
  bytes: Buffer,
): Promise<{ replaced: ReplacedFile | undefined } | null> {
  const temporary = join(dirname(path), `.${basename(path)}.xaxbot.tmp`);
  const before = await stat(path).catch(notThere);
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', before ? before.mode & 0o777 : NEW_FILE_MODE);
  let old: Awaited<ReturnType<typeof open>> | undefined;
  try {
    await file.writeFile(bytes);
    if (before) {
      await file.chown(before.uid, before.gid).catch(() => {});
      await file.chmod(before.mode & 0o777);
    }
    await file.sync();
    old = await open(path, 'r').catch(notThere);
    const now = await old?.readFile();
    if (now === undefined ? expected === undefined : expected?.equals(now)) {
      await rename(temporary, path);
      return { replaced: old && keptOpen(old) };
    }
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

/** A file that only one can make; one that its maker left behind when it died is taken away. */
async function lock(path: string): Promise<() => Promise<void>> {
  const until = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST' && performance.now() < until) return null;
      throw error;
    });
    if (file) {
      await file.close();
      return () => rm(path, { force: true });
    }
    const found = await stat(path).catch(notThere);
    if (found && Date.now() - found.mtimeMs > LOCK_STALE_MS) await rm(path, { force: true });
    else await sleep(LOCK_LOOK_MS);
  }
}

function keptOpen(file: Awaited<ReturnType<typeof open>>): ReplacedFile {
  return {
    async read() {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      return bytes.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

/** Gives the file a name of its own beside its place, and returns that name. */
export async function setAside(path: string, suffix: string): Promise<string> {
  const aside = (count: number) =>
    path.replace(/\.csv$/, `.broken-${suffix}${count > 1 ? `-${count}` : ''}.csv`);
  let count = 1;
  while (await stat(aside(count)).catch(notThere)) count += 1;
  await rename(path, aside(count));
  return aside(count);
}

export function notThere(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
