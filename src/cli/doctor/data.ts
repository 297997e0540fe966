import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorText } from '../../core/errors.ts';
import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { bytesText } from '../../core/units.ts';
import { networkFileSystem } from '../../files/network.ts';
import { cureText, remarksOn } from '../../files/walls.ts';
import { ownProgram } from '../../processes/own-program.ts';
import { run } from '../../processes/run.ts';
import { backupsOf, databaseBytes, versionOf } from '../../store/backup.ts';
import { DATABASE_FILE } from '../../store/db.ts';
import { MIGRATIONS } from '../../store/migrations/index.ts';

/** With less a day's backup may not fit, and with less again not a day's events. Bytes. */
const SPACE_LOW = 1024 ** 3;
const SPACE_NONE = 100 * 1024 ** 2;
const OUTPUT_MAX_BYTES = 100_000;
const ELSEWHERE = 'name a folder on a local disk in XAXBOT_DATA_DIR';

/** The data folder: whose it is, what it lies on, and how much room there is. */
export function checkDataFolder(folder: string): Finding[] {
  const name = 'data';
  let existing = folder;
  while (!existsSync(existing) && existing !== '/') existing = dirname(existing);
  try {
    if (!statSync(existing).isDirectory()) return [failure(name, `${existing} is no folder`, ELSEWHERE)];
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    return [failure(name, `${existing} cannot be written to: ${errorText(error)}`, ELSEWHERE)];
  }
  const network = networkFileSystem(existing);
  if (network)
    return [failure(name, `${folder} is on ${network}, where SQLite's locks do not hold`, ELSEWHERE)];
  const { bavail, bsize, files, ffree } = statfsSync(existing);
  const free = bavail * bsize;
  const room = `${bytesText(free)} free`;
  const isFull = free < SPACE_NONE || (files > 0 && ffree === 0);
  const space = isFull
    ? failure(
        'disk',
        `${room} below ${existing}: soon nothing can be written down`,
        `free up space: du -xh --max-depth=1 ${existing} | sort -h`,
      )
    : free < SPACE_LOW
      ? warning(
          'disk',
          `${room} below ${existing}`,
          `free up space: du -xh --max-depth=1 ${existing} | sort -h`,
        )
      : fine('disk', room);
  const remarks = remarksOn('data folder', folder).map(({ act, what, why, ...cure }) =>
    act === 'refuse'
      ? failure('access', `${what}: ${why}`, cureText(cure))
      : warning('access', `${what}: ${why}`, cureText(cure)),
  );
  const isThere = existsSync(folder);
  return [fine(name, isThere ? folder : `${folder}, which is made at the first start`), ...remarks, space];
}

/** The database: whether it is whole and of a version that is known. It is read in a process of its own. */
export async function checkDatabase(
  folder: string,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Finding[]> {
  const name = 'database';
  const path = join(folder, DATABASE_FILE);
  if (!existsSync(path)) return [fine(name, 'none yet: it is made at the first start')];
  const result = await run({
    argv: [...ownProgram('../../store/backup-process', import.meta.url), path, '0'],
    env: { PATH: env.PATH },
    timeoutMs,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  if (result.timedOut)
    return [
      warning(
        name,
        `${bytesText(databaseBytes(path))}: not read to its end within ${timeoutMs / 1_000} s`,
        `sqlite3 ${path} 'pragma quick_check'`,
      ),
    ];
  const { flaw, error } = answerOf(result.stdout.toString('utf8'), result.stderr);
  const last = backupsOf(path).at(-1);
  if (flaw !== undefined)
    return [
      failure(
        name,
        `it is damaged: ${flaw}`,
        last
          ? `start xaxbot, which goes on from the newest backup, or choose one: ${shellCommand('restore')}`
          : 'start xaxbot, which sets it aside and begins a new one',
      ),
    ];
  if (error !== undefined) return [failure(name, `${path} cannot be read: ${error}`, `ls -l ${path}*`)];
  const version = versionOf(path);
  if (version > MIGRATIONS.length)
    return [
      failure(
        name,
        `it has version ${version}; this xaxbot knows versions up to ${MIGRATIONS.length}`,
        'start the newer xaxbot that wrote it, or see docs/upgrading.md',
      ),
    ];
  const upgrade = version < MIGRATIONS.length ? `, which the next start brings to ${MIGRATIONS.length}` : '';
  return [
    fine(name, `whole, ${bytesText(databaseBytes(path))}, version ${version}${upgrade}`),
    last
      ? fine('backup', `the last is ${last.path}`)
      : fine('backup', 'none yet: a running xaxbot makes one each day'),
  ];
}

function answerOf(line: string, stderr: string): { flaw?: string; error?: string } {
  try {
    return JSON.parse(line);
  } catch {
    return { error: stderr.trim().split('\n').at(-1) || 'the check ended without a word' };
  }
}
