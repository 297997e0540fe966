import { constants, type Dirent, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, opendir, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { BotError } from '../core/errors.ts';
import type { FilePart, FolderEntry, RunFiles } from '../core/queue.ts';
import { wayTo } from '../files/trusted.ts';
import { runFileErrors } from './run-file-errors.ts';

const { leadsOut, ledAway, noFile, notThere, othersFile, unreadable } = runFileErrors;

/** Of a folder, between two turns of the event loop. */
const NAMES_AT_ONCE = 256;

type RootOf = () => Promise<string>;

/**
 * Reads one run's folder and nothing outside it. Paths are relative to it, or absolute and inside it. Where there is an `owner`, a
 * uid, what belongs to anybody else is as if it were not there.
 */
export function createRunFiles(runDir: string, owner?: () => Promise<number | null>): RunFiles {
  let asked: Promise<string> | null = null;

  /** The folder as it lies there now, links resolved. Whoever asks before the way to it is gone has the same answer. */
  function rootOf(): Promise<string> {
    asked ??= goThere();
    return asked;
  }

  async function goThere(): Promise<string> {
    // A file system that does not answer holds up this, and nothing else.
    await stat(runDir).catch(() => {});
    asked = null;
    const { real, foreignLink } = wayTo(runDir);
    if (foreignLink !== undefined) throw ledAway(runDir, foreignLink);
    if (real === undefined) throw Object.assign(new Error(`${runDir} is not there`), { code: 'ENOENT' });
    return real;
  }

  /** What a path leads to, if it is the owner's. */
  async function ownStat(path: string | null): Promise<Stats | null> {
    const found = path === null ? null : await stat(path).catch(() => null);
    return found && (!owner || found.uid === (await owner())) ? found : null;
  }

  /** A folder's own path, if it is the owner's. */
  async function ownFolder(folder: string): Promise<string | null> {
    const path = await resolveBelow(rootOf, runDir, folder);
    return owner && !(await ownStat(path)) ? null : path;
  }

  return {
    exists: async () => (await resolveBelow(rootOf, runDir, '.')) !== null,
    async list(folder) {
      const path = await ownFolder(folder);
      if (path === null) return [];
      return readdir(path).catch((error: NodeJS.ErrnoException) => {
        if (isMissing(error)) return [];
        throw unreadable(runDir, folder, error);
      });
    },
    async entries(folder, most) {
      const path = await ownFolder(folder);
      if (path === null) return [];
      try {
        return await entriesOf(path, most);
      } catch (error) {
        if (isMissing(error)) return [];
        throw unreadable(runDir, folder, error);
      }
    },
    async changedAt(folder) {
      const found = await ownStat(await resolveBelow(rootOf, runDir, folder));
      return found?.isDirectory() ? found.mtimeMs : null;
    },
    async isLink(path) {
      const found = await lstat(resolve(runDir, path)).catch(() => null);
      return found?.isSymbolicLink() ?? false;
    },
    async stat(file) {
      const found = await ownStat(await resolveBelow(rootOf, runDir, file));
      return found?.isFile() ? { size: found.size, mtimeMs: found.mtimeMs, inode: found.ino } : null;
    },
    async read(file, start, end, into) {
      const [part] = await readParts(file, [[start, end]], into);
      return part!;
    },
    readParts: (file, parts) => readParts(file, parts),
  };

  async function readParts(file: string, parts: readonly FilePart[], into?: Buffer): Promise<Buffer[]> {
    const handle = await openBelow(rootOf, runDir, file);
    try {
      // Of what was opened, and not of what stood there before.
      if (owner && (await handle.stat()).uid !== (await owner())) throw othersFile(runDir, file);
      return await Promise.all(parts.map((part) => readPart(handle, part, into)));
    } catch (error) {
      throw error instanceof BotError ? error : unreadable(runDir, file, error);
    } finally {
      await handle.close();
    }
  }
}

async function readPart(handle: FileHandle, [start, end]: FilePart, into?: Buffer): Promise<Buffer> {
  const length = Math.max(0, end - start);
  const buffer = into && into.length >= length ? into : Buffer.allocUnsafe(length);
  const { bytesRead } = await handle.read(buffer, 0, length, start);
  return buffer.subarray(0, bytesRead);
}

/** Read in portions, so that a folder of very many names holds nothing else up. */
async function entriesOf(path: string, most: number): Promise<FolderEntry[]> {
  const found: FolderEntry[] = [];
  for await (const entry of await opendir(path, { bufferSize: NAMES_AT_ONCE })) {
    if (found.length === most) break;
    found.push({ name: entry.name, kind: kindOf(entry) });
  }
  return found;
}

function kindOf(entry: Dirent): FolderEntry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

/** `path` with symlinks resolved, if it lies below `folder`; null when it does not exist. Error `run-file` when it leads out. */
async function resolveBelow(rootOf: RootOf, folder: string, path: string): Promise<string | null> {
  try {
    if (path.includes('\0')) throw leadsOut(folder, path);
    const [root, real] = await bothOf(rootOf(), realpath(resolve(folder, path)));
    if (isWithin(root, real)) return real;
  } catch (error) {
    if (error instanceof BotError) throw error;
    if (!isMissing(error)) throw unreadable(folder, path, error);
    // A missing path inside is just missing; a path outside is refused even if it is missing.
    if (isWithin(resolve(folder), resolve(folder, path))) return null;
  }
  throw leadsOut(folder, path);
}

/**
 * Opens a regular file below `folder`. The file that was opened is checked once more by the kernel's own name for
 * it, so that a symlink that was put in place between the check and the opening leads nowhere.
 */
async function openBelow(rootOf: RootOf, folder: string, file: string): Promise<FileHandle> {
  const path = await resolveBelow(rootOf, folder, file);
  if (path === null) throw notThere(folder, file);
  // A named pipe would wait for its writer without O_NONBLOCK.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const handle = await open(path, flags).catch((error: unknown) => {
    throw unreadable(folder, file, error);
  });
  try {
    const [root, [opened, found]] = await bothOf(
      rootOf(),
      Promise.all([readlink(`/proc/self/fd/${handle.fd}`).catch(() => path), handle.stat()]),
    );
    const isBelow = isWithin(root, opened.replace(/ \(deleted\)$/, ''));
    if (found.isFile() && isBelow && !(await isOthersToo(found, root))) return handle;
  } catch (error) {
    await handle.close();
    throw error instanceof BotError ? error : unreadable(folder, file, error);
  }
  await handle.close();
  throw noFile(folder, file);
}

/** Both at once; of two errors the first's. */
async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  other.catch(() => {});
  return [await one, await other];
}

/** Whether a file has further names, in folders of others: one may be given to whatever can be read on the same disk (link(2)). */
async function isOthersToo({ nlink, uid }: Stats, root: string): Promise<boolean> {
  return nlink > 1 && uid !== (await stat(root)).uid;
}

/** Whether `path` is `folder` or lies below it; both resolved. */
function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
