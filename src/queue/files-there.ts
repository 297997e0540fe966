import type { FilePart, FileState, FolderEntry, RunFiles } from '../core/queue.ts';
import { RefusedThere } from '../hosts/connection.ts';
import type { Host } from '../hosts/host.ts';
import { runFileErrors } from './run-file-errors.ts';

/**
 * Reads one run's folder on another host, and nothing outside it: createRunFiles there. `like` is another folder, whose owner's
 * files alone are read, as createJobFiles does here.
 */
export function createFilesThere(host: Pick<Host, 'ask'>, folder: string, like?: string): RunFiles {
  const fields = { folder, ...(like === undefined ? {} : { like }) };

  async function ask<T>(deed: string, path: string, more: object = {}): Promise<{ ok: T; payload: Buffer }> {
    try {
      const answer = await host.ask({ do: deed, path, ...fields, ...more });
      return { ok: answer.ok as T, payload: answer.payload };
    } catch (error) {
      throw error instanceof RefusedThere ? refusal(error, path) : error;
    }
  }

  function refusal({ code, about, message }: RefusedThere, path: string): Error {
    if (code === 'led-away') return runFileErrors.ledAway(folder, String(about.link));
    if (code === 'leads-out') return runFileErrors.leadsOut(folder, path);
    if (code === 'others-file') return runFileErrors.othersFile(folder, path);
    if (code === 'others-folder') return runFileErrors.othersFolder(folder);
    if (code === 'not-there') return runFileErrors.notThere(folder, path);
    if (code === 'no-file') return runFileErrors.noFile(folder, path);
    return runFileErrors.unreadable(folder, path, new Error(message));
  }

  async function readParts(path: string, parts: readonly FilePart[]): Promise<Buffer[]> {
    const { ok: lengths, payload } = await ask<number[]>('read', path, { parts });
    let at = 0;
    return lengths.map((length) => {
      at += length;
      return payload.subarray(at - length, at);
    });
  }

  return {
    exists: async () => (await ask<boolean>('exists', '.')).ok,
    list: async (path) => (await ask<string[]>('list', path)).ok,
    entries: async (path, most) => (await ask<FolderEntry[]>('entries', path, { most })).ok,
    changedAt: async (path) => (await ask<number | null>('changedAt', path)).ok,
    isLink: async (path) => (await ask<boolean>('isLink', path)).ok,
    stat: async (path) => (await ask<FileState | null>('stat', path)).ok,
    async read(path, start, end) {
      const [part] = await readParts(path, [[start, end]]);
      return part!;
    },
    readParts,
  };
}
