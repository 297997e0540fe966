import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTwoFilesPatch } from 'diff';
import type { RunFiles } from '../core/queue.ts';
import { maskSecrets } from '../core/secrets.ts';
import type { CodeDiff } from '../core/services/runs.ts';

/** Where xax keeps a copy of the code that a queued run was started with (launcher/queued.py of 0.4.9). */
const CODE = 'code';
/** What a copy may hold beside a team's own code. */
const SKIPPED = new Set(['__pycache__', '.git', 'node_modules', '.venv', 'venv']);
const FILES_MAX = 5_000;
/** A file larger than this is only told to differ. */
const TEXT_MAX_BYTES = 512 * 1024;
const PATCH_MAX_CHARS = 4 * 1024 * 1024;
const CONTEXT_LINES = 3;
/** A comparison of two files that takes longer is given up: the file is only told to differ. */
const COMPARE_MS = 1_000;

interface CodeFile {
  hash: string;
  bytes: Buffer | null;
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
  for (const path of differing) {
    const [old, now] = [before.get(path), after.get(path)];
    const patch = length < PATCH_MAX_CHARS ? patchOf(path, old, now, names) : null;
    files.push({
      path,
      kind: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
      ...(patch === null ? { added: null, removed: null } : counted(patch)),
    });
    patches.push(patch ?? `Binary or large files differ: ${path}\n`);
    length += patch?.length ?? 0;
    await nextTurn();
  }
  return { files, isWhole: one.isWhole && other.isWhole, patch: maskSecrets(patches.join('')) };
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
    return { hash: hash.digest('hex'), bytes: null };
  }
  const bytes = await files.read(path, 0, size);
  return { hash: hash.update(bytes).digest('hex'), bytes: bytes.includes(0) ? null : bytes };
}

/** The unified diff of one file; null when it cannot be shown. */
function patchOf(
  path: string,
  old: CodeFile | undefined,
  now: CodeFile | undefined,
  [from, to]: [string, string],
): string | null {
  if (old?.bytes === null || now?.bytes === null) return null;
  const text = (file: CodeFile | undefined) => file?.bytes?.toString('utf8') ?? '';
  const patch = createTwoFilesPatch(`${from}/${path}`, `${to}/${path}`, text(old), text(now), '', '', {
    context: CONTEXT_LINES,
    timeout: COMPARE_MS,
  });
  return patch ?? null;
}

function counted(patch: string): { added: number; removed: number } {
  const lines = patch.split('\n').slice(4);
  return {
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
  };
}
