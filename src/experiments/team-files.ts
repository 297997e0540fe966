import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BotError } from '../core/errors.ts';
import { wayTo } from '../files/trusted.ts';
import { startersUmask } from '../processes/umask.ts';

// What stands beside the project is the team's: it is as open as anything that whoever started us makes.

/** The mode of a new file of the team. */
export function newFileMode(): number {
  return 0o666 & ~startersUmask();
}

/** Makes a folder of the team, with those above it; the first that was made, undefined where it was there. */
export async function makeTeamFolder(path: string): Promise<string | undefined> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return undefined;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    const inherited = (await stat(folder)).mode & 0o7000;
    await chmod(folder, inherited | (0o777 & ~startersUmask()));
  }
  return first;
}

/**
 * The path with links resolved; undefined where nothing is there. Error `foreign-link` where the way to a file of the team
 * leads over a link of somebody else, to what is not theirs: what is written or read there would be of their choosing.
 */
export async function mustNotBeLedAway(path: string): Promise<string | undefined> {
  // A file system that does not answer holds up this, and nothing else.
  await stat(path).catch(() => {});
  const { foreignLink: link, real } = wayTo(path);
  if (link === undefined) return real;
  throw new BotError(
    'foreign-link',
    `${path} ${link === path ? 'is' : `leads over ${link},`} a link that somebody else made, so it was neither read nor written.`,
    `Look at it with "ls -l ${link}", and remove it.`,
  );
}
