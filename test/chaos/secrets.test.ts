import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordedHome } from '../bot.ts';
import { SHAPES, type Shape, TOKEN_SHAPES } from '../core/secret-shapes.ts';
import { TOKENS } from '../core/secret-tokens.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { isUp, NODE_COMPILE_CACHE } from './bot-process.ts';
import { PROGRAMS } from './bundle.ts';
import { figure } from './figures.ts';

const token = (name: string) => TOKENS.find(([each]) => each === name)![1];
/** Of nobody's form: only whoever holds it knows it. */
const opaque = (name: string) => Buffer.from(`${name} of nobody but its owner`).toString('base64url');

/** What the bot and the launchers that it starts are given. */
const HELD = {
  SLACK_BOT_TOKEN: token('Slack bot token'),
  SLACK_APP_TOKEN: token('Slack app token'),
  DISCORD_TOKEN: opaque('discord'),
  WANDB_API_KEY: opaque('wandb'),
  TRAINING_DB_PASSWORD: opaque('database'),
};
const IN_DOTENV = opaque('dotenv');
const KINDS: readonly Shape[] = SHAPES.filter(
  (shape) => !TOKEN_SHAPES.includes(shape) || shape.name.endsWith('in a sentence'),
);

/** A platform that takes no token, and repeats it in what it says of that. */
async function startEcho() {
  const server = createServer(async (request, response) => {
    const said = `${request.headers.authorization} ${await text(request)}`;
    const error = `invalid_auth: ${said} is no token`;
    response.writeHead(request.url?.includes('/v10/') ? 401 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: false, error, message: error, code: 0 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

describe('the bot and all that it starts', () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    USER: 'root',
    TZ: process.env.TZ,
    XAX_HOME: home.home,
    XAXBOT_DATA_DIR: join(folder, 'data'),
    XAXBOT_WEB_PORT: '0',
    LOG_LEVEL: 'debug',
    NODE_COMPILE_CACHE,
    ...HELD,
  };
  let bot: ChildProcess;
  let echo: Awaited<ReturnType<typeof startEcho>>;
  /** What stood on the terminals, and in the environments of the bot's children. */
  const said: string[] = [];
  const inherited: string[] = [];
  let watching: NodeJS.Timeout;

  function run(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAMS.main, ...args], {
      cwd: folder,
      env: { ...env, SLACK_API_URL: `${echo.url}/api/`, DISCORD_API_URL: echo.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (words: string) => void said.push(words));
    return child;
  }

  async function command(...args: string[]): Promise<void> {
    await once(run(args), 'exit');
  }

  function lookAtChildren(): void {
    try {
      const children = readFileSync(`/proc/${bot.pid}/task/${bot.pid}/children`, 'utf8').trim();
      // Between fork and exec a child is the bot still.
      const own = readFileSync(`/proc/${bot.pid}/cmdline`, 'utf8');
      for (const pid of children.split(' ').filter(Boolean)) {
        const given = readFileSync(`/proc/${pid}/environ`, 'utf8');
        if (readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== own) inherited.push(given);
      }
    } catch {
      // It has ended meanwhile.
    }
  }

  beforeAll(async () => {
    echo = await startEcho();
    writeFileSync(join(folder, '.env'), `HF_TOKEN=${IN_DOTENV}\n`);
    chmodSync(join(folder, '.env'), 0o600);
    const log = KINDS.map((kind) => `step 11\n${kind.text}\n`).join('step 12\n');
    appendFileSync(
      join(folder, 'runs/run_006/queue_observer.log'),
      `${log}ValueError: ${HELD.WANDB_API_KEY}\n`,
    );
    appendFileSync(
      join(folder, 'runs/run_007/queue_observer.log'),
      `RuntimeError: no access with ${token('Hugging Face user token')} to postgresql://ada:${HELD.TRAINING_DB_PASSWORD}@db/x\n`,
    );
    for (const name of ['run_006', 'run_007'])
      appendFileSync(
        join(folder, 'runs', name, 'config.yaml'),
        `wandb_api_key: ${opaque(name)}\ndatabase: postgresql://ada:${HELD.TRAINING_DB_PASSWORD}@db/x\n`,
      );
    home.show('001.json');
    home.beat();
    bot = run(['start']);
    await isUp(bot);
    watching = setInterval(lookAtChildren, 20);
    home.show('030.json', (state) =>
      state.replace('Exited with return code 1', `lost: Bearer ${token('GitHub personal token')}`),
    );
    await eventually('the platforms have refused', () => said.join('').includes('discord'), 30_000);
    for (const { text: words } of KINDS.filter((_, index) => index % 60 === 0))
      await command('note', 'job-0000007', words.replaceAll('\n', ' '));
    for (const line of [
      `hypothesis job-0000008 it fails for ${token('OpenAI project key')}`,
      `note job-0000008 try ${HELD.WANDB_API_KEY} again`,
      'logs job-0000007 lines=2000',
      'logs job-0000007 lines=2000 --json',
      'job job-0000008 --json',
      'config job-0000007 --json',
      'diff job-0000007 job-0000008 --json',
      'metrics job-0000009',
      'notes job-0000007 --json',
      'report',
      'export --json',
      'health',
      'jobs --json',
      `kill ${token('Anthropic key')}`,
      `${token('Stripe key')}`,
    ])
      await command(...line.split(' '));
    clearInterval(watching);
    bot.kill('SIGTERM');
    await once(bot, 'exit');
  }, 120_000);
  afterAll(() => {
    bot.kill('SIGKILL');
    echo.close();
  });

  it('write no secret that they are given or see, in no file and on no terminal', ({ task }) => {
    const files = [...filesIn(join(folder, 'data')), ...filesIn(home.home)].filter(
      (path) => !path.includes('queue_'),
    );
    const written = [['the terminals', said.join('')], ...files.map((path) => [path, read(path)])];
    const secrets = [...Object.values(HELD), IN_DOTENV, opaque('run_006'), opaque('run_007')].concat(
      KINDS.flatMap((kind) => kind.secrets),
    );
    const found = written.flatMap(([where, words]) =>
      secrets.filter((secret) => words!.includes(middleOf(secret))).map((secret) => `${where}: ${secret}`),
    );
    expect(said.join('')).toContain('is no token');
    expect(said.join('')).toContain('step 12');
    expect(files.some((path) => path.endsWith('.sqlite'))).toBe(true);
    expect(found).toEqual([]);
    figure(task, {
      attack: 'secrets in logs, configs, state, notes, tokens and the errors of platforms',
      runs: secrets.length,
      result: `${found.length} written`,
    });
  });

  it('start nothing that is given what the bot alone needs', () => {
    const given = inherited.join('\0');
    expect(inherited.length).toBeGreaterThan(0);
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'DISCORD_TOKEN'] as const)
      expect(given).not.toContain(HELD[name]);
  });
});

/** So much of a secret that nothing else holds it by chance. */
function middleOf(secret: string): string {
  return secret.slice(Math.max(0, Math.floor(secret.length / 2) - 6)).slice(0, 12);
}

function read(path: string): string {
  return readFileSync(path).toString('latin1');
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    return statSync(path).isFile() ? [path] : [];
  });
}
