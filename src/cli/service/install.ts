import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { say } from '../../../adapters/terminal/screen.ts';
import type { Manager } from './manager.ts';

/** A file as it is to be. */
export interface WantedFile {
  path: string;
  /** What it holds; null: it is to be gone. */
  text: string | null;
  /** The same for people, where it holds secrets. */
  shown?: string;
  mode: number;
}

/** What is to be done, in order: files first, then commands. */
export interface Plan {
  files: readonly WantedFile[];
  commands: readonly (readonly string[])[];
}

/** Those that are not as they are to be. */
export function changedFiles(files: readonly WantedFile[]): WantedFile[] {
  return files.filter(({ path, text, mode }) => {
    const found = read(path);
    if (text === null || found === null) return text !== found;
    return found !== text || (statSync(path).mode & 0o777) !== mode;
  });
}

/** Says everything that would be written and called. */
export function showPlan({ files, commands }: Plan): void {
  for (const { path, text, shown = text, mode } of files) {
    if (shown === null) say(`Would remove ${path}`);
    else say(`Would write ${path} (mode ${mode.toString(8)}):\n\n${indented(shown)}`);
  }
  for (const argv of commands) say(`Would call: ${argv.join(' ')}`);
}

/** Does it, and says what. Error `systemd`. */
export async function carryOut({ files, commands }: Plan, manager: Manager): Promise<void> {
  for (const { path, text, mode } of files) {
    if (text === null) rmSync(path, { force: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      // A new one, so that nobody who may read the old one reads what it holds now.
      rmSync(path, { force: true });
      writeFileSync(path, text, { mode });
    }
    say(`${text === null ? 'Removed' : 'Wrote'} ${path}`);
  }
  for (const argv of commands) {
    await manager.change(argv);
    say(`Called: ${argv.join(' ')}`);
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
