import { copyFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { BACKUP_TIMINGS, createBackups } from '../../src/control/backups.ts';
import type { HowFar } from '../../src/core/how-far.ts';
import { backupsOf, flawOf } from '../../src/store/backup.ts';
import { openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { toyBot } from '../toy-bot.ts';

const VERSION = MIGRATIONS.length;
const DAY = 24 * 3_600_000;

let folder: string;
let path: string;
let now: number;
let flaws: string[];
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'xaxbot.sqlite');
  now = Date.now();
  flaws = [];
});
const backups = () =>
  createBackups({
    path,
    env: process.env,
    onDamage: (flaw) => void flaws.push(flaw),
    clock: () => now,
    log: quietLog,
  });

describe('backups', () => {
  it('are made while the bot writes, which waits for nothing, and hold what was written before', async () => {
    const db = openDb(folder);
    db.exec('CREATE TABLE bulk (x BLOB)');
    const add = db.prepare('INSERT INTO bulk VALUES (randomblob(100000))');
    for (let count = 0; count < 200; count += 1) add.run();
    let slowest = 0;
    const timer = setInterval(() => {
      const began = performance.now();
      add.run();
      slowest = Math.max(slowest, performance.now() - began);
    }, 5);
    const service = backups();
    expect(service.howFar()).toBeNull();
    const seen: HowFar[] = [];
    const looking = setInterval(() => seen.push(...[service.howFar()].filter((far) => far !== null)), 1);
    const { bytes, path: made } = await service.make();
    clearInterval(timer);
    clearInterval(looking);
    expect(service.howFar()).toBeNull();
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every(({ done, of }, index) => done <= of && done >= (seen[index - 1]?.done ?? 0))).toBe(
      true,
    );
    db.close();
    expect(slowest).toBeLessThan(1_000);
    expect(bytes).toBeGreaterThan(20_000_000);
    expect(statSync(made).mode & 0o777).toBe(0o600);
    const copy = new Database(made, { readonly: true });
    expect(copy.prepare('SELECT count(*) FROM bulk').pluck().get()).toBeGreaterThanOrEqual(200);
    copy.close();
  });

  it('of the last of each of seven days are kept, of the latest three whatever their day, and of two earlier versions', () => {
    openDb(folder).close();
    const name = (version: number, day: number, hour: number) =>
      `${path}.v${version}-202611${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}0000Z`;
    for (let day = 1; day <= 20; day += 1)
      for (const hour of [3, 15]) copyFileSync(path, name(VERSION, day, hour));
    for (let version = 1; version <= 4; version += 1) copyFileSync(path, name(version, 1, version));
    return backups()
      .make()
      .then(() => {
        const own = backupsOf(path).filter(({ version }) => version === VERSION);
        expect(own.slice(0, -1).map(({ at }) => at.slice(6, 11))).toEqual([
          '15T15',
          '16T15',
          '17T15',
          '18T15',
          '19T15',
          '20T03',
          '20T15',
        ]);
        expect(
          backupsOf(path)
            .filter(({ version }) => version < VERSION)
            .map(({ version }) => version),
        ).toEqual([3, 4]);
      });
  });

  it('are made each day, and an hour after a failure', async () => {
    openDb(folder).close();
    const daily = backups();
    const count = () => backupsOf(path).length;
    daily.tick();
    now += BACKUP_TIMINGS.firstMs;
    daily.tick();
    await eventually('the first', () => count() === 1);
    await daily.make();
    now = Date.now() + DAY - 60_000;
    daily.tick();
    expect(daily.last()!.at).toBeLessThan(now);
    const before = daily.last()!.at;
    now += 2 * 60_000 + 1_000;
    daily.tick();
    await eventually('the next', () => daily.last()!.at >= before);
    await daily.stop();
  });

  it('of a damaged database are not made: what there is stays, and the damage is told', async () => {
    const db = openDb(folder);
    db.exec('CREATE TABLE bulk (x TEXT); CREATE INDEX bulk_x ON bulk (x);');
    for (let count = 0; count < 2_000; count += 1)
      db.prepare('INSERT INTO bulk VALUES (?)').run(`row ${count} `.repeat(20));
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const good = await backups().make();
    const bytes = readFileSync(path);
    bytes.fill(0x7f, bytes.length >> 1, (bytes.length >> 1) + 20_000);
    writeFileSync(path, bytes);
    await expect(backups().make()).rejects.toThrow(/The database is damaged \(.+\), so no backup was made/);
    expect(flaws).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.includes('.v'))).toHaveLength(1);
    expect(flawOf(good.path)).toBeUndefined();
    truncateSync(good.path, 5_000);
    expect(flawOf(good.path)).toMatch(/malformed|not a database|invalid/);
  });

  it('are made by a command of admins, which says where and how large', async () => {
    const world = await toyBot();
    expect(await world.said('health')).toMatch(/up to date; [\d.]+ [kKM]B\s+backup\s+ok\s+none yet/);
    const said = await world.said('backup');
    expect(said).toMatch(/backed up and checked: \S+xaxbot\.sqlite\.v\d+-\d{8}T\d{6}Z \([\d.]+ [kKM]B\)/);
    expect(backupsOf(join(world.folder, 'data', 'xaxbot.sqlite'))).toHaveLength(1);
    expect(await world.said('health')).toMatch(/backup\s+ok\s+the last of [\d-]{10} [\d:]{8}, [\d.]+ [kKM]B/);
    await world.stop();
  });
});
