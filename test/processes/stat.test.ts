import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processStat } from '../../src/processes/stat.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

it('the system says of a process whose child it is and when it began, whatever its program is called', async () => {
  const odd = join(temporaryFolder(), ') Z 1 (');
  copyFileSync('/bin/sleep', odd);
  const child = spawn(odd, ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const found = processStat(child.pid!)!;
  expect(found).toMatchObject({ isZombie: false, parentPid: process.pid });
  expect(Number(found.startTicks)).toBeGreaterThan(Number(processStat(process.pid)!.startTicks) - 1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(processStat(child.pid!)).toBeUndefined();
});

it('a process that has ended and is not collected yet is a zombie', async () => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
  // The shell might collect it; what the shell has become does not.
  await eventually('the shell gone', () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
  process.kill(Number(chunk), 'SIGKILL');
  expect(await eventually('a zombie', () => processStat(Number(chunk))?.isZombie)).toBe(true);
  parent.kill('SIGKILL');
});

it('of a process that is not there nothing is known', () => {
  expect([processStat(0), processStat(2 ** 30), processStat(Number.NaN)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
