import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../helpers.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8).padStart(3, '0');

it("what a program of ours makes is for its user alone, and what is the team's as open as the shell that started it has it", () => {
  const folder = temporaryFolder();
  const [home, data] = [join(folder, 'home'), join(folder, 'data')];
  mkdirSync(home);
  const xaxbot = (...words: string[]) =>
    spawnSync('sh', ['-c', 'umask 027; exec "$@"', 'sh', process.execPath, MAIN, ...words], {
      env: { PATH: process.env.PATH, HOME: home, XAX_HOME: join(home, '.xax'), XAXBOT_DATA_DIR: data },
      cwd: home,
    }).status;
  // Without a queue it is not well.
  expect(xaxbot('health')).toBe(1);
  expect(modeOf(data)).toBe('700');
  expect(readdirSync(data)).toContain('xaxbot.sqlite');
  for (const name of readdirSync(data)) expect([name, modeOf(join(data, name))]).toEqual([name, '600']);
  const done = [
    xaxbot('session', 'start', '--name', 'first'),
    xaxbot('log', 'upsert', '--experiment-name', 'first', '--experiment-id', 'a'),
    xaxbot('log', 'upsert', '--log-path', join(folder, 'new', 'log.csv'), '--experiment-id', 'a'),
  ];
  expect(done).toEqual([0, 0, 0]);
  const session = join(home, '.xax', 'experiments', 'first');
  expect([join(folder, 'new'), join(home, '.xax'), session].map(modeOf)).toEqual(['750', '750', '750']);
  expect(readdirSync(session).map((name) => modeOf(join(session, name)))).toEqual(['640', '640']);
  expect(modeOf(join(folder, 'new', 'log.csv'))).toBe('640');
});

it('a program that is started has the umask of whoever started us, and what we make ourselves is closed', () => {
  const RUN = new URL('../../src/processes/run.ts', import.meta.url).href;
  const UMASK = new URL('../../src/processes/umask.ts', import.meta.url).href;
  const script = `
    import { run } from ${JSON.stringify(RUN)};
    import { closeUmask, startersUmask } from ${JSON.stringify(UMASK)};
    closeUmask();
    const { stdout } = await run({
      argv: ['sh', '-c', 'umask'], env: { PATH: process.env.PATH }, timeoutMs: 20_000, maxOutputBytes: 1_000,
    });
    const modes = [process.umask(0o077), startersUmask()].map((mode) => mode.toString(8));
    console.log(JSON.stringify([stdout.toString().trim(), ...modes]));`;
  const printed = execFileSync(
    'sh',
    ['-c', 'umask 027; exec "$@"', 'sh', process.execPath, '--input-type=module', '--eval', script],
    { encoding: 'utf8' },
  );
  expect(JSON.parse(printed)).toEqual(['0027', '77', '27']);
});
