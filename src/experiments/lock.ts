import { randomUUID } from 'node:crypto';
import { constants, readlinkSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { BotError } from '../core/errors.ts';
import { openRegular } from '../files/regular.ts';
import { processStat } from '../processes/stat.ts';

/** Milliseconds. */
export const LOCK_TIMINGS = {
  /** A writer of another machine, of whose life nothing can be known here, is given this long. */
  silentMs: 10_000,
  /** A command on 50,000 rows holds the lock for a second or two; several may stand in line. */
  waitMs: 30_000,
};
const LOOK_MS = 5;
/** Whatever the maker's umask: everybody who may write here has to know whose lock it is. */
const READABLE_MODE = 0o644;

/** What is said of a link, and of a socket, where a file was to be opened. */
const NO_LOCK: ReadonlySet<string> = new Set(['ELOOP', 'ENXIO']);

/** Who holds a lock, as it stands in the lock's file. */
interface Holder {
  /** The machine, and the space in which its process ids count. */
  place: string;
  pid: number;
  /** When the process began, in the system's own count: an id is used again, this is not. Empty where it is unknown. */
  started: string;
  token: string;
}

/**
 * Waits until the file at `path` can be made, which only one program can at a time, and returns what removes it. What a
 * program left there that has died is taken over at once, what one of another machine left after `silentMs`. Error
 * `file-busy` when somebody else holds it for too long.
 */
export async function lock(
  path: string,
  timings: Partial<typeof LOCK_TIMINGS> = {},
): Promise<() => Promise<void>> {
  const { silentMs, waitMs } = { ...LOCK_TIMINGS, ...timings };
  const own = JSON.stringify(holderHere());
  const until = performance.now() + waitMs;
  let seen = { text: '', since: performance.now() };
  for (;;) {
    const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return null;
      throw error;
    });
    if (file) {
      await file
        .chmod(READABLE_MODE)
        .then(() => file.writeFile(own))
        .catch(async (error) => {
          await rm(path, { force: true });
          throw error;
        })
        .finally(() => file.close());
      return () => removeIf(path, own);
    }
    const text = (await contentOf(path)) ?? '';
    const now = performance.now();
    if (text !== seen.text) seen = { text, since: now };
    const holder = holderOf(text);
    const isHere = holder?.place === placeHere();
    if (isHere ? hasDied(holder) : now - seen.since > silentMs) await takeOver(path, text);
    else if (now > until) throw busy(path, holder, waitMs);
    await sleep(LOOK_MS);
  }
}

/** Two that find the same dead lock must not remove each other's new one, so one of them looks again, alone. */
async function takeOver(path: string, text: string): Promise<void> {
  const release = await lock(`${path}.over`);
  try {
    await removeIf(path, text);
  } finally {
    await release();
  }
}

async function removeIf(path: string, text: string): Promise<void> {
  if ((await contentOf(path)) === text) await rm(path, { force: true });
}

/** Empty for what no program of ours can have made there: a link, a named pipe. */
async function contentOf(path: string): Promise<string | undefined> {
  const file = await openRegular(path, constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    if (error.code === undefined || NO_LOCK.has(error.code)) return null;
    throw error;
  });
  if (!file) return file === null ? '' : undefined;
  return file.readFile('utf8').finally(() => file.close());
}

function holderHere(): Holder {
  const { pid } = process;
  return { place: placeHere(), pid, started: startOf(pid) ?? '', token: randomUUID() };
}

/** Containers may share their host's name and count processes of their own. */
function placeHere(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Undefined for a lock that is being made, or was left half made. */
function holderOf(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    return typeof holder?.place === 'string' && Number.isInteger(holder.pid) ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function hasDied({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  const now = startOf(pid);
  return now !== undefined && started !== '' && now !== started;
}

/** Empty for one that is dead and not yet collected, undefined where it is unknown. */
function startOf(pid: number): string | undefined {
  const stat = processStat(pid);
  return stat?.isZombie ? '' : stat?.startTicks;
}

function busy(path: string, holder: Holder | undefined, waitedMs: number): BotError {
  const who = holder ? `process ${holder.pid} on ${holder.place.split(' ')[0]}` : 'somebody';
  return new BotError(
    'file-busy',
    `${path} has been locked for ${waitedMs / 1000} s by ${who}.`,
    'Try again in a moment. If that program hangs, stop it; the next one then continues.',
  );
}
