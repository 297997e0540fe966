import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
/** Gives a program a terminal of a size, as Node cannot. */
const IN_TERMINAL =
  'import pty, sys; sys.exit(pty.spawn(["sh", "-c", "stty rows 12 cols 50; exec \\"$@\\"", "sh", *sys.argv[1:]]) >> 8)';
const ENTERED = '\u001b[?1049h';
const GIVEN_BACK = '\u001b[?25h\u001b[?1049l';

const folder = temporaryFolder();
let world: ToyBot;
beforeAll(async () => {
  world = await toyBot({ folder });
});
afterAll(() => world.stop());

/** The real program beside the bot, in a terminal of its own or in none. */
function start(words: readonly string[], { inTerminal = false, env = {} as NodeJS.ProcessEnv } = {}) {
  const program = [process.execPath, PROGRAM, ...words];
  const [command, ...args] = inTerminal ? ['python3', '-c', IN_TERMINAL, ...program] : program;
  const child = spawn(command!, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      USER: 'ada',
      XAX_HOME: folder,
      XAXBOT_DATA_DIR: join(folder, 'data'),
      TERM: 'xterm-256color',
      ...env,
    },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code as number);
  return { said, ended, type: (text: string) => child.stdin.write(text) };
}

const running = async (seconds: number): Promise<Job> => {
  const job = await world.enqueue(seconds);
  await eventually('it runs', () => world.queue.snapshot()!.running.includes(job.jobId));
  return job;
};

it('a log is followed until its job has ended: what it grows by, and when it begins anew', async () => {
  const job = await running(600);
  const following = start(['logs', job.jobId, '-f']);
  const says = (text: string) => eventually(text, () => following.said.out.includes(text));
  await says(`starting ${job.jobId}`);
  appendFileSync(job.observerLogPath, 'first\nValueError: \u001b]0;x\u0007none\nhalf');
  await says('ValueError: none\n');
  expect(following.said.out).not.toContain('half');
  appendFileSync(job.observerLogPath, ' a line\n');
  await says('half a line\n');
  truncateSync(job.observerLogPath, 0);
  await eventually('it is seen', () => following.said.err.includes('is shorter than it was'));
  appendFileSync(job.observerLogPath, 'after it\nthe end');
  await says('after it\n');
  await world.queue.kill(job, { graceMs: 10 });
  expect(await following.ended).toBe(0);
  expect(following.said.out).toMatch(/after it\nthe end\n/);
  expect(following.said.err).toMatch(new RegExp(`${job.jobId} .*(failed|killed)`));
  expect(following.said.out + following.said.err).not.toContain('\u001b');
});

it('whoever waits for a job waits on while the bot is restarted, and exits with how it ended', async () => {
  const job = await running(600);
  const waiting = start(['wait', job.jobId]);
  const shown = start(['status', '--watch'], { inTerminal: true });
  await eventually('it is shown', () => shown.said.out.includes(job.jobId));
  await world.restart();
  await world.queue.kill(job, { graceMs: 10 });
  expect([await waiting.ended, waiting.said.err]).toEqual([143, expect.stringContaining(job.jobId)]);
  // The picture goes on as well, and the terminal is given back with the last of it.
  await eventually('it is seen', () => shown.said.out.includes('Nothing is running'));
  shown.type('\u0003');
  expect(await shown.ended).toBe(0);
  const [before, picture, after] = shown.said.out.split(/\u001b\[\?1049[hl]/);
  expect([before, shown.said.out.indexOf(ENTERED)]).toEqual(['', 0]);
  expect(picture).toContain('Ctrl+C ends');
  expect(shown.said.out).toContain(GIVEN_BACK);
  expect(after).toContain('Nothing is running');
  expect(after).not.toMatch(/Ctrl\+C ends|\u001b\[[HKJ]/);
});

it('a bot on a terminal says in words there what it writes into a file as JSON', async () => {
  const env = { XAXBOT_DATA_DIR: join(folder, 'other'), XAXBOT_WEB_PORT: 'off' };
  const bot = start(['start'], { inTerminal: true, env });
  await eventually('it runs', () => bot.said.out.includes('Who may do what'));
  bot.type('\u0003');
  expect(await bot.ended).toBe(0);
  // The terminal itself writes what was typed, wherever the cursor is.
  expect(bot.said.out).toMatch(/^(\^C)?\d\d:\d\d:\d\d stopping \(signal SIGINT\)\r$/m);
  expect(bot.said.out).not.toMatch(/^\s*\{/m);
});

it('what is longer than the screen is paged on a terminal, and nothing else', async () => {
  const paged = join(folder, 'paged');
  const env = { PAGER: `cat > ${paged}; echo LESS is $LESS` };
  for (const [word, text] of [
    ['help', /watch the queue and serve the chat/],
    ['health', /\u001b\[38;5;244mpart/],
  ] as const) {
    const shown = start([word], { inTerminal: true, env });
    expect([await shown.ended, shown.said.out.trim()]).toEqual([0, 'LESS is FRX']);
    expect(readFileSync(paged, 'utf8')).toMatch(text);
  }
  for (const [words, inTerminal] of [
    [['help'], false],
    [['help', '--no-pager'], true],
    [['help', '--json'], true],
    [['wait', '1'], true],
  ] as const) {
    const whole = start(words, { inTerminal, env });
    await whole.ended;
    expect(whole.said.out, words.join(' ')).not.toContain('LESS is');
  }
});

it('a terminal has colours unless it says no, and every line of a table fits it', async () => {
  const coloured = start(['jobs', '--no-pager'], { inTerminal: true });
  expect(await coloured.ended).toBe(0);
  expect(coloured.said.out).toContain('\u001b[1;38;5;196mfailed');
  const plain = start(['jobs', '--no-pager'], { inTerminal: true, env: { NO_COLOR: '1' } });
  expect(await plain.ended).toBe(0);
  expect(plain.said.out).not.toContain('\u001b');
  for (const line of plain.said.out.split('\r\n')) expect(line.length).toBeLessThanOrEqual(50);
  expect(plain.said.out).toMatch(/job-0000001 +ToyRegression/);
});
