import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { backupsOf, flawOf, makeBackup } from '../../src/store/backup.ts';
import { DATABASE_FILE, type Db, openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { openWhole } from '../../src/store/recovery.ts';
import { DISK_TROUBLES } from '../disk-troubles.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { toyBot } from '../toy-bot.ts';
import { figure, runs, SEED } from './figures.ts';

const PAGE = 4_096;
const BACKING_UP = fileURLToPath(new URL('../../src/store/backup-process.ts', import.meta.url));
const RESTORING = fileURLToPath(new URL('./restoring-program.ts', import.meta.url));

function write(db: Db, from: number, to: number): void {
  const add = db.prepare('INSERT INTO kept_values (adapter, name, value) VALUES (?, ?, ?)');
  db.transaction(() => {
    for (let row = from; row < to; row += 1) add.run('chaos', `row ${row}`, `value ${row} `.repeat(20));
  })();
}
const countOf = (db: Db) =>
  db.prepare<[], number>("SELECT count(*) FROM kept_values WHERE adapter = 'chaos'").pluck().get()!;
/** A backup beside the database, as of a minute of 2026-11-30. */
const backedUp = (db: Db, folder: string, minute: number) =>
  makeBackup(db, join(folder, DATABASE_FILE), {
    version: MIGRATIONS.length,
    now: Date.UTC(2026, 10, 30, 1, minute),
    days: 7,
  }).path;

/** How a file is damaged that was whole: what is not there any more, or is something else. */
const DAMAGES: readonly ((path: string, random: () => number) => void)[] = [
  (path, random) => truncateSync(path, Math.floor(random() * statSync(path).size)),
  (path, random) => overwrite(path, Math.floor(random() * statSync(path).size), PAGE * 3, 0x5a),
  (path, random) => overwrite(path, PAGE * Math.floor((random() * statSync(path).size) / PAGE), PAGE, 0),
  (path) => overwrite(path, 0, 100, 0x41),
];

function overwrite(path: string, at: number, bytes: number, byte: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(Math.min(bytes, statSync(path).size - at), byte), 0, undefined, at);
  closeSync(file);
}

it('a database that is damaged anywhere starts: whole, with what it held or what its backup did', ({
  task,
}) => {
  const random = seededRandom(SEED);
  const times = runs({ full: 500, ci: 25 });
  const outcomes = { kept: 0, 'from its backup': 0 };
  for (let time = 0; time < times; time += 1) {
    const folder = temporaryFolder();
    const path = join(folder, DATABASE_FILE);
    const db = openDb(folder);
    write(db, 0, 300);
    backedUp(db, folder, 1);
    write(db, 300, 400);
    db.close();
    DAMAGES[time % DAMAGES.length]!(path, random);
    const { db: opened, recovered } = openWhole(folder);
    expect(opened.pragma('quick_check', { simple: true })).toBe('ok');
    expect(countOf(opened)).toBe(recovered ? 300 : 400);
    outcomes[recovered ? 'from its backup' : 'kept'] += 1;
    opened.close();
    rmSync(folder, { recursive: true });
  }
  const words = Object.entries(outcomes).map(([what, count]) => `${count} ${what}`);
  figure(task, {
    attack: 'Disk: a database that is cut, overwritten or zeroed somewhere',
    runs: times,
    result: `0 that do not start or hold half (${words.join(', ')})`,
  });
});

it('a restore that is killed anywhere leaves a whole database: the one or the other', async ({ task }) => {
  const random = seededRandom(SEED);
  const times = runs({ full: 200, ci: 8 });
  const folder = temporaryFolder();
  const path = join(folder, DATABASE_FILE);
  const db = openDb(folder);
  const backups = [300, 600].map((count, at) => {
    write(db, countOf(db), count);
    return basename(backedUp(db, folder, at));
  });
  db.close();
  for (let time = 0; time < times; time += 1) {
    const child = spawn(process.execPath, [RESTORING, folder, ...backups], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await sleep(random() * 150);
    child.kill('SIGKILL');
    await ended;
    const { db: opened, recovered } = openWhole(folder);
    expect(recovered).toBeUndefined();
    expect([300, 600]).toContain(countOf(opened));
    expect(opened.prepare("SELECT count(*) FROM settings WHERE name = 'recovered'").pluck().get()).toBe(1);
    opened.close();
    expect(flawOf(path, true)).toBeUndefined();
    for (const name of readdirSync(folder)) if (name.includes('.replaced-')) rmSync(join(folder, name));
  }
  figure(task, {
    attack: 'Disk: SIGKILL in the midst of a restore',
    runs: times,
    result: '0 without a whole database, each the one or the other',
  });
});

it('a backup that is killed anywhere leaves whole backups alone, and nothing behind once one is made', async ({
  task,
}) => {
  const random = seededRandom(SEED);
  const times = runs({ full: 200, ci: 10 });
  const folder = temporaryFolder();
  const path = join(folder, DATABASE_FILE);
  const db = openDb(folder);
  write(db, 0, 20_000);
  let killed = 0;
  let longestMs = 0;
  for (let time = 0; time <= times; time += 1) {
    const began = performance.now();
    const child = spawn(process.execPath, [BACKING_UP, path, '7'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = once(child, 'exit');
    // The first is left to itself: it says how long one takes. So is the last.
    if (time > 0 && time < times) {
      await sleep(random() * longestMs);
      if (child.kill('SIGKILL')) killed += 1;
    }
    write(db, 20_000 + time, 20_001 + time);
    await ended;
    longestMs ||= performance.now() - began;
    for (const backup of backupsOf(path)) {
      const copy = new Database(backup.path, { readonly: true });
      expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(countOf(copy)).toBeGreaterThanOrEqual(20_000);
      copy.close();
    }
  }
  db.close();
  expect(flawOf(path, true)).toBeUndefined();
  expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  figure(task, {
    attack: 'Disk: SIGKILL in the midst of a backup, while the database is written to',
    runs: times,
    result: `0 backups that are not whole, nothing left behind (${killed} killed, the others were done)`,
  });
});

it('a disk that is full, read-only or locked again and again costs no transition, and doubles none', async ({
  task,
}) => {
  const random = seededRandom(SEED);
  const times = runs({ full: 60, ci: 3 });
  const world = await toyBot({ launchedSeconds: 3_600, timings: { app: { tickMs: 200 } } });
  const troubles = Object.values(DISK_TROUBLES);
  const jobs: string[] = [];
  for (let time = 0; time < times; time += 1) {
    const end = troubles[time % troubles.length]!(world.bot().app.parts.db, world.folder);
    for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) {
      const taskKey = `a.b.Job${jobs.length}`;
      const settings = {};
      jobs.push(
        world.queue.enqueue({ taskKey, settings, steps: 10, seconds: 3_600, fate: 'completes' }).jobId,
      );
      await sleep(random() * 200);
    }
    end();
    await eventually('it is well again', async () => (await world.ask('health')).ok, 20_000);
  }
  const cards = async (job: string) =>
    (await world.channel()).filter(({ text }) => text.split('\n')[0]!.endsWith(job)).length;
  for (const job of jobs) await eventually(`${job} is told`, async () => (await cards(job)) >= 1, 20_000);
  await world.bot().app.settled();
  const told = await Promise.all(jobs.map(cards));
  await world.stop();
  expect(told).toEqual(jobs.map(() => 1));
  figure(task, {
    attack: 'Disk: full, read-only, and locked by another program, in turn',
    runs: times,
    result: `of ${jobs.length} jobs 0 lost, 0 told twice`,
  });
});
