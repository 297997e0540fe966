import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Why no disk of a small size can be had here, in one line; null where one can. */
export function whyNoSmallDisk(): string | null {
  if (process.getuid?.() !== 0) return 'a small disk is mounted by root only';
  // In a mount namespace of its own, so that nothing is left of it.
  const { status } = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return status === 0 ? null : 'this machine lets nobody mount a disk';
}

/** Makes `folder` a disk of its own; the answer takes it away with all that is on it. */
export function mountSmallDisk(folder: string, bytes: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', folder]);
  return () => void execFileSync('umount', ['-l', folder]);
}

/** Writes until there is no room; the answer makes room again. */
export function fillDisk(folder: string): () => void {
  const filler = join(folder, 'filler');
  const file = openSync(filler, 'w');
  try {
    for (const size of [65_536, 1]) fillBy(file, Buffer.alloc(size));
  } finally {
    closeSync(file);
  }
  return () => rmSync(filler);
}

function fillBy(file: number, piece: Buffer): void {
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
