import { execFile } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../helpers.ts';

/** Users that need not exist: the one who runs the bot, another of the same host, and a group of several. */
export const ADA = 41_001;
export const BOB = 41_002;
export const TEAM = 41_100;
export const IS_ROOT = process.getuid?.() === 0;

/** A call of a function of ours, and of a method of what it returns. */
export interface Call {
  module: string;
  name: string;
  args: unknown[];
  then?: [method: string, ...args: unknown[]];
}
export interface Outcome {
  value?: unknown;
  /** The message and the hint. */
  error?: string;
}

const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;
const SCRIPT = fileURLToPath(new URL('./calls.ts', import.meta.url));

/** A call of what `file`, a path in `src`, exports. */
export function call(file: string, name: string, args: unknown[], then?: Call['then']): Call {
  return {
    module: new URL(`../../src/${file}`, import.meta.url).href,
    name,
    args,
    ...(then ? { then } : {}),
  };
}

/** Makes the calls one after another in a process of that user's; only root can. */
export function asUser(uid: number, calls: readonly Call[]): Promise<Outcome[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [SCRIPT], { maxBuffer: OUTPUT_MAX_BYTES }, (error, out, said) =>
      error ? reject(new Error(said || error.message)) : resolve(JSON.parse(out) as Outcome[]),
    );
    child.stdin!.end(JSON.stringify({ uid, calls }));
  });
}

/** A folder that everybody may enter, root's. */
export function sharedFolder(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  return folder;
}

/** Makes a folder, a file of a text, or a link for its owner. */
export const make = {
  folder(path: string, owner = ADA, mode = 0o700): string {
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
    chownSync(path, owner, owner);
    return path;
  },
  file(path: string, owner = ADA, mode = 0o600, content = 'text\n'): string {
    writeFileSync(path, content);
    chmodSync(path, mode);
    chownSync(path, owner, owner);
    return path;
  },
  link(path: string, target: string, owner = ADA): string {
    symlinkSync(target, path);
    lchownSync(path, owner, owner);
    return path;
  },
};

/** The permissions of what lies there, as in `chmod`. */
export function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o7777).toString(8).padStart(4, '0');
}
