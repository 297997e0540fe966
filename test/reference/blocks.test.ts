import { execFile } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeProgram } from '../programs.ts';
import { toyBot } from '../toy-bot.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** What a shell is told in a page: the blocks of `sh`, or those of `sh elsewhere`, which need another machine or program. */
function blocksOf(kind: 'sh' | 'sh elsewhere') {
  return PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(/^( *)```(sh\b[^\n]*)\n([\s\S]*?)^ *```$/gm)]
      .filter(([, , info]) => info === kind)
      .map(([, indent = '', , body = '']) => ({
        path,
        body: body
          .replaceAll(`\n${indent}`, '\n')
          .replace(/\\\n\s*/g, '')
          .trim(),
      })),
  );
}

/** Programs that no test may run, or that need an account, another machine or root. */
const ELSEWHERE =
  /^(ssh|docker|mkdir -p|npm (?:un)?install --global|npm ci|git pull|rm -rf|npx|claude|systemctl|loginctl|xaxbot (init|doctor|service|restore|start)) /;

const run = promisify(execFile);
let world: Awaited<ReturnType<typeof toyBot>>;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  world = await toyBot();
  const bin = join(world.folder, 'bin');
  writeProgram(bin, 'xaxbot', `exec "${process.execPath}" "${join(ROOT, 'bin/xaxbot.js')}" "$@"`);
  // As xax 0.4.9 printed it.
  copyFileSync(join(ROOT, 'test/fixtures/xax/status/idle.json'), join(world.folder, 'idle.json'));
  writeProgram(bin, 'xax', `[ "$*" = "queue status --json" ] && cat "${join(world.folder, 'idle.json')}"`);
  env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: world.folder,
    XAX_HOME: world.folder,
    XAXBOT_DATA_DIR: world.bot().config.dataDir,
  };
  for (let count = 0; count < 9; count += 1) await world.enqueue(0.1);
  await world.ended('job-0000009');
});
afterAll(() => world.stop());

describe('what the documentation says to a shell', () => {
  it.each(blocksOf('sh'))('runs as it stands: $path, $body', async ({ body }) => {
    const { stderr } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', body], {
      env,
      cwd: world.folder,
    });
    expect(stderr).not.toMatch(/error|not understood/i);
  });

  it('is run, but for what needs another machine, an account or root', () => {
    const lines = blocksOf('sh elsewhere').flatMap(({ body }) => body.split('\n'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !ELSEWHERE.test(`${line} `))).toEqual([]);
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
