import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { watchFolder } from '../../src/files/watch-folder.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

/** So long that a test which waits for the poll fails. */
const NEVER_MS = 60_000;

describe('a folder that is followed', () => {
  let watcher: ReturnType<typeof watchFolder> | undefined;
  let heard: boolean[];
  afterEach(() => watcher?.stop());

  function follow(folder: string, pollMs: number): void {
    heard = [];
    const onChange = (isPoll: boolean) => heard.push(isPoll);
    watcher = watchFolder({ folder, names: ['a.json'], pollMs, onChange, log: quietLog });
  }
  function put(folder: string, name: string): void {
    writeFileSync(join(folder, `${name}.tmp`), 'x');
    renameSync(join(folder, `${name}.tmp`), join(folder, name));
  }

  it('tells at once of a file that is renamed into place, and of no other', async () => {
    const folder = temporaryFolder();
    follow(folder, NEVER_MS);
    put(folder, 'b.json');
    await sleep(50);
    expect(heard).toEqual([]);
    put(folder, 'a.json');
    await eventually('it is told', () => heard.length > 0);
    expect(heard).not.toContain(true);
  });

  it('is looked at every so often where nothing is told', async () => {
    follow(temporaryFolder(), 10);
    await eventually('two looks', () => heard.length > 1);
    expect(heard).not.toContain(false);
  });

  it('that is not there yet is taken up by the poll, and at once when that is asked for', async () => {
    const folder = join(temporaryFolder(), 'later');
    follow(folder, NEVER_MS);
    mkdirSync(folder);
    put(folder, 'a.json');
    await sleep(50);
    expect(heard).toEqual([]);
    watcher!.listen();
    put(folder, 'a.json');
    await eventually('it is told', () => heard.length > 0);
  });

  it('that is replaced by another is followed on', async () => {
    const folder = join(temporaryFolder(), 'replaced');
    mkdirSync(folder);
    follow(folder, NEVER_MS);
    renameSync(folder, `${folder}.before`);
    mkdirSync(folder);
    watcher!.listen();
    await sleep(50);
    heard.length = 0;
    put(folder, 'a.json');
    await eventually('it is told', () => heard.length > 0);
    rmSync(folder, { recursive: true });
  });

  it('tells nothing once it is let go', async () => {
    const folder = temporaryFolder();
    follow(folder, 5);
    watcher!.stop();
    put(folder, 'a.json');
    await sleep(50);
    expect(heard).toEqual([]);
  });
});
