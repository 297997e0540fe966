import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defaultSessionName,
  experimentsDir,
  latestSession,
  sessionFolder,
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

  it.each(['..', '../x', 'a/b', '/etc', '', '.hidden', 'a\nb', 'x'.repeat(101)])(
    'is never left by the name %j',
    (name) => {
      expect(() => sessionFolder('/srv/experiments', name)).toThrowError(
        expect.objectContaining({ code: 'session-name' }),
      );
    },
  );

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
