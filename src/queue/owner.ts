import { stat } from 'node:fs/promises';
import { createUserNames } from './user-names.ts';

/** Tells the Unix name of a folder's owner; null when there is no folder or nobody knows the uid. */
export function createFolderOwner(env: NodeJS.ProcessEnv): (folder: string) => Promise<string | null> {
  const userName = createUserNames(env);
  return async (folder) => {
    const found = await stat(folder).catch(() => null);
    return (found && (await userName(found.uid))) ?? null;
  };
}
