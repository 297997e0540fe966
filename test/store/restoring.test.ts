import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { HowFar } from '../../src/core/how-far.ts';
import { makeBackup } from '../../src/store/backup.ts';
import { openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { restoring } from '../../src/store/restoring.ts';
import { temporaryFolder } from '../helpers.ts';

it('a backup is gone back to in a thread of its own, which is seen copying', async () => {
  const dataDir = temporaryFolder();
  const path = join(dataDir, 'xaxbot.sqlite');
  const db = openDb(dataDir);
  db.exec('CREATE TABLE bulk (x BLOB)');
  const add = db.prepare('INSERT INTO bulk VALUES (randomblob(1000000))');
  for (let count = 0; count < 30; count += 1) add.run();
  const { path: file } = makeBackup(db, path, { version: MIGRATIONS.length, now: Date.now() });
  db.exec('DROP TABLE bulk');
  db.close();
  const { done, howFar } = restoring({ dataDir, file, now: Date.now() });
  expect(howFar()).toBeNull();
  const seen: HowFar[] = [];
  const timer = setInterval(() => seen.push(...[howFar()].filter((far) => far !== null)), 1);
  const { aside } = await done;
  clearInterval(timer);
  expect(aside).toMatch(/^xaxbot\.sqlite\.replaced-/);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.every(({ done: bytes, of, unit }) => unit === 'bytes' && bytes <= of)).toBe(true);
  const restored = new Database(path, { readonly: true });
  expect(restored.prepare('SELECT count(*) FROM bulk').pluck().get()).toBe(30);
  restored.close();
});

it('what cannot be gone back to is refused in the same words', async () => {
  const dataDir = temporaryFolder();
  openDb(dataDir).close();
  const file = join(dataDir, 'none');
  await expect(restoring({ dataDir, file, now: Date.now() }).done).rejects.toMatchObject({
    code: 'no-such-backup',
    hint: expect.stringContaining('lists the backups'),
  });
});
