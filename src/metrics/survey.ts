import { setImmediate as nextTurn } from 'node:timers/promises';
import { BotError } from '../core/errors.ts';
import type { RunFiles } from '../core/queue.ts';

/** Folders that hold no metrics, whatever is in them. */
const NEVER = new Set([
  '.git',
  '.venv',
  'venv',
  'node_modules',
  'site-packages',
  '__pycache__',
  'artifacts',
  'checkpoints',
  'weights',
  'plugins',
]);
/** What W&B links to beside and within its runs: the newest of them, and its own logs (0.30). */
const LINKS_OF_WANDB = /(^|\/)(latest-run|debug(-\w+)?\.log)$/;
/** A checkpoint of the Trainer has what it logged so far; what else is in it is not looked at. */
const CHECKPOINT = /^checkpoint-\d+$/;
const STATE = 'trainer_state.json';
/** How far a folder is walked: so deep, so many folders, so many names in one of them and in all; and of files so many are told. */
export interface Reach {
  depth: number;
  folders: number;
  names: number;
  allNames: number;
  files: number;
}
/** A run's own folder. */
const RUN: Reach = { depth: 12, folders: 5_000, names: 20_000, allNames: 200_000, files: 500 };
/** Of the folders that have nothing to do with metrics so far, the part that is looked at each time. */
const PART = 1 / 24;
const PART_MIN = 2;
/** Two changes within one tick of the kernel's clock leave a folder the same time (at 100 Hz): one that changed so recently is read once more. */
const TICK_MS = 10;
/** Names that are looked at between two turns of the event loop. */
const NAMES_AT_ONCE = 1_000;

/** What a file may be. */
export interface Kind {
  /** Whether a file may be of it, by its path below the run's folder. */
  claims(path: string): boolean;
  /** Of the files that it claims, those that are read; absent: all. */
  chosen?(paths: readonly string[]): string[];
}

export interface FoundFile<K extends Kind = Kind> {
  path: string;
  kind: K;
}

export interface Surveyed<K extends Kind = Kind> {
  /** By kind in their order, and by path within each. */
  files: readonly FoundFile<K>[];
  /** What is there and is not looked at, and why. */
  unread: readonly { path: string; why: string }[];
}

interface Folder<K extends Kind> {
  path: string;
  depth: number;
  changedAt: number;
  names: number;
  /** Files of it that a kind claims. */
  files: FoundFile<K>[];
  /** Folders within it. */
  inner: string[];
  unread: { path: string; why: string }[];
}

export interface Survey<K extends Kind> {
  /** What is there now. Errors as of its files. */
  look(): Promise<Surveyed<K>>;
}

/**
 * Which files a run's folder has of what is looked for. The first look walks it; later ones ask the folders that have such files, and
 * those on the way to them, whether a name came or went, and of all others a part each time, one after the other: what was
 * found once costs next to nothing, and what appears in a new place is found within some looks.
 */
export function createSurvey<K extends Kind>(files: RunFiles, kinds: readonly K[], reach = RUN): Survey<K> {
  const known = new Map<string, Folder<K>>();
  /** Those with metrics and those on the way to them, and the others; made anew once a folder was read. */
  let parted: { warm: Folder<K>[]; cold: Folder<K>[] } | null = null;
  let names = 0;
  let turn = 0;
  let last: Surveyed<K> | null = null;

  async function look(): Promise<Surveyed<K>> {
    if (!known.has('.')) await visit('.', 0);
    else {
      const asked = foldersToAsk();
      const changed = await Promise.all(
        asked.map(async (folder) =>
          (await files.changedAt(folder.path)) === folder.changedAt ? null : folder,
        ),
      );
      if (changed.every((each) => each === null)) return last!;
      for (const folder of changed) if (folder) await visit(folder.path, folder.depth);
    }
    last = result();
    return last;
  }

  /** Those with metrics and those on the way to them, and the next of the others. */
  function foldersToAsk(): Folder<K>[] {
    parted ??= partedNow();
    const { warm, cold } = parted;
    const count = Math.min(cold.length, Math.max(PART_MIN, Math.ceil(cold.length * PART)));
    const some = Array.from({ length: count }, (_, index) => cold[(turn + index) % cold.length]!);
    turn = cold.length === 0 ? 0 : (turn + count) % cold.length;
    return [...warm, ...some];
  }

  function partedNow(): NonNullable<typeof parted> {
    const withMetrics = new Set(['.']);
    for (const { path, files: own } of known.values())
      if (own.length > 0) for (const each of wayTo(path)) withMetrics.add(each);
    const [warm, cold]: Folder<K>[][] = [[], []];
    for (const folder of known.values()) (withMetrics.has(folder.path) ? warm : cold)!.push(folder);
    return { warm: warm!, cold: cold! };
  }

  /** Reads a folder's names anew, and walks the folders in it that were not there. */
  async function visit(path: string, depth: number): Promise<void> {
    const before = known.get(path);
    // Asked for first: what comes while the names are read is seen at the next look.
    const changedAt = await files.changedAt(path);
    if (changedAt === null) return forget(path);
    const isSettled = Date.now() - changedAt > TICK_MS;
    const folder: Folder<K> = {
      path,
      depth,
      changedAt: isSettled ? changedAt : Number.NaN,
      names: 0,
      files: [],
      inner: [],
      unread: [],
    };
    parted = null;
    names -= before?.names ?? 0;
    known.set(path, folder);
    for (const [index, { name, kind }] of (await namesOf(folder)).entries()) {
      if (index % NAMES_AT_ONCE === NAMES_AT_ONCE - 1) await nextTurn();
      const inner = path === '.' ? name : `${path}/${name}`;
      if (kind === 'file') claim(folder, inner);
      else if (kind === 'link') link(folder, inner);
      else if (kind === 'folder' && CHECKPOINT.test(name)) claim(folder, `${inner}/${STATE}`);
      else if (kind === 'folder' && !NEVER.has(name)) folder.inner.push(inner);
    }
    for (const gone of before?.inner ?? []) if (!folder.inner.includes(gone)) forget(gone);
    for (const inner of folder.inner) {
      if (known.has(inner)) continue;
      if (depth + 1 > reach.depth || known.size >= reach.folders) {
        folder.unread.push({ path: inner, why: tooMuch(depth + 1, reach) });
        continue;
      }
      await visit(inner, depth + 1);
    }
  }

  async function namesOf(folder: Folder<K>) {
    const most = Math.min(reach.names, Math.max(0, reach.allNames - names));
    try {
      const entries = await files.entries(folder.path, most);
      folder.names = entries.length;
      names += entries.length;
      if (entries.length === most)
        folder.unread.push({
          path: folder.path,
          why: `has more than ${most} names; the others are not looked at`,
        });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      if (!(error instanceof BotError)) throw error;
      folder.unread.push({ path: folder.path, why: error.message });
      return [];
    }
  }

  function claim(folder: Folder<K>, path: string): void {
    const kind = kinds.find(({ claims }) => claims(path));
    if (!kind) return;
    // Its bytes are lost, and with them the way to it.
    if (path.includes('\ufffd'))
      folder.unread.push({ path, why: 'has a name that is not UTF-8; it is not read' });
    else folder.files.push({ path, kind });
  }

  /** A link is not followed: it may lead anywhere, also back here. Of one that looks like metrics it is said. */
  function link(folder: Folder<K>, path: string): void {
    if (LINKS_OF_WANDB.test(path) || !kinds.some(({ claims }) => claims(path))) return;
    folder.unread.push({ path, why: 'is a link; links are not followed' });
  }

  function forget(path: string): void {
    const folder = known.get(path);
    if (!folder) return;
    for (const each of folder.inner) forget(each);
    known.delete(path);
    names -= folder.names;
    parted = null;
  }

  function result(): Surveyed<K> {
    const folders = [...known.values()];
    const unread = folders.flatMap((folder) => folder.unread);
    const all = folders.flatMap((folder) => folder.files);
    const chosen = kinds.flatMap((kind) => {
      const paths = all.filter((each) => each.kind === kind).map(({ path }) => path);
      return (kind.chosen?.(paths.sort()) ?? paths.sort()).map((path) => ({ path, kind }));
    });
    if (chosen.length > reach.files)
      unread.push({
        path: '.',
        why: `has ${chosen.length} files of metrics and settings; the first ${reach.files} are read. Is it a folder of many runs?`,
      });
    return { files: chosen.slice(0, reach.files), unread };
  }

  return { look };
}

/** What is wrong with a file or folder, in words that follow its path. Any other error than `run-file` is thrown on. */
export function whyUnread(path: string, error: unknown): string {
  if (!(error instanceof BotError) || error.code !== 'run-file') throw error;
  return error.message.replace(`${path} `, '').replace(/\.$/, '');
}

/** The folder itself and those above it, up to the run's own. */
function wayTo(path: string): string[] {
  if (path === '.') return ['.'];
  const parts = path.split('/');
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

function tooMuch(depth: number, { depth: deepest, folders }: Reach): string {
  return depth > deepest
    ? `lies more than ${deepest} folders deep; it is not looked at`
    : `is one of more than ${folders} folders; it is not looked at`;
}
