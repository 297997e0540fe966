import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { backupsOf } from '../../src/store/backup.ts';
import { DATABASE_FILE } from '../../src/store/db.ts';
import { eventually } from '../helpers.ts';
import { writeProgram } from '../programs.ts';
import { writeSystemd } from '../systemd.ts';
import { toyBot, toyYaml } from '../toy-bot.ts';
import { type CodeBlock, codeBlocks, PAGES, ROOT } from './code-blocks.ts';

const BLOCKS = PAGES.flatMap(codeBlocks);
const ofKind = (kind: string) => BLOCKS.filter(({ language }) => language === kind);
/** What is run one after the other: the examples of the page of commands stand each for itself. */
const SCRIPTS = ofKind('sh').flatMap((block) =>
  block.path === 'docs/commands.md' ? block.body.split('\n').map((body) => ({ ...block, body })) : [block],
);
/** Takes the bot's place. */
const NEEDS_IT_STOPPED = /^xaxbot (restore [^\s#]|start)/m;
const withBot = SCRIPTS.filter(({ body }) => !NEEDS_IT_STOPPED.test(body));
const withoutBot = SCRIPTS.filter(({ body }) => NEEDS_IT_STOPPED.test(body));

/** What is run elsewhere, and by whom: these words stand there. */
const RUN_BY: Record<string, string[]> = {
  '.ci/bare-machine.js': ['npm ci && npm run demo', 'npm ci && npm start'],
  '.ci/run': ['npm ci', 'npm test'],
  'test/package/package.test.ts': [
    'npm run pack',
    'npm install --global ./xaxbot-VERSION.tgz',
    'npm uninstall --global xaxbot',
  ],
};
/** A client of MCP, whose line `npm run test:clients` reads from the page. */
const BY_CLIENTS = /^(claude mcp|npx @modelcontextprotocol\/)/;
/** Another machine, a daemon of docker, or a clone that has a remote. */
const NOWHERE = /^(ssh |docker |git pull$|mkdir -p ~\/.xaxbot$|systemctl --user restart xaxbot$)/;
/** Of these `usage` is a form to fill in, which the page of commands alone has. */
const COMMANDS = ['sh', 'sh elsewhere', 'chat', 'usage'];
const DATA = ['yaml', 'json', 'toml', 'ini', 'python', 'js', 'text'];
const PROGRAM_FIRST =
  /^\s*(\$ |(xaxbot|xax|npm|npx|node|git|ssh|docker|systemctl|loginctl|python3?|pip|uv|curl|mkdir|cp|mv|rm|cd|export|kill)\s+[^\s=])/m;

const run = promisify(execFile);
let world: Awaited<ReturnType<typeof toyBot>>;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  world = await toyBot({
    settings: { presets: { toy: { options: { hidden_dim: { type: 'integer' } } } } },
  });
  const home = join(world.folder, 'ada');
  const bin = join(world.folder, 'bin');
  const program = `"${process.execPath}" "${join(ROOT, 'bin/xaxbot.js')}" "$@"`;
  // As somebody uses it: presses Enter at each question, and Ctrl+C once what goes on until then has shown something.
  writeProgram(
    bin,
    'xaxbot',
    `case "$*" in
init) yes '' | head -n 30 | exec python3 "${join(ROOT, 'test/answers.py')}" ${program} ;;
start*|demo*|*--watch*)
  said=$(mktemp -p "${world.folder}")
  ${program} > "$said" & bot=$!
  until [ -s "$said" ] || ! kill -0 $bot 2> "$said.gone"; do sleep 0.05; done
  kill -INT $bot
  wait $bot || [ $? = 130 ] || exit 1
  cat "$said" ;;
*) exec ${program} ;;
esac`,
  );
  // As xax 0.4.9 printed it.
  copyFileSync(join(ROOT, 'test/fixtures/xax/status/idle.json'), join(world.folder, 'idle.json'));
  writeProgram(
    bin,
    'xax',
    `[ "$*" = "queue status --json" ] && cat "${join(world.folder, 'idle.json')}" || echo 'Usage: xax edit | ls | queue'`,
  );
  writeSystemd(world.folder, bin, 0);
  for (const folder of ['lab', 'project', '.config/fish/completions'])
    mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, 'lab/xaxbot.yaml'), toyYaml(join(home, 'project')), { mode: 0o600 });
  for (const [name, program] of [
    ['lightning_logs', 'lightning'],
    ['output', 'transformers'],
  ] as const)
    cpSync(join(ROOT, 'test/fixtures/runs-elsewhere', program), join(home, 'project', name), {
      recursive: true,
    });
  // Of zsh's own.
  writeFileSync(join(world.folder, 'zsh'), 'compdef() { :; }\nfuncstack=(1 2)\n');
  env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    BASH_ENV: join(world.folder, 'zsh'),
    XAX_HOME: world.folder,
    XAXBOT_DATA_DIR: world.bot().config.dataDir,
    XAXBOT_WEB_PORT: '0',
    LOG_LEVEL: 'error',
  };
  for (let count = 0; count < 9; count += 1) await world.enqueue(0.1);
  await world.ended('job-0000009');
});

/** What an example speaks of. */
async function arrange(body: string): Promise<void> {
  if (body.includes('running')) await world.enqueue(3);
  // As if systemd had started the bot that runs.
  if (body.includes('service install')) writeFileSync(join(world.folder, 'active'), '');
  if (body.includes('dismissed undo=3'))
    for (const rate of [0.1, 0.2, 0.4]) await world.ask(`dismiss toy learning_rate=${rate} reason=no`);
}

/** Runs a block in a folder of its own. */
async function shell({ body }: CodeBlock): Promise<void> {
  const cwd = mkdtempSync(join(world.folder, 'shell-'));
  const ran = run('bash', ['--norc', '-euo', 'pipefail', '-c', body], { env, cwd });
  ran.child.stdin!.end();
  const { stderr } = await ran.catch((error) => {
    throw new Error(`${error.message}\n${error.stdout}`);
  });
  expect(stderr).not.toMatch(/error|not understood/i);
}

describe('what the documentation says to a shell', () => {
  it.each(withBot)('runs as it stands: $path, $body', async (block) => {
    await arrange(block.body);
    await shell(block);
  });

  it('is nowhere but in its blocks: no other holds a command', () => {
    expect(ofKind('sh').length).toBeGreaterThan(10);
    const others = BLOCKS.filter(({ language }) => !COMMANDS.includes(language));
    expect(
      others.filter(({ language, body }) => !DATA.includes(language) || PROGRAM_FIRST.test(body)),
    ).toEqual([]);
  });

  it('is run elsewhere in the same words, but for what needs another machine', () => {
    const lines = ofKind('sh elsewhere').flatMap(({ body }) =>
      body.split('\n').map((line) =>
        line
          .replace(/\s+#.*/, '')
          .replace(/xaxbot-[\d.]+\.tgz/, 'xaxbot-VERSION.tgz')
          .trim(),
      ),
    );
    const known = Object.values(RUN_BY).flat();
    const run = lines.filter((line) => !NOWHERE.test(line) && !BY_CLIENTS.test(line));
    expect(run.filter((line) => !known.includes(line) && line !== 'npm ci && npm test')).toEqual([]);
    for (const [file, words] of Object.entries(RUN_BY)) {
      const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(
        'xaxbot-${version}.tgz',
        'xaxbot-VERSION.tgz',
      );
      expect([file, words.filter((each) => !text.includes(each))]).toEqual([file, []]);
    }
  });
});

describe('what the documentation says in a chat', () => {
  it.each(ofKind('chat'))('is understood as it stands: $path, $body', async ({ body }) => {
    await arrange(body);
    for (const line of body.split('\n')) {
      const reply = await world.ask(line);
      expect([line, reply.ok || !['unknown-command', 'bad-option'].includes(reply.errorCode!)]).toEqual([
        line,
        true,
      ]);
    }
  });
});

it("the README's everyday commands do what they say", async () => {
  const rows = /^## Every day\n([\s\S]*?)\n## /m.exec(PAGES[0]!.text)![1]!.matchAll(/^\| `([^`]+)` \|/gm);
  const commands = [...rows].map(([, words]) => words!);
  expect(commands).toHaveLength(6);
  for (const words of commands.filter((each) => each !== 'kill 7'))
    expect(await world.ask(words)).toMatchObject({ ok: true });
  await world.clear();
  expect(commands).toContain('kill 7');
  const job = await world.enqueue(60);
  await eventually('it runs', () => world.queue.snapshot()!.jobs.get(job.jobId)?.status === 'running');
  const killed = await world.ask('kill 7'.replace('7', job.jobId));
  expect(
    killed.message.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])),
  ).not.toEqual([]);
  await world.clear();
});

it('what the page on troubles says that is printed is what the program prints', () => {
  const source = ['src', 'adapters', 'bin', 'commands']
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(ROOT, folder, name),
      ),
    )
    .filter((path) => /\.(ts|js)$/.test(path))
    .map((path) => readFileSync(path, 'utf8').replaceAll("\\'", "'"))
    .join('\n');
  const page = PAGES.find(({ path }) => path === 'docs/troubleshooting.md')!.text;
  const said = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => [...line.split(' | ')[0]!.matchAll(/`([^`]+)`/g)].map(([, words]) => words!))
    .filter((words) => words.includes(' ') || /^[a-z]+_[a-z_]+$/.test(words));
  expect(said.length).toBeGreaterThan(10);
  expect(said.filter((words) => !source.includes(words))).toEqual([]);
});

describe('what the documentation says to a shell while no bot runs', () => {
  beforeAll(async () => {
    await world.stop();
    const { dataDir } = world.bot().config;
    const [backup] = backupsOf(join(dataDir, DATABASE_FILE));
    const named = new Set(withoutBot.flatMap(({ body }) => body.match(/xaxbot\.sqlite\.v\S+/g) ?? []));
    for (const name of named) copyFileSync(backup!.path, join(dataDir, name));
  });

  it.each(withoutBot)('runs as it stands: $path, $body', shell);
});
