import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { takePlace } from '../../src/cli/place.ts';
import { temporaryFolder } from '../helpers.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
const START = { env: { HOME: '/home/ada', XAXBOT_DATA_DIR: '/old' }, cwd: '/home/ada/other' };
const taken = (...argv: string[]) => {
  const { args, place } = takePlace(argv, START);
  return [args, place.env.XAXBOT_CONFIG, place.env.XAXBOT_DATA_DIR, place.cwd];
};

describe('the flags that say where a subcommand runs', () => {
  it('stand before it or after it, with or without =, and are resolved from where it was started', () => {
    expect(taken('status')).toEqual([['status'], undefined, '/old', START.cwd]);
    expect(taken('--data-dir', 'data', 'jobs', 'failed')).toEqual([
      ['jobs', 'failed'],
      undefined,
      '/home/ada/other/data',
      START.cwd,
    ]);
    expect(taken('mcp', '--as', 'claude', '--config=~/bot/xaxbot.yaml', '--data-dir=/srv/x')).toEqual([
      ['mcp', '--as', 'claude'],
      '/home/ada/bot/xaxbot.yaml',
      '/srv/x',
      '/home/ada/bot',
    ]);
  });

  it('are words like any other after --, and where a command has them itself', () => {
    expect(taken('note', '7', '--', '--config', 'x')[0]).toEqual(['note', '7', '--', '--config', 'x']);
    const upsert = ['log', 'upsert', '--config', '{}'];
    const before = ['--data-dir', '/srv/x', ...upsert];
    const { args, place } = takePlace(before, START, ([first]) => first === 'log');
    expect([args, place.env.XAXBOT_DATA_DIR, place.env.XAXBOT_CONFIG]).toEqual([upsert, '/srv/x', undefined]);
  });

  it('are no option of any command', () => {
    const options = COMMANDS.flatMap((command) => Object.keys(command.options));
    expect(options).not.toContain('config');
    expect(options).not.toContain('data-dir');
  });

  it.each([['--config'], ['--config='], ['--data-dir', '--as']])('must name something: %s %s', (...argv) => {
    expect(() => takePlace(argv, START)).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringMatching(/names nothing/) }),
    );
  });
});

describe('a program that starts the tools in another folder', () => {
  const folder = temporaryFolder();
  const bot = join(folder, 'bot');
  const elsewhere = join(folder, 'elsewhere');
  for (const each of [bot, elsewhere, join(bot, 'queue')]) mkdirSync(each);
  writeFileSync(join(bot, 'xaxbot.yaml'), 'people:\n  ada: {role: admin}\n  claude: {role: agent}\n');
  writeFileSync(join(bot, '.env'), 'XAX_HOME=queue\nXAXBOT_DATA_DIR=data\n');
  writeFileSync(join(elsewhere, '.env'), 'XAXBOT_DATA_DIR=theirs\n');
  const run = (...argv: string[]) => {
    const env = { PATH: process.env.PATH, HOME: folder, USER: 'ada' };
    const input = [
      {
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/call', params: { name: 'status', arguments: {} } },
    ].map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...argv], {
      cwd: elsewhere,
      env,
      input: input.join(''),
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { stdout, stderr };
  };

  it('is told where the settings were looked for when there are none', () => {
    expect(run('mcp').stderr).toBe(
      `xaxbot: There is no xaxbot.yaml; it was looked for as ${elsewhere}/xaxbot.yaml and ${folder}/.config/xaxbot/xaxbot.yaml. Name the running bot's own: npm run -s xaxbot -- mcp --config FILE [--data-dir FOLDER].\n`,
    );
    expect(run('mcp', '--config', 'none.yaml').stderr).toMatch(
      new RegExp(`${elsewhere}/none\\.yaml cannot be read: .*--config or XAXBOT_CONFIG names it`),
    );
  });

  it('is told so by doctor too', () => {
    expect(run('doctor').stdout).toContain(
      `no xaxbot.yaml; it was looked for as ${elsewhere}/xaxbot.yaml and ${folder}/.config/xaxbot/xaxbot.yaml; using the defaults\n`,
    );
  });

  it('is told in which data folder no bot runs: as the settings, and the .env beside them, have it', () => {
    const { stdout } = run('mcp', '--config', '../bot/xaxbot.yaml');
    expect(stdout).toContain('not-running');
    expect(stdout).toContain(`with the data folder ${bot}/data (settings: ${bot}/xaxbot.yaml)`);
    expect(run('mcp', '--config', '../bot/xaxbot.yaml', '--data-dir', 'd').stdout).toContain(
      `with the data folder ${elsewhere}/d (`,
    );
  });
});
