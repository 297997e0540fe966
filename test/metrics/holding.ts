import type { RunFiles } from '../../src/core/queue.ts';

/** A run folder that holds one file. */
export function holding(path: string, bytes: Buffer): RunFiles {
  return {
    exists: async () => true,
    list: async () => [],
    entries: async () => [],
    changedAt: async () => null,
    isLink: async () => false,
    stat: async (asked) => (asked === path ? { size: bytes.length, mtimeMs: 1, inode: 1 } : null),
    read: async (_asked, start, end) => bytes.subarray(start, end),
    readParts: async (_asked, parts) => parts.map(([start, end]) => bytes.subarray(start, end)),
  };
}
