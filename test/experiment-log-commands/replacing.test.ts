import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatHeader } from '../../src/experiments/csv.ts';
import { replaceFile, setAside } from '../../src/experiments/disk-file.ts';
import { LOCK_TIMINGS, lock } from '../../src/experiments/lock.ts';
import { eventually } from '../helpers.ts';
import { newHome } from './home.ts';

const LOCK_MODULE = fileURLToPath(new URL('../../src/experiments/lock.ts', import.meta.url));

let home: ReturnType<typeof newHome>;
beforeEach(() => {
  home = newHome();
});

describe('a log or report that is a link', () => {
  it('stays one: what it points to is written, there or not yet', async () => {
    const elsewhere = join(home.home, 'elsewhere');
    mkdirSync(elsewhere);
    const report = join(home.folder, 'experiment_report.md');
    symlinkSync('../../elsewhere/log.csv', home.csv);
    symlinkSync(join(elsewhere, 'report.md'), report);
    writeFileSync(join(elsewhere, 'report.md'), 'old');
    for (const id of ['a', 'b']) expect((await home.upsert(id)).complained).toBe('');
    expect((await home.run('report', '--experiment-name', 'default')).code).toBe(0);
    expect(readlinkSync(home.csv)).toBe('../../elsewhere/log.csv');
    expect(lstatSync(report).isSymbolicLink()).toBe(true);
    expect(home.ids()).toEqual(['a', 'b']);
    expect(readFileSync(join(elsewhere, 'report.md'), 'utf8')).toMatch(/Total experiments: 2/);
    expect(readdirSync(elsewhere).sort()).toEqual(['log.csv', 'report.md']);
    expect(readdirSync(home.folder).sort()).toEqual(['experiment_log.csv', 'experiment_report.md']);
  });

  it('is set aside as what it points to, whatever that is called', async () => {
    const target = join(home.home, 'log.text');
    symlinkSync(target, home.csv);
    writeFileSync(target, 'broken');
    expect(await setAside(home.csv, 'then')).toBe(join(home.home, 'log.broken-then.text'));
    await replaceFile(home.csv, undefined, Buffer.from('anew'));
    expect(readFileSync(target, 'utf8')).toBe('anew');
    expect(lstatSync(home.csv).isSymbolicLink()).toBe(true);
  });
});

describe('the lock beside a log', () => {
  const lockPath = () => join(home.folder, '.experiment_log.csv.xaxbot.lock');
  /** Another process that holds it until it is killed. */
  async function holder() {
    const code = `const { lock } = await import(${JSON.stringify(LOCK_MODULE)});
      await lock(${JSON.stringify(lockPath())});
      console.log('held');
      setInterval(() => {}, 1e6);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  it('of a program that was killed is taken over at once, also when the clock was wrong', async () => {
    const child = await holder();
    child.kill('SIGKILL');
    await once(child, 'close');
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(lockPath(), tomorrow, tomorrow);
    writeFileSync(join(home.folder, '.experiment_log.csv.xaxbot.1-left.tmp'), 'half');
    const began = performance.now();
    expect((await home.upsert('a')).complained).toBe('');
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(readdirSync(home.folder)).toEqual(['experiment_log.csv']);
  });

  it('of an earlier process is no obstacle to a new one that was given the same number', async () => {
    const release = await lock(lockPath());
    const held = JSON.parse(readFileSync(lockPath(), 'utf8'));
    await release();
    writeFileSync(lockPath(), JSON.stringify({ ...held, started: '1', token: 'old' }));
    await (await lock(lockPath(), { waitMs: 2_000 }))();
    expect(readdirSync(home.folder)).toEqual([]);
  });

  it('of a living one is waited for, and then said in words', async () => {
    const child = await holder();
    try {
      await expect(lock(lockPath(), { waitMs: 300 })).rejects.toMatchObject({
        code: 'file-busy',
        message: expect.stringContaining(`process ${child.pid} on ${hostname()}`),
      });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('left by another machine is taken over when it has stood there for ten seconds', async () => {
    expect(LOCK_TIMINGS.silentMs).toBe(10_000);
    const silentMs = 500;
    home = newHome({ silentMs });
    writeFileSync(lockPath(), JSON.stringify({ place: 'far away', pid: 1, started: '1', token: 'x' }));
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(lockPath(), tomorrow, tomorrow);
    const began = performance.now();
    expect((await home.upsert('a')).complained).toBe('');
    expect(performance.now() - began).toBeGreaterThan(silentMs);
  });

  it('that is dead goes to one at a time, however many find it', async () => {
    const child = await holder();
    child.kill('SIGKILL');
    await once(child, 'close');
    let inside = 0;
    let most = 0;
    const take = async () => {
      const release = await lock(lockPath());
      inside += 1;
      most = Math.max(most, inside);
      await sleep(3);
      inside -= 1;
      await release();
    };
    await Promise.all(Array.from({ length: 12 }, take));
    expect(most).toBe(1);
    expect(readdirSync(home.folder)).toEqual([]);
  });
});

it.runIf(process.seteuid)('a folder that cannot be written to is named, and the log in it left', async () => {
  writeFileSync(home.csv, formatHeader());
  chmodSync(home.csv, 0o666);
  for (const folder of [home.home, dirname(home.folder)]) chmodSync(folder, 0o755);
  const isRoot = process.getuid!() === 0;
  await home.run('log', 'upsert', '--experiment-id', 'a', '--log-path', join(home.home, 'other.csv'));
  chmodSync(home.folder, 0o555);
  try {
    if (isRoot) process.seteuid!(65_534);
    const { code, complained } = await home.upsert('a');
    expect(code).toBe(1);
    expect(complained).toMatch(
      /was not changed: no file can be created in .*default \(EACCES\)\. .*folder must be writable/,
    );
  } finally {
    if (isRoot) process.seteuid!(0);
    chmodSync(home.folder, 0o755);
  }
  expect(home.text()).toBe(formatHeader());
  await eventually('nothing is left', () => readdirSync(home.folder).length === 1);
});
