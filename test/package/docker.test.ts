import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createRecordedHome } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NAME = `xaxbot-test-${process.pid}`;
const isThere = spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
const docker = (...argv: string[]) => execFileSync('docker', argv, { encoding: 'utf8' });

it.skipIf(!isThere)('the image runs beside a mounted queue, as whoever it is told', async () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  const data = join(folder, 'data');
  mkdirSync(data);
  home.show('030.json');
  docker('build', '--quiet', '--tag', NAME, ROOT);
  const mounts = [home.home, data, join(folder, 'runs')].flatMap((path, index) => [
    '--volume',
    `${path}:${['/xax', '/data', path][index]}`,
  ]);
  const user = `${process.getuid!()}:${process.getgid!()}`;
  const bot = spawn('docker', ['run', '--rm', '--name', NAME, '--user', user, ...mounts, NAME]);
  let said = '';
  bot.stdout.on('data', (chunk) => {
    said += chunk;
  });
  try {
    await eventually('a link', () => said.includes('#enter='));
    expect(docker('exec', NAME, 'xaxbot', 'status')).toContain('job-0000009');
  } finally {
    docker('stop', NAME);
    docker('rmi', NAME);
  }
});
