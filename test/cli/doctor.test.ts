import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { DOCTOR_TIMINGS } from '../../src/cli/doctor/index.ts';
import { openDb } from '../../src/store/db.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';
import { house } from './doctor-house.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

describe('doctor', () => {
  it('prints how each thing is and what mends it, or the same as JSON, and ends with 1 when something fails', () => {
    const { cwd, place, xax } = house('host: g1\n');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [PROGRAM, 'doctor', '--offline', ...args], {
        cwd,
        env: place.env,
        encoding: 'utf8',
        timeout: 60_000,
      });
    const before = readdirSync(cwd);
    const { stdout, status } = run();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok +node .*\n/);
    expect(stdout).toMatch(/\nwarning +observer +it does not run.*\n +mend: xax queue start\n/);
    expect(stdout).toMatch(/\nok +charts +drawn here in /);
    expect(readdirSync(cwd)).toEqual(before);
    rmSync(xax, { recursive: true });
    const asked = run('--json');
    expect(asked.status).toBe(1);
    const { ok, checks } = JSON.parse(asked.stdout);
    expect(ok).toBe(false);
    expect(checks).toContainEqual({
      name: 'queue',
      state: 'failure',
      detail: `${xax} does not exist`,
      mend: expect.stringContaining('XAX_HOME'),
    });
  });

  it('tells each mistake of the settings with its line, and looks at the rest all the same', async () => {
    const { look } = house(
      'presets:\n  line: {cwd: project, argv: [python3, -m, toys.line]}\n  bad: {cwd: project}\npeple: {}\n',
      { LOG_LEVEL: 'loud' },
    );
    const of = await look(true);
    expect(of('settings')).toEqual([
      {
        state: 'failure',
        detail: expect.stringMatching(
          /line 3, presets\.bad\.argv: [\s\S]*line 4, peple: no such key; did you mean people\?/,
        ),
        mend: expect.any(String),
      },
      { state: 'failure', detail: 'LOG_LEVEL is "loud".', mend: expect.any(String) },
    ]);
    expect(of('preset line')).toHaveLength(1);
    expect(of('database')).toMatchObject([{ state: 'ok' }]);
  });

  it('finds the module of a preset without importing it, and says what is wrong with one that cannot be launched', async () => {
    const preset = (name: string, argv: string, cwd = 'project') =>
      `  ${name}: {cwd: ${cwd}, argv: [${argv}]}\n`;
    const { look, cwd } = house(
      `presets:\n${preset('right', 'python3, -m, toys.line')}${preset('nomodule', 'python3, -m, toys.curve')}${preset('noprogram', 'CWD/.venv/bin/python, -m, toys.line')}${preset('noxax', 'python3, -m, json.tool', '.')}${preset('package', 'python3, -m, toys')}${preset('gone', 'python3, -m, toys.line', 'gone')}${preset('script', 'python3, train.py')}`,
    );
    const of = await look(true);
    expect(of('preset right')).toMatchObject([
      { state: 'warning', detail: expect.stringMatching(/^toys\.line by Python 3.*first on PATH/) },
    ]);
    expect(of('preset nomodule')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining(`finds no module toys.curve in ${cwd}/project`) },
    ]);
    expect(of('preset noprogram')).toMatchObject([
      { state: 'failure', detail: 'there is no program CWD/.venv/bin/python' },
    ]);
    expect(of('preset noxax')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('has no xax') },
    ]);
    expect(of('preset package')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('finds no module toys') },
    ]);
    expect(of('preset gone')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('does not exist') },
    ]);
    expect(of('preset script')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('there is no train.py') },
    ]);
  });

  it('reads all of the database: one that is damaged, newer, or older', async () => {
    const { look, data } = house();
    openDb(data).close();
    expect((await look(true))('database')).toMatchObject([
      { state: 'ok', detail: expect.stringMatching(/^whole, .*version \d+$/) },
    ]);
    const db = openDb(data);
    db.pragma('user_version = 9999');
    db.close();
    expect((await look(true))('database')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('version 9999') },
    ]);
    writeFileSync(join(data, 'xaxbot.sqlite'), 'x'.repeat(10_000));
    expect((await look(true))('database')).toMatchObject([
      { state: 'failure', detail: expect.stringMatching(/damaged/), mend: expect.any(String) },
    ]);
  });

  it('says of the queue that its file is none, that its lock is no file, and which xax does not run', async () => {
    const { look, xax, cwd } = house();
    writeFileSync(join(xax, 'queue_state.json'), '{"version": 1, "jobs": ');
    mkdirSync(join(xax, 'queue_state.lock'));
    const bin = join(cwd, 'xax-bin');
    writeFileSync(bin, '#!/bin/sh\necho "no such module" >&2\nexit 3\n', { mode: 0o755 });
    const of = await house('', { XAX_BIN: bin, XAX_HOME: xax }).look(true);
    expect(of('queue file')).toMatchObject([
      { state: 'failure', detail: expect.stringMatching(/is not complete JSON/) },
    ]);
    expect(of('queue lock')).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('is no file') },
    ]);
    expect(of('xax')).toMatchObject([
      { state: 'failure', detail: `${bin} --help ended with 3: no such module` },
    ]);
    writeFileSync(bin, '#!/bin/sh\necho "no $0 for xoxb-1-2-secretsecret" >&2\nexit 3\n');
    const told = await house('', { XAX_BIN: bin, XAX_HOME: xax }).look(true);
    expect(told('xax')).toMatchObject([{ detail: expect.not.stringContaining('secretsecret') }]);
    chmodSync(bin, 0o777);
    expect((await look(true))('xax')).not.toMatchObject([{ state: 'ok' }]);
  });

  it('reads a recorded queue', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show('030.json');
    const of = await house('', { XAX_HOME: home.home }).look(true);
    expect(of('queue file')).toMatchObject([{ state: 'ok', detail: expect.stringMatching(/^\d+ jobs, /) }]);
  });

  it('tells whose the web port is', async () => {
    const other = await listening(createServer((_request, response) => response.end('hello')));
    const silent = await listening(createSocketServer());
    const ours = await listening(
      createServer((_request, response) => response.end('{"status":"ok","parts":{}}')),
    );
    const timings = { ...DOCTOR_TIMINGS, answerMs: 500 };
    const port = async (XAXBOT_WEB_PORT: number) =>
      (await house('', { XAXBOT_WEB_PORT: String(XAXBOT_WEB_PORT) }).look(true, timings))('web port');
    expect(await port(other)).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('another program') },
    ]);
    expect(await port(silent)).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('another program') },
    ]);
    expect(await port(ours)).toMatchObject([
      { state: 'failure', detail: expect.stringContaining('another xaxbot') },
    ]);
    expect(await port(0)).toMatchObject([{ state: 'ok' }]);
  });

  it('asks a running bot for its health', async () => {
    const folder = temporaryFolder();
    const bot = await startTestBot({ folder, home: createRecordedHome(folder).home });
    try {
      const of = await house('', { XAXBOT_DATA_DIR: bot.config.dataDir }).look(true);
      expect(of('bot').map(({ detail }) => detail)).toEqual([
        expect.stringMatching(/none is running|it is running; \d+ of \d+ parts/),
      ]);
    } finally {
      await bot.app.stop();
    }
  });

  it('ends in time where a server takes connections and says nothing', async () => {
    const port = await listening(createSocketServer());
    const api = `http://127.0.0.1:${port}`;
    const env = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_API_URL: `${api}/api/`,
      DISCORD_TOKEN: 't',
      DISCORD_API_URL: `${api}/api`,
    };
    const began = performance.now();
    const of = await house('', env).look(false, { answerMs: 500, checkMs: 2_000 });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(of('slack bot token').concat(of('slack'))).toMatchObject([{ state: 'failure' }]);
    expect(of('discord token').concat(of('discord'))).toMatchObject([{ state: 'failure' }]);
    const offline = await house('', env).look(true);
    expect(offline('slack')).toMatchObject([{ state: 'ok', detail: expect.stringContaining('--offline') }]);
  });
});
