import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandDeclaration } from '../../src/core/command-declaration.ts';
import { jobIdMeant } from '../../src/core/job.ts';

/**
 * The words of a command with its folders as whole paths: whoever types them stands in `cwd`, which the bot does not know. A folder is
 * what is given as one, and the word behind the command, where it names none of the command's actions, that has a slash or is a folder here.
 */
export function withWholePaths(
  argv: readonly string[],
  named: { command: CommandDeclaration; taken: number } | undefined,
  cwd: string,
): string[] {
  const options = Object.entries(named?.command.options ?? {});
  const folder = options.find(([, spec]) => spec.type === 'text' && spec.isFolder)?.[0];
  if (named === undefined || folder === undefined) return [...argv];
  const given = `${folder}=`;
  return argv.map((word, place) => {
    if (word.startsWith(given)) return `${given}${resolve(cwd, word.slice(given.length))}`;
    // Behind the action that takes one it is expected too.
    const takes = named.command.actions?.[argv[named.taken] ?? '']?.takes;
    const isPlace =
      place === named.taken
        ? takes === undefined
        : place === named.taken + 1 &&
          takes?.includes(folder) &&
          !(takes.includes('job') && jobIdMeant(word));
    return isPlace && !word.includes('=') && isFolder(word, cwd) ? resolve(cwd, word) : word;
  });
}

function isFolder(word: string, cwd: string): boolean {
  if (word.includes('/')) return true;
  return statSync(resolve(cwd, word), { throwIfNoEntry: false })?.isDirectory() === true;
}
