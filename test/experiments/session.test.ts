import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defaultSessionName,
  experimentsDir,
  latestSession,
  sessionFolder,
  sessionNames,
} from '../../src/experiments/session.ts';
import { fixture } from './world.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xaxbot-session-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const configure = (text: string) => writeFileSync(join(home, 'config.yml'), text);

describe('where sessions are', () => {
  it("is the queue folder's own when xax names no other", () => {
    expect(experimentsDir(home)).toBe(join(home, 'experiments'));
    configure(fixture('config.yml'));
    expect(experimentsDir(home)).toBe(join(home, 'experiments'));
    configure('directories: [');
    expect(experimentsDir(home)).toBe(join(home, 'experiments'));
  });

  it('is directories.experiments of config.yml, ~ expanded', () => {
    configure('directories:\n  experiments: /srv/experiments\n');
    expect(experimentsDir(home)).toBe('/srv/experiments');
    configure('directories:\n  experiments: ~/experiments\n');
    expect(experimentsDir(home)).toBe(join(homedir(), 'experiments'));
  });

  it.each([
    '..',
    '.',
    '../x',
    'a/b',
    'a\\b',
    '/etc',
    '',
    '.hidden',
    'a\nb',
    'a\0',
    ' a',
    'x'.repeat(256),
    'ö'.repeat(128),
  ])('is never left by the name %j', (name) => {
    expect(() => sessionFolder('/srv/experiments', name)).toThrowError(
      expect.objectContaining({ code: 'session-name' }),
    );
  });

  it.each(['lr study', 'größe', '_x', '-x', 'a..b', 'x'.repeat(120), 'ö'.repeat(127)])(
    'has room for the name %j, which the scripts take too',
    (name) => {
      expect(sessionFolder(home, name)).toBe(join(home, name));
      mkdirSync(join(home, name));
      expect(sessionNames(home)).toEqual([name]);
    },
  );

  it('may hold a hidden session that somebody made, and other hidden folders and files, which are none', () => {
    mkdirSync(join(home, '.trash'));
    mkdirSync(join(home, '.mine'));
    writeFileSync(join(home, '.mine', 'experiment_log.csv'), '');
    writeFileSync(join(home, 'notes'), '');
    expect(sessionNames(home)).toEqual(['.mine']);
    expect(sessionFolder(home, '.mine')).toBe(join(home, '.mine'));
  });

  it('has sessions named by their time, in UTC', () => {
    expect(defaultSessionName(Date.parse('2026-11-23T15:24:04Z'))).toBe('experiment-20261123-152404');
  });

  it('tells which session was written last, among folders that hold a log', () => {
    expect(latestSession(join(home, 'none'))).toBeUndefined();
    for (const [name, seconds] of [
      ['old', 1_000],
      ['new', 2_000],
      ['empty', 0],
    ] as const) {
      mkdirSync(join(home, name));
      if (seconds === 0) continue;
      const log = join(home, name, 'experiment_log.csv');
      writeFileSync(log, '');
      utimesSync(log, seconds, seconds);
    }
    expect(latestSession(home)).toBe('new');
  });
});
