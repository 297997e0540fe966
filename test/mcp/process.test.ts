import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';
import { PROGRAM } from './program.ts';

describe('the process that serves an agent', () => {
  const folder = temporaryFolder();
  let world: ToyBot;
  let child: ChildProcessWithoutNullStreams;
  let stdout: string;
  let stderr: string;

  beforeAll(async () => {
    world = await toyBot({ folder, launchedSeconds: 60 });
  });
  afterAll(() => world.stop());
  afterEach(() => void child.kill('SIGKILL'));

  async function start(): Promise<void> {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      XAX_HOME: folder,
      XAXBOT_DATA_DIR: join(folder, 'data'),
    };
    child = spawn(process.execPath, [PROGRAM, 'mcp'], { cwd: folder, env });
    stdout = '';
    stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const client = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    };
    send({ id: 1, method: 'initialize', params: client });
    send({ method: 'notifications/initialized' });
    await answer(1);
  }
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const call = (id: number | string, name: string, args: object) =>
    send({ id, method: 'tools/call', params: { name, arguments: args } });
  const answer = (id: number | string) =>
    eventually(`an answer to ${id}`, () => {
      const lines = stdout.split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as { id: unknown }).find((each) => each.id === id);
    });
  const ended = async () => [(await once(child, 'exit'))[0], stderr];

  /** Somebody waits in the bot for a decision. */
  async function waiting(): Promise<void> {
    call(2, 'queue', { preset: 'toy' });
    await answer(2);
    call(3, 'wait', { proposal: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  it('ends with the program that started it, whatever is still waited for', async () => {
    await start();
    await waiting();
    const begin = performance.now();
    child.stdin.end();
    expect(await ended()).toEqual([0, '']);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  it('ends without a stack when nobody listens any more', async () => {
    await start();
    child.stdout.destroy();
    call(2, 'status', {});
    expect(await ended()).toEqual([0, '']);
  });

  it.each([['first'], ['last']])(
    'answers a request that is too long, with its id %s, and goes on',
    async (place) => {
      await start();
      const params = { name: 'note', arguments: { job: '1', text: 'x'.repeat(12_000_000) } };
      const request = { method: 'tools/call', params };
      const [id, whole] =
        place === 'first'
          ? ['seven', { id: 'seven', ...request }]
          : [7, { ...request, jsonrpc: '2.0', id: 7 }];
      child.stdin.write(`${JSON.stringify(whole)}\n`);
      expect(await answer(id as string)).toMatchObject({
        error: { code: -32600, message: expect.stringMatching(/longer than 1048576 bytes/) },
      });
      call(8, 'status', {});
      expect(await answer(8)).toMatchObject({ result: { isError: false } });
      expect(stderr).toBe('');
    },
  );
});

describe('xaxbot mcp', () => {
  function startFails(people: string, ...argv: string[]): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'queue'));
    writeFileSync(join(folder, 'xaxbot.yaml'), people);
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'mcp', ...argv], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, USER: 'ada', XAX_HOME: join(folder, 'queue') },
      input: '',
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    return stderr;
  }
  const two = 'people:\n  ada: {role: admin}\n  claude: {role: agent}\n  codex: {role: agent}\n';

  it('says which agents there are when it cannot tell whom it serves', () => {
    expect(startFails('host: g1\n')).toMatch(
      /no person with the role agent[\s\S]*claude: \{name: Claude, role: agent\}/,
    );
    expect(startFails(two)).toMatch(/several agents\. Name one with --as\. xaxbot\.yaml has: claude, codex/);
    expect(startFails(two, '--as', 'ada')).toMatch(/ada has the role admin, not agent/);
    expect(startFails(two, '--as', 'nobody')).toMatch(/nobody called "nobody"/);
  });
});
