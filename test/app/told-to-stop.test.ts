import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Reply } from '../../src/core/adapter.ts';
import { createRecordedHome, STATES } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { writeProgram } from '../programs.ts';
import { createWebClient } from '../web-client.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
/** What is promised, and as much again as a busy machine takes to notice. */
const STOPS_WITHIN_MS = 5_000 + 2_000;

/** A platform that takes every connection and never answers. */
let silent: Server;
beforeAll(async () => {
  silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

/** `xaxbot` in a folder whose queue can be launched on, with a preset that takes a minute to launch. */
function house() {
  const folder = temporaryFolder();
  const { home, show, beat } = createRecordedHome(folder);
  show(STATES.at(-1)!);
  beat();
  const slow = writeProgram(join(folder, 'bin'), 'slow', 'exec sleep 60');
  const { port } = silent.address() as AddressInfo;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    USER: 'root',
    XAX_HOME: home,
    XAXBOT_DATA_DIR: join(folder, 'data'),
    XAXBOT_WEB_PORT: '0',
    SLACK_API_URL: `http://127.0.0.1:${port}/`,
    SLACK_BOT_TOKEN: 'xoxb-1111-2222-abcdefgh',
    SLACK_APP_TOKEN: 'xapp-1-A111-222-abcdefgh',
  };
  const config = join(folder, 'xaxbot.yaml');
  return {
    folder,
    config,
    yaml: [
      'channels: [{id: queue}, {platform: slack, id: C0TEST0001}]',
      `people: {root: {role: admin}, claude: {role: agent}}`,
      `presets: {slow: {cwd: ${folder}, argv: [${slow}]}}`,
      '',
    ].join('\n'),
    xaxbot: (...args: string[]) => spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env }),
  };
}

function saidBy(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  return () => said;
}

/** A bot that is up, and a page of it. */
async function up() {
  const { yaml, config, xaxbot } = house();
  writeFileSync(config, yaml);
  const bot = xaxbot('start');
  const said = saidBy(bot);
  const link = await eventually('it is up', () => /http:\S+#enter=\S+/.exec(said())?.[0]);
  const client = createWebClient(new URL('/', link).href);
  await client.enter(link);
  /** Begins a command, and waits for no answer. */
  const begin = (text: string) => void client.post('say', { channel: 'queue', text }).catch(() => {});
  begin('/xax queue slow');
  await eventually('it is launching', async () => {
    const { reply } = await client.post<{ reply: Reply }>('say', { channel: 'queue', text: '/xax audit' });
    return JSON.stringify(reply.data).includes('"queue"');
  });
  return { bot, client, begin, xaxbot };
}

it('SIGTERM ends it in seconds, whatever is going on: an open page, an agent, a launch, a chart, a platform that does not answer', async () => {
  const { bot, client, begin, xaxbot } = await up();
  const page = (await client.ask('api/stream?after=0')).body!.getReader();
  const agent = xaxbot('mcp');
  begin('/xax metrics last');
  const began = performance.now();
  bot.kill('SIGTERM');
  const [code] = await once(bot, 'exit');
  expect(performance.now() - began).toBeLessThan(STOPS_WITHIN_MS);
  expect(code).toBe(0);
  agent.kill('SIGKILL');
  await page.cancel().catch(() => {});
});

it('a second SIGINT ends it at once, and one that the terminal sent twice is no second one', async () => {
  const { bot } = await up();
  const began = performance.now();
  bot.kill('SIGINT');
  bot.kill('SIGINT');
  await sleep(600);
  expect(bot.exitCode).toBeNull();
  bot.kill('SIGINT');
  const [code] = await once(bot, 'exit');
  expect(code).toBe(130);
  expect(performance.now() - began).toBeLessThan(2_000);
});
