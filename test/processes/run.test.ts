import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { childEnvironment } from '../../src/processes/environment.ts';
import { type RunRequest, run } from '../../src/processes/run.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-run-'));
  folders.push(folder);
  return folder;
}

/** Runs a few lines of JavaScript in a process of their own. */
function node(code: string, more: Partial<RunRequest> = {}) {
  return run({
    argv: [process.execPath, '-e', code],
    env: {},
    timeoutMs: 30_000,
    maxOutputBytes: 1_000_000,
    ...more,
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

describe('running a program', () => {
  test('arguments reach it as they are, whatever a shell would make of them', async () => {
    const words = ['$HOME', '; touch /tmp/x', '`id`', 'a b', '*'];
    const result = await run({
      argv: [process.execPath, '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', ...words],
      env: {},
      timeoutMs: 30_000,
      maxOutputBytes: 1_000_000,
    });
    expect(JSON.parse(result.stdout.toString())).toEqual(words);
    expect(result).toMatchObject({
      exitCode: 0,
      signal: null,
      timedOut: false,
      truncated: false,
      startError: null,
    });
  });

  test('it gets the environment it is given and nothing of ours', async () => {
    const result = await node('console.log(JSON.stringify(process.env))', { env: { ONLY: 'this' } });
    expect(JSON.parse(result.stdout.toString())).toEqual({ ONLY: 'this' });
  });

  test('bytes come back as bytes, with what was written to its standard input', async () => {
    const code =
      'process.stdin.on("data", (d) => process.stdout.write(Buffer.concat([Buffer.from([0x89, 0, 0xff]), d])))';
    const result = await node(code, { input: 'é' });
    expect([...result.stdout]).toEqual([0x89, 0, 0xff, 0xc3, 0xa9]);
  });

  test('its exit code, the signal that ended it and its words on stderr are told', async () => {
    expect(await node('console.error("why"); process.exit(3)')).toMatchObject({
      exitCode: 3,
      stderr: 'why\n',
    });
    expect(await node('process.kill(process.pid, "SIGKILL")')).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
    });
  });

  test('a program that does not exist and a folder that does not exist are told as such', async () => {
    const missing = { env: {}, timeoutMs: 1_000, maxOutputBytes: 10 };
    expect((await run({ ...missing, argv: ['/no/such/program'] })).startError).toContain('ENOENT');
    const nowhere = await run({ ...missing, argv: [process.execPath, '-v'], cwd: '/no/such/folder' });
    expect(nowhere.startError).toBe('the folder /no/such/folder does not exist');
    expect(nowhere.exitCode).toBeNull();
  });

  test('a program that says too much is cut short in the result and still runs to its end', async () => {
    const result = await node('process.stdout.write("x".repeat(300000), () => process.exit(7))', {
      maxOutputBytes: 1_000,
    });
    expect(result).toMatchObject({ exitCode: 7, truncated: true });
    expect(result.stdout.length).toBe(1_000);
  });

  test('a program whose time is over is ended with its descendants', async () => {
    const file = join(temporaryFolder(), 'pid');
    const code = `const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
      require("fs").writeFileSync(${JSON.stringify(file)}, String(c.pid)); setInterval(() => {}, 1000)`;
    const result = await node(code, { timeoutMs: 1_500 });
    expect(result).toMatchObject({ timedOut: true, signal: 'SIGTERM' });
    const descendant = Number(readFileSync(file, 'utf8'));
    await until(() => !isAlive(descendant));
  });

  test('a descendant that keeps its output open does not hold up the result', async () => {
    const code = `const c = require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 20000)"], { stdio: "inherit", detached: true });
      c.unref(); console.log(c.pid)`;
    const result = await node(code);
    expect(result).toMatchObject({ exitCode: 0, timedOut: false });
    process.kill(Number(result.stdout), 'SIGKILL');
  });

  test('lines are heard as they come, whole characters at a time, ended by a newline or a carriage return', async () => {
    const lines: string[] = [];
    const code = `const [a, b] = [Buffer.from("10%\\r20%\\nsp\\u00e4t"), 12];
      process.stdout.write(a.subarray(0, b)); setTimeout(() => process.stdout.write(a.subarray(b)), 200)`;
    await node(code, { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['10%', '20%', 'spät']);
  });
});

describe('the environment of a child process', () => {
  const own = {
    PATH: '/bin',
    SLACK_BOT_TOKEN: 'xoxb-1234567890',
    DISCORD_TOKEN: 'abcdefghijkl',
    XAXBOT_DATA_DIR: '/d',
  };
  const names = ['SLACK_BOT_TOKEN', 'DISCORD_TOKEN'];

  test('holds nothing of the bot', () => {
    expect(childEnvironment(own, names)).toEqual({ PATH: '/bin' });
  });

  test('holds none of the tokens under another name either', () => {
    expect(childEnvironment({ ...own, MY_BOT: 'bearer xoxb-1234567890', OTHER: 'fine' }, names)).toEqual({
      PATH: '/bin',
      OTHER: 'fine',
    });
  });

  test('holds none of those that only .env sets either', () => {
    const given = { PATH: '/bin', MY_BOT: 'bearer xoxb-1234567890' };
    expect(childEnvironment(given, names, { ...given, ...own })).toEqual({ PATH: '/bin' });
  });

  test('holds no password or key of an adapter under another name either', () => {
    const theirs = {
      CHAT_PASSWORD: 'correct-horse',
      CHAT_API_KEY: 'k-1234567890',
      CHAT_USER: 'xaxbot-at-lab',
      LOGIN: 'xaxbot-at-lab:correct-horse',
      COPY: 'k-1234567890',
      NAME: 'xaxbot-at-lab',
    };
    expect(childEnvironment(theirs, ['CHAT_PASSWORD', 'CHAT_API_KEY', 'CHAT_USER'])).toEqual({
      NAME: 'xaxbot-at-lab',
    });
  });

  test("keeps the researcher's own tokens, which training needs", () => {
    const theirs = {
      HF_TOKEN: 'hf_1234567890',
      WANDB_API_KEY: '1234567890',
      SLACK_WEBHOOK_URL: 'https://hooks.example/1',
    };
    expect(childEnvironment({ ...own, ...theirs }, names)).toEqual({ PATH: '/bin', ...theirs });
  });
});

function isAlive(pid: number): boolean {
  try {
    // A zombie answers to signal 0, and has ended all the same.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
