import { constants, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isTrusted, ownUid, userName } from './trusted.ts';
import { type Steps, walk } from './walk.ts';

/** A step on the way to a path, as far as it is judged. */
type Step = { path: string; stat: Pick<Stats, 'mode' | 'uid' | 'gid'> };

/** The host that a path is on. */
export interface FileHost {
  walk(path: string): Steps<Step>;
  isTrusted(uid: number): boolean;
  ownUid(): number;
  userName(uid: number): string;
}

const HERE: FileHost = { walk, isTrusted, ownUid, userName };

export type FileKind = 'file' | 'folder' | 'socket';

/** What lets others change or read a path. */
export type Fault =
  /** It belongs to somebody else, or a link that stands in its place does. */
  | 'foreign'
  /** The folder that it is in does. */
  | 'foreign folder'
  /** A folder further up does, or a link on the way. */
  | 'foreign above'
  /** Everybody on the host may write it. */
  | 'open'
  /** Everybody may put something else in its place: a folder on the way is open, and not sticky. */
  | 'open above'
  /** A group of several may write it. */
  | 'group'
  /** A group of several may put something else in its place. */
  | 'group above'
  /** Others than its owner may read it. */
  | 'readable'
  /** It is not what it has to be, as a named pipe in the place of a file. */
  | 'kind';

export interface Flaw {
  fault: Fault;
  /** Where it is: the path itself, or a step on the way. */
  path: string;
  /** The end of a sentence that begins with that path. */
  words: string;
  /** What mends it, as it is typed in a shell. */
  cure: string;
}

const OPEN = 0o002;
const GROUP = 0o020;
const OTHERS = 0o077;
const STICKY = 0o1000;

/** Who may change or read a path besides those who are trusted. What is not there has only the flaws of the way to it. */
export function flawsOf(path: string, kind: FileKind, host: FileHost = HERE): Flaw[] {
  const wanted = resolve(path);
  const { steps, end } = host.walk(wanted);
  const folders = [dirname(wanted), ...(end ? [dirname(end.path)] : [])];
  const ways = steps.filter((step) => step !== end);
  return [
    ...steps
      .filter(({ stat }) => !host.isTrusted(stat.uid))
      .map(foreign)
      .reverse(),
    ...ways.filter(({ stat }) => isOf(stat, constants.S_IFDIR) && !(stat.mode & STICKY)).flatMap(writableBy),
    ...(end ? flawsOfEnd(end, kind) : []),
  ];

  function foreign({ path: at, stat }: Step): Flaw {
    const isLink = isOf(stat, constants.S_IFLNK);
    const fault =
      at === wanted || at === end?.path
        ? 'foreign'
        : folders.includes(at)
          ? 'foreign folder'
          : 'foreign above';
    return {
      fault,
      path: at,
      words: `${isLink ? 'is a link of' : 'belongs to'} ${host.userName(stat.uid)}`,
      cure: isLink
        ? `rm ${inShell(at)}`
        : `chown ${inShell(host.userName(host.ownUid()).replace(/^uid /, ''))} ${inShell(at)}`,
    };
  }
}

/** Who may put something else into a folder on the way. */
function writableBy(step: Step): Flaw[] {
  return writable(step).map((flaw) => ({
    ...flaw,
    fault: flaw.fault === 'open' ? 'open above' : 'group above',
  }));
}

function flawsOfEnd(end: Step, kind: FileKind): Flaw[] {
  const { path, stat } = end;
  const there = kindOf(stat);
  const wrongKind: Flaw = {
    fault: 'kind',
    path,
    words: `is ${there}, where a ${kind} has to be`,
    cure: `mv ${inShell(path)} ${inShell(`${path}.aside`)}`,
  };
  const readable: Flaw = {
    fault: 'readable',
    path,
    words: `is open to others (mode ${(stat.mode & 0o7777).toString(8).padStart(4, '0')})`,
    cure: `chmod go= ${inShell(path)}`,
  };
  if (there !== `a ${kind}`) return [wrongKind];
  return [...writable(end), ...(stat.mode & OTHERS ? [readable] : [])];
}

function writable({ path, stat }: Step): Flaw[] {
  if (stat.mode & OPEN)
    return [
      { fault: 'open', path, words: 'may be written by everybody', cure: `chmod o-w ${inShell(path)}` },
    ];
  if (isSharedWithGroup(stat))
    return [
      {
        fault: 'group',
        path,
        words: `may be written by group ${stat.gid}`,
        cure: `chmod g-w ${inShell(path)}`,
      },
    ];
  return [];
}

/**
 * Whether a group of several may write it. A user's own group has the user's number on hosts that make one for each
 * (useradd(8), USERGROUPS_ENAB), and which groups may write what is root's, root has chosen.
 */
function isSharedWithGroup({ mode, uid, gid }: Step['stat']): boolean {
  return (mode & GROUP) !== 0 && gid !== uid && uid !== 0;
}

function kindOf(stat: Step['stat']): string {
  if (isOf(stat, constants.S_IFREG)) return 'a file';
  if (isOf(stat, constants.S_IFDIR)) return 'a folder';
  if (isOf(stat, constants.S_IFSOCK)) return 'a socket';
  return isOf(stat, constants.S_IFIFO) ? 'a named pipe' : 'a device';
}

function isOf({ mode }: Step['stat'], kind: number): boolean {
  return (mode & constants.S_IFMT) === kind;
}

/** A word as a shell reads it. */
function inShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
