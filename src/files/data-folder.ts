import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hold, type Remark } from './walls.ts';

/** Makes the data folder where it is not there yet, for its owner alone, and holds it. Error `not-ours`. */
export function makeDataFolder(folder: string): Remark[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return holdDataFolder(folder);
}

/**
 * Holds the data folder and what stands in it: from then on nobody else can put anything there. Returns what was mended, or is
 * to be said; what is closed in a folder that nobody else could enter is not. Error `not-ours`.
 */
export function holdDataFolder(folder: string): Remark[] {
  const ofFolder = hold('data folder', folder);
  if (!existsSync(folder)) return ofFolder;
  const wasOpen = ofFolder.some(({ act }) => act === 'mend');
  return [
    ...ofFolder,
    ...readdirSync(folder).flatMap((entry) => {
      const path = join(folder, entry);
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
      const name = entry.endsWith('.sock') ? 'socket of ours' : isFolder ? 'folder of ours' : 'file of ours';
      return hold(name, path).filter(({ act }) => wasOpen || act !== 'mend');
    }),
  ];
}
