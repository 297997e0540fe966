import { execFile, execSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordedHome } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { createWebClient } from '../web-client.ts';
import { createMachine } from './machine.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where man looks for the pages of what is in bin/ beside it. */
const MANUAL = 'share/man/man1/xaxbot.1';
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

const folder = temporaryFolder();
const prefix = join(folder, 'prefix');
const place = join(prefix, 'lib/node_modules/xaxbot');
const machine = createMachine(folder);
const home = createRecordedHome(folder);
const env = { ...machine.env, XAX_HOME: home.home, XAXBOT_WEB_PORT: '0', TZ: 'Asia/Kolkata' };

/** `xaxbot …` as it was installed; what it printed. */
async function xaxbot(...argv: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(join(prefix, 'bin/xaxbot'), argv, { cwd: folder, env });
  return stdout;
}

const json = async (...argv: string[]) => JSON.parse(await xaxbot(...argv, '--json')).data;

beforeAll(() => {
  // A build of its own, whatever dist/ holds.
  execSync('npm run pack', { cwd: ROOT, env: { ...process.env, npm_config_pack_destination: folder } });
  const { version } = readJson(join(ROOT, 'package.json'));
  machine.npm(`npm install --global ./xaxbot-${version}.tgz`, prefix);
});

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('the tarball, in an empty prefix on a machine with nothing but Node 22', () => {
  it('brings JavaScript and the locked versions, and no Node', async () => {
    const files = readdirSync(place, { recursive: true, encoding: 'utf8' });
    const own = files.filter((file) => !file.startsWith('node_modules/'));
    expect(own.filter((file) => /\.tsx?$|\.map$/.test(file))).toEqual([]);
    expect(own).toContain('docs/configuration.md');
    expect(files.filter((file) => /^node_modules\/node-(bin|linux)-/.test(file))).toEqual([]);
    const { packages } = readJson(join(ROOT, 'package-lock.json'));
    for (const name of ['better-sqlite3', 'discord.js', '@slack/bolt', 'hono'])
      expect([name, readJson(join(place, 'node_modules', name, 'package.json')).version]).toEqual([
        name,
        packages[`node_modules/${name}`].version,
      ]);
    expect(await xaxbot('--version')).toBe(`${readJson(join(place, 'package.json')).version}\n`);
    expect(readFileSync(join(prefix, MANUAL), 'utf8')).toMatch(/^\.TH XAXBOT 1/m);
    expect(await xaxbot('restore', '--help')).toContain('xaxbot restore [FILE]');
  });

  describe('does what the bot is for', () => {
    let bot: ReturnType<typeof spawn> | undefined;
    let said = '';

    beforeAll(() => {
      home.show('029.json');
      // Beyond what is parsed in the bot's own process.
      appendFileSync(
        join(folder, 'runs/run_008/config.yaml'),
        `notes:\n${'- a word or two\n'.repeat(1_000)}`,
      );
      bot = spawn(join(prefix, 'bin/xaxbot'), ['start'], { cwd: folder, env });
      for (const stream of [bot.stdout!, bot.stderr!])
        stream.on('data', (chunk) => {
          said += chunk;
        });
    });
    afterAll(() => void bot?.kill('SIGKILL'));

    it('tells of a change of the queue in the web chat, by the link that it printed', async () => {
      const link = await eventually(
        'a link',
        () => /http:\/\/127\.0\.0\.1:\d+\/\S*#enter=\S+/.exec(said)?.[0],
      );
      expect(said).toContain('xaxbot web-link PERSON');
      const web = createWebClient(new URL('/', link).href);
      expect((await web.enter(link)).status).toBe(200);
      const page = await fetch(web.base);
      expect(await page.text()).toContain('<title>xaxbot</title>');
      home.show('030.json');
      await eventually('the failure of job 8', async () => {
        const { messages } = await web.get<{ messages: object[] }>('messages?channel=queue&limit=50');
        return messages.some((each) => /job-0000008.*[Ff]ailed/s.test(JSON.stringify(each)));
      });
    });

    it('answers commands, with charts, exports, backups and what a process of its own reads', async () => {
      expect(await xaxbot('status')).toContain('Running job-0000009');
      const { chart } = await json('metrics', '9');
      expect(readFileSync(chart.image.path).subarray(0, PNG.length)).toEqual(PNG);
      const exported = await json('export');
      expect(readFileSync(exported.file.path)).toHaveLength(exported.bytes);
      expect(await xaxbot('config', '8')).toMatch(/notes/);
      expect(await xaxbot('backup')).toMatch(/xaxbot\.sqlite\.v\d+-/);
    });

    it('stops when it is told to, and goes back to a backup', async () => {
      const over = once(bot!, 'close');
      bot!.kill('SIGTERM');
      expect((await over)[0]).toBe(0);
      const backup = /xaxbot\.sqlite\.v\S+/.exec(await xaxbot('restore'))![0];
      expect(await xaxbot('restore', backup)).toContain(`The database is that of`);
      expect(existsSync(join(machine.env.HOME, '.local/state/xaxbot', backup))).toBe(true);
      expect(await xaxbot('jobs')).toContain('job-0000008');
    });

    it('is taken away as a whole, but for its data', () => {
      machine.npm('npm uninstall --global xaxbot', prefix);
      expect([place, join(prefix, 'bin/xaxbot'), join(prefix, MANUAL)].filter(existsSync)).toEqual([]);
      expect(existsSync(join(machine.env.HOME, '.local/state/xaxbot/xaxbot.sqlite'))).toBe(true);
    });
  });
});
