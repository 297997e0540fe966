import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { BotError } from '../core/errors.ts';
import { type FollowedRun, SIGNS } from '../core/followed.ts';
import { isSameJob, type JobKey, jobIdMeant } from '../core/job.ts';
import { allows, type Person } from '../core/person.ts';
import type { MutationResult } from '../core/queue.ts';
import type { AskedFollow, FollowService } from '../core/services/follow.ts';
import { taskOf } from './follow-task.ts';

/** Whoever is asked to follow something is told what it would be called by and where it lies. */
type Prepared = Omit<FollowedRun, 'number' | 'end' | 'followedAt'>;

/** The queue of followed runs, as far as this needs it. */
export interface FollowPort {
  follow(run: Prepared): JobKey;
  leave(key: JobKey, because: string): MutationResult;
  followed(): { key: JobKey; run: FollowedRun }[];
}

/** Begins and ends the following of runs, and says who may. */
export function createFollowService(deps: {
  queue: FollowPort;
  /** When a process began, epoch seconds; undefined: there is none. */
  processStartedAt(pid: number): number | undefined;
  userName(uid: number): Promise<string | undefined>;
  /** Whether a Unix user is somebody's own. */
  ownsAs(person: Person, unix: string): boolean;
  nameOf(key: JobKey): string;
  /** Of the bot: nothing of it is a run. */
  dataDir: string;
  home: string;
  silentMs: number;
  /** Whether this is a bot, which goes on, and no single command. */
  isBot: boolean;
  /** Resolves when the database has what the queue told. */
  settle(): Promise<void>;
}): FollowService {
  const { queue, nameOf } = deps;

  async function ownerOf({ uid }: Stats): Promise<{ name: string; isBots: boolean }> {
    return { name: (await deps.userName(uid)) ?? `uid ${uid}`, isBots: uid === process.getuid?.() };
  }

  /** Error `not-allowed`. */
  async function mustBeTheirs(person: Person, folder: string, found: Stats): Promise<void> {
    const { name, isBots } = await ownerOf(found);
    const isTheirs = deps.ownsAs(person, name);
    if (isTheirs && person.mayRunOwn) return;
    if (!allows(person.role, 'operator'))
      throw new BotError(
        'not-allowed',
        isTheirs || !person.mayRunOwn
          ? '"watch follow" needs the role operator.'
          : `"watch follow" needs the role operator; ${folder} belongs to ${name}, and your own folders are those of your Unix user.`,
        'An admin can change that under people: in xaxbot.yaml.',
      );
    if (isTheirs || isBots) return;
    throw new BotError(
      'not-allowed',
      `${folder} belongs to ${name}: it is neither yours nor this bot's, and is not read.`,
      'Its owner can follow it; which Unix user is whose stands under people: in xaxbot.yaml.',
      'folder',
    );
  }

  async function prepared(asked: AskedFollow, person: Person): Promise<Prepared> {
    const { folder, found } = await folderOf(asked.folder);
    await mustBeTheirs(person, folder, found);
    mustBeOfARun(folder);
    const already = queue.followed().find(({ run }) => run.folder === folder);
    if (already)
      throw new BotError(
        'followed-already',
        `${folder} is followed already, as ${nameOf(already.key)}.`,
        `"watch unfollow ${nameOf(already.key)}" ends that.`,
        'folder',
      );
    const begun = asked.pid === undefined ? undefined : deps.processStartedAt(asked.pid);
    if (asked.pid !== undefined && begun === undefined)
      throw new BotError(
        'no-process',
        `There is no process ${asked.pid} on this host.`,
        'Name the one that trains (its PID, as ps shows it), or leave pid out: then its writes are watched.',
        'pid',
      );
    const madeAt = Math.min(found.birthtimeMs || found.ctimeMs, Date.now()) / 1000;
    return {
      folder,
      task: asked.task ?? taskOf(folder),
      process: asked.pid === undefined ? null : { pid: asked.pid, startedAt: begun! },
      startedAt: begun ?? madeAt,
      silentMs: asked.minutes === undefined ? deps.silentMs : asked.minutes * 60_000,
    };
  }

  /** Error `no-folder` for what holds more than runs: the bot's own data, a home, hidden settings. */
  function mustBeOfARun(folder: string): void {
    const isAround = (path: string) => isWithin(folder, path);
    const isHidden = relative(deps.home, folder)
      .split(sep)
      .some((part) => part.startsWith('.') && part !== '..');
    const why = isWithin(deps.dataDir, folder)
      ? "is the bot's own"
      : isAround(deps.home) || isAround(deps.dataDir)
        ? 'holds far more than a run'
        : isWithin(deps.home, folder) && isHidden
          ? 'is hidden in a home, where settings and keys are'
          : null;
    if (why === null) return;
    throw new BotError(
      'no-folder',
      `${folder} ${why}.`,
      'Name the folder that the training writes to.',
      'folder',
    );
  }

  return {
    // What an agent asks for is decided on by an operator.
    check: async (asked, person) =>
      void (await prepared(asked, person.role === 'agent' ? { ...person, role: 'operator' } : person)),
    async follow(asked, person) {
      const run = await prepared(asked, person);
      const job = queue.follow(run);
      await deps.settle();
      const { folder, process, silentMs } = run;
      return {
        jobId: nameOf(job),
        job,
        folder,
        pid: process?.pid ?? null,
        silentMs: process ? null : silentMs,
        isLater: !deps.isBot,
      };
    },
    async unfollow(which, person, by) {
      const all = queue.followed();
      const folder = typeof which === 'string' && isAbsolute(which) ? await realOf(which) : undefined;
      const id = typeof which === 'string' ? jobIdMeant(which) : undefined;
      const found = all.find(({ key, run }) =>
        typeof which === 'string' ? key.jobId === id || run.folder === folder : isSameJob(which, key),
      );
      if (!found)
        throw new BotError(
          'not-followed',
          `${typeof which === 'string' ? which : nameOf(which)} is not followed.`,
          all.length === 0 ? 'No run is.' : `Followed are ${all.map(({ key }) => nameOf(key)).join(', ')}.`,
        );
      const { key, run } = found;
      const there = await stat(run.folder).catch(() => null);
      // Of a folder that is gone whoever may end any following may end it.
      if (there) await mustBeTheirs(person, run.folder, there);
      else if (!allows(person.role, 'operator'))
        throw new BotError('not-allowed', '"watch unfollow" needs the role operator.');
      const left = queue.leave(key, SIGNS.left(by.name));
      if (!left.done) throw new BotError('not-followed', `${nameOf(key)} ${left.reason}.`);
      await deps.settle();
      return { jobId: nameOf(key), folder: run.folder };
    },
  };
}

/** A folder as it lies there, links resolved. Error `no-folder`. */
async function folderOf(typed: string): Promise<{ folder: string; found: Stats }> {
  const wrong = (why: string, hint: string) => new BotError('no-folder', `${typed} ${why}.`, hint, 'folder');
  if (!isAbsolute(typed))
    throw wrong('is not a whole path', 'Begin with a slash: nobody knows here which folder you are in.');
  const folder = await realOf(typed);
  const found = folder === undefined ? null : await stat(folder).catch(() => null);
  if (folder === undefined || !found?.isDirectory())
    throw wrong(
      found ? 'is no folder' : 'is not there, or cannot be read',
      'Name the folder that the training writes to, on the host of this bot.',
    );
  return { folder, found };
}

async function realOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}

/** Whether `path` is `folder` or lies below it. */
function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
