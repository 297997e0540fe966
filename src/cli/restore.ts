import { isAbsolute, join, resolve } from 'node:path';
import { say, screenColours, statusLine } from '../../adapters/terminal/screen.ts';
import { timingsWith } from '../app/timings.ts';
import { loadDataDir } from '../config/data-dir.ts';
import { type AskHowFar, goingOn } from '../core/how-far.ts';
import { shellCommand } from '../core/shell-command.ts';
import { isoSeconds } from '../core/time.ts';
import { bytesText } from '../core/units.ts';
import { backupsOf, sizeOf } from '../store/backup.ts';
import { timeOfCopy } from '../store/copy-time.ts';
import { DATABASE_FILE } from '../store/db.ts';
import { acquireLock } from '../store/lock.ts';
import { restoring } from '../store/restoring.ts';
import type { Place } from './place.ts';
import type { Given } from './subcommand.ts';
import { createWorking } from './working.ts';

/** `xaxbot restore [FILE]`: lists the backups, or goes back to one while no bot runs. Resolves to the exit code. */
export async function restore(place: Place, { words: [file] }: Given): Promise<number> {
  const dataDir = loadDataDir(place);
  if (file === undefined) return list(dataDir);
  const { release } = acquireLock(dataDir, timingsWith().app.lockWaitMs);
  try {
    const path = isAbsolute(file) || file.includes('/') ? resolve(place.cwd, file) : join(dataDir, file);
    const { aside, until } = await shown(path, place, restoring({ dataDir, file: path, now: Date.now() }));
    say(`The database is that of ${path} now.`);
    if (aside !== null) say(`The one before is kept as ${join(dataDir, aside)}.`);
    say(
      `What happened until ${isoSeconds(until)} is not told again. Start xaxbot with "${shellCommand('start')}".`,
    );
    return 0;
  } finally {
    release();
  }
}

/** Shows, of a backup that takes longer than a moment, that it is checked, and then how much of it is copied. */
function shown<T>(path: string, { env }: Place, { done, howFar }: { done: Promise<T>; howFar: AskHowFar }) {
  const plain = { json: false, timezone: 'UTC', width: () => undefined, pathOf: () => undefined };
  const working = createWorking(statusLine(screenColours(env).err), plain);
  const begun = performance.now();
  return working.until(done, () => {
    const far = howFar();
    const what = far === null ? `Checking ${bytesText(sizeOf(path))}` : 'Copying';
    working.say({ message: { blocks: [goingOn(what, far, performance.now() - begun)] } });
  });
}

function list(dataDir: string): number {
  const backups = backupsOf(join(dataDir, DATABASE_FILE)).reverse();
  if (backups.length === 0) {
    say(
      `There is no backup in ${dataDir} yet. A running xaxbot makes one each day, and "${shellCommand('backup')}" makes one now.`,
    );
    return 0;
  }
  say(`Backups in ${dataDir}, the latest first:\n`);
  for (const { path, version, at } of backups)
    say(
      `  ${path.slice(dataDir.length + 1)}  ${isoSeconds(timeOfCopy(at))}  version ${version}  ${bytesText(sizeOf(path))}`,
    );
  say(`\nStop the bot, and go back to one of them with "${shellCommand('restore FILE')}".`);
  return 0;
}
