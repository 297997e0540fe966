import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordedHome } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
/** Gives a program a terminal, as Node cannot. */
const IN_TERMINAL = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';

/** The real program, in a terminal of its own or in none, on the folder of a bot. */
function start(folder: string, words: readonly string[], inTerminal: boolean, home = folder) {
  const program = [process.execPath, PROGRAM, ...words];
  const [command, ...args] = inTerminal ? ['python3', '-c', IN_TERMINAL, ...program] : program;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    USER: 'ada',
    XAX_HOME: home,
    XAXBOT_DATA_DIR: join(folder, 'data'),
  };
  const child = spawn(command!, args, { cwd: folder, env });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said.text += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number);
  return { said, ended, type: (text: string) => child.stdin.write(text) };
}

describe('a yes on the terminal', () => {
  const folder = temporaryFolder();
  let world: ToyBot;
  const isRunning = (jobId: string) => world.queue.snapshot()!.running.includes(jobId);
  const running = async () => {
    const job = await world.enqueue(600);
    await eventually('it runs', () => isRunning(job.jobId));
    return job;
  };
  beforeAll(async () => {
    world = await toyBot({ folder, launchedSeconds: 60 });
  });
  afterAll(() => world.stop());

  it('kills the job that the question named', async () => {
    const job = await running();
    const terminal = start(folder, ['kill', 'running'], true);
    await eventually('it asks', () => terminal.said.text.includes('[y/N]'));
    terminal.type('y\n');
    expect([await terminal.ended, terminal.said.text]).toEqual([
      0,
      expect.stringContaining(`Killed ${job.jobId}`),
    ]);
    expect(isRunning(job.jobId)).toBe(false);
  });

  it.each([
    ['kill running', /Nothing was killed: (job-\d+) is not running/],
    ['observer stop', /Not done: (job-\d+) is running now and would be killed/],
  ])('to "%s" touches no job that came after the question', async (words, refusal) => {
    const asked = await running();
    const terminal = start(folder, words.split(' '), true);
    await eventually('it asks', () => terminal.said.text.includes('[y/N]'));
    expect(terminal.said.text).toContain(asked.jobId);
    await world.queue.kill(asked, { graceMs: 10 });
    const next = await running();
    terminal.type('y\n');
    expect([await terminal.ended, terminal.said.text]).toEqual([1, expect.stringMatching(refusal)]);
    expect(isRunning(next.jobId)).toBe(true);
    await world.clear();
  });

  it('is not taken from a program that has no terminal, and does nothing', async () => {
    const job = await running();
    const program = start(folder, ['kill', 'running'], false);
    program.type('y\n');
    expect([await program.ended, program.said.text]).toEqual([2, expect.stringMatching(/add --yes/)]);
    expect(isRunning(job.jobId)).toBe(true);
    await world.clear();
  });
});

describe('a yes on the terminal without a running bot', () => {
  it('is to the question that was asked', async () => {
    const folder = temporaryFolder();
    const { home, show } = createRecordedHome(folder);
    show('030.json');
    const terminal = start(folder, ['kill', 'running'], true, home);
    await eventually('it asks', () => terminal.said.text.includes('Kill job-0000009'));
    show('030.json', (state) =>
      state
        .replace('"running_job_id": "job-0000009"', '"running_job_id": null')
        .replace('"status": "running"', '"status": "failed"'),
    );
    terminal.type('y\n');
    expect([await terminal.ended, terminal.said.text]).toEqual([
      1,
      expect.stringMatching(/Nothing was killed: job-0000009 is not running/),
    ]);
  });
});

describe('a bot that ends before it has answered', () => {
  it('is told of in one line, and the command fails', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data'), { mode: 0o700 });
    const server: Server = createServer((_request, response) => {
      response.writeHead(200);
      response.write('{"reply":');
      setTimeout(() => server.closeAllConnections(), 100);
    });
    server.listen(join(folder, 'data', 'xaxbot.sock'));
    await once(server, 'listening');
    chmodSync(join(folder, 'data', 'xaxbot.sock'), 0o600);
    const program = start(folder, ['status'], false);
    expect([await program.ended, program.said.text]).toEqual([
      1,
      'xaxbot: xaxbot stopped before it answered. Check what happened before you try again.\n',
    ]);
    server.close();
  });
});
