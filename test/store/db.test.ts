import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { createFileStore } from '../../src/store/files.ts';
import { acquireLock } from '../../src/store/lock.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../helpers.ts';

describe('the database', () => {
  it('is made in a folder that only its owner may open, and opened again as it was', () => {
    const folder = join(temporaryFolder(), 'data');
    openDb(folder).close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const db = openDb(folder);
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
  });

  it('is refused in words when a newer xaxbot wrote it, and left as it is', () => {
    const folder = temporaryFolder();
    const db = openDb(folder);
    db.pragma(`user_version = ${MIGRATIONS.length + 3}`);
    db.close();
    expect(() => openDb(folder)).toThrow(
      new RegExp(
        `has version ${MIGRATIONS.length + 3}; this xaxbot knows versions up to ${MIGRATIONS.length}`,
      ),
    );
  });

  it('is refused in words when it is no database, or cannot be made', () => {
    const foreign = temporaryFolder();
    writeFileSync(join(foreign, 'xaxbot.sqlite'), 'this is a diary\n'.repeat(100));
    expect(() => openDb(foreign)).toThrow(/xaxbot\.sqlite cannot be opened/);
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    expect(() => openDb(join(file, 'data'))).toThrow(/cannot be opened/);
  });

  it('has one writer, and the next one as soon as that has ended', () => {
    const folder = join(temporaryFolder(), 'data');
    const first = acquireLock(folder, 0);
    expect(() => acquireLock(folder, 50)).toThrow(/Another xaxbot is using/);
    first.release();
    acquireLock(folder, 0).release();
  });
});

describe('kept files', () => {
  it('are named by their content and kept once, and no name leads elsewhere', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'files'));
    const files = createFileStore(folder);
    const one = await files.save(Buffer.from('same'), 'txt');
    expect(await files.save(Buffer.from('same'), 'txt')).toEqual(one);
    expect(statSync(files.pathOf(one)!).mode & 0o777).toBe(0o600);
    for (const file of ['../xaxbot.sqlite', 'x.png', '', `${'0'.repeat(32)}.png/..`])
      expect(files.pathOf({ file }), file).toBeUndefined();
  });
});
