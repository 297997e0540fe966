import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTwoFilesPatch } from 'diff';
import type { RunFiles } from '../core/queue.ts';
import { maskSecrets } from '../core/secrets.ts';
import type { CodeDiff } from '../core/services/runs.ts';
import { maskLong } from '../files/mask-long.ts';

/** Where xax keeps a copy of the code that a queued run was started with (launcher/queued.py of 0.4.9). */
const CODE = 'code';
/** What a copy may hold beside a team's own code. */
const SKIPPED = new Set(['__pycache__', '.git', 'node_modules', '.venv', 'venv']);
const FILES_MAX = 5_000;
/** A file larger than this is only told to differ. */
const TEXT_MAX_BYTES = 512 * 1024;
const PATCH_MAX_CHARS = 4 * 1024 * 1024;
const CONTEXT_LINES = 3;
/** A comparison of two files that takes longer is given up, and so are all once they took as long: a file is then only told to differ. */
const COMPARE_MS = 2_000;
const COMPARE_ALL_MS = 20_000;

interface CodeFile {
  hash: string;
  /** Null where it is too large to be shown, or no text. */
  read: (() => Promise<string>) | null;
}

interface Code {
  files: Map<string, CodeFile>;
  /** False where there are more files than are compared. */
  isWhole: boolean;
}

/**
 * What differs between the code that two runs were started with. `null` where one has no copy.
 * Secrets are hidden in the patch; large and binary files are counted and not shown.
 */
export async function codeDiff(
  from: RunFiles,
  to: RunFiles,
  names: [string, string],
): Promise<CodeDiff | null> {
  const [one, other] = [await codeOf(from), await codeOf(to)];
  const [before, after] = [one.files, other.files];
  if (before.size === 0 || after.size === 0) return null;
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const differing = paths.filter((path) => before.get(path)?.hash !== after.get(path)?.hash);
  const patches: string[] = [];
  const files: CodeDiff['files'] = [];
  let length = 0;
  const until = performance.now() + COMPARE_ALL_MS;
  for (const path of differing) {
    const [old, now] = [before.get(path), after.get(path)];
    const patch =
      length < PATCH_MAX_CHARS && performance.now() < until ? await patchOf(path, old, now, names) : null;
    files.push({
      path,
      kind: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
      ...(patch === null ? { added: null, removed: null } : counted(patch)),
    });
    patches.push(patch ?? `Binary or large files differ: ${path}\n`);
    length += patch?.length ?? 0;
    await nextTurn();
  }
  return {
    files,
    isWhole: one.isWhole && other.isWhole,
    patch: await maskLong(patches.join(''), maskSecrets),
  };
}

/** A hash of all the code that a run was started with; null where it has no copy, or more files than are compared. */
export async function codeHash(files: RunFiles): Promise<string | null> {
  const code = await codeOf(files);
  if (code.files.size === 0 || !code.isWhole) return null;
  const hash = createHash('sha256');
  for (const [path, file] of code.files) hash.update(`${file.hash} ${path}\n`);
  return hash.digest('hex');
}

async function codeOf(files: RunFiles): Promise<Code> {
  const found = new Map<string, CodeFile>();
  const folders = [CODE];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const name of (await files.list(folder)).sort()) {
      if (SKIPPED.has(name) || name.endsWith('.pyc')) continue;
      const path = `${folder}/${name}`;
      // A link leads elsewhere, or round in a circle: what it leads to is no part of the copy.
      if (await files.isLink(path)) continue;
      const stat = await files.stat(path);
      if (!stat) folders.push(path);
      else if (found.size >= FILES_MAX) return { files: found, isWhole: false };
      else found.set(path.slice(CODE.length + 1), await codeFile(files, path, stat.size));
    }
  }
  return { files: found, isWhole: true };
}

async function codeFile(files: RunFiles, path: string, size: number): Promise<CodeFile> {
  const hash = createHash('sha256');
  if (size > TEXT_MAX_BYTES) {
    for (let start = 0; start < size; start += TEXT_MAX_BYTES)
      hash.update(await files.read(path, start, Math.min(size, start + TEXT_MAX_BYTES)));
    return { hash: hash.digest('hex'), read: null };
  }
  const bytes = await files.read(path, 0, size);
  const read = async () => Buffer.from(await files.read(path, 0, size)).toString('utf8');
  return { hash: hash.update(bytes).digest('hex'), read: bytes.includes(0) ? null : read };
}

/** The unified diff of one file, made with pauses for others; null when it cannot be shown. */
async function patchOf(
  path: string,
  old: CodeFile | undefined,
  now: CodeFile | undefined,
  [from, to]: [string, string],
): Promise<string | null> {
  if (old?.read === null || now?.read === null) return null;
  const [before = '', after = ''] = [await old?.read(), await now?.read()];
  return new Promise((resolve) => {
    createTwoFilesPatch(`${from}/${path}`, `${to}/${path}`, before, after, '', '', {
      context: CONTEXT_LINES,
      timeout: COMPARE_MS,
      callback: (patch) => resolve(patch ?? null),
    });
  });
}

function counted(patch: string): { added: number; removed: number } {
  const lines = patch.split('\n').slice(4);
  return {
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
  };
}
