import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './helpers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { forbidden = [], options } = await extractConfig(join(ROOT, '.dependency-cruiser.mjs'));
const names = forbidden.map(({ name }) => name!);
const after = (prefix: string) =>
  names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));

/** A package whose import each rule of a package's home must find. */
const packages = after('home-of-').map((name) => (name.endsWith('/') ? `${name}anything` : name));

/** A rule, a file that breaks it, and what the file says. */
const PLANTED: [rule: string, file: string, text: string][] = [
  ['no-circle', 'src/queue/a.ts', "import type { B } from './b.ts';\nexport type A = B | 1;"],
  ['resolvable', 'src/queue/b.ts', "import './gone.ts';\nexport const b = () => import('./a.ts');"],
  ['resolvable', 'src/queue/not-installed.ts', "import 'left-pad';"],
  ['declared-packages', 'src/queue/undeclared.ts', "import { x } from 'undeclared';"],
  ['core-knows-nothing', 'src/core/up.ts', "import type { C } from '../store/c.ts';"],
  ['core-knows-nothing', 'src/core/package.ts', "import 'execa';"],
  ['core-knows-nothing', 'src/core/node.ts', "import { readFileSync } from 'node:fs';"],
  ...after('room-').map((room): [string, string, string] => [
    `room-${room}`,
    `src/${room}/reaches-up.ts`,
    "import type { Planted } from '../../commands/planted.ts';",
  ]),
  ['room-store', 'src/store/experiments.ts', "import { line } from '../experiments/csv.ts';"],
  ['room-store', 'src/store/chat.ts', "import type { Page } from '../../adapters/web/index.ts';"],
  ['room-chat', 'src/chat/router.ts', "export const pin = () => import('../approvals/pin.ts');"],
  ['room-cards', 'src/cards/job.ts', "export type { Row } from '../store/c.ts';"],
  ['queue-kinds-are-apart', 'src/queue/slurm/home.ts', "import type { Home } from '../xax/home.ts';"],
  ['rooms-are-listed', 'src/attic/index.ts', "import '../core/up.ts';"],
  ['builders-are-not-known', 'src/digest/times.ts', "import type { App } from '../app/app.ts';"],
  ['builders-are-not-known', 'commands/start.ts', "import '../src/main.ts';"],
  ['cli-is-the-top', 'src/app/started.ts', "import '../cli/start.ts';"],
  ['adapters-know-the-core', 'adapters/web/database.ts', "import '../../src/store/c.ts';"],
  ['adapters-know-the-core', 'adapters/web/neighbour.ts', "import '../terminal/server.ts';"],
  [
    'adapters-know-the-core',
    'adapters/web/command.ts',
    "import type { P } from '../../commands/planted.ts';",
  ],
  ['entries-are-light', 'adapters/web/kind.ts', "import './index.ts';"],
  ['entries-are-light', 'adapters/discord/kind.ts', "import 'discord.js';"],
  [
    'platforms-are-loaded-when-set-up',
    'src/cli/late.ts',
    "const it = () => import('../../adapters/web/index.ts');",
  ],
  ['platforms-are-loaded-when-set-up', 'src/cli/eager.ts', "import '../../adapters/slack/index.ts';"],
  ['commands-know-core-and-cards', 'commands/rows.ts', "import { c } from '../src/store/c.ts';"],
  ...packages.map((name): [string, string, string] => [
    `home-of-${name.replace(/anything$/, '')}`,
    `commands/uses-${name.replace('/', '-')}.ts`,
    `export const it = require('${name}');`,
  ]),
  ['only-processes-spawns', 'adapters/terminal/shell.ts', "import { spawn } from 'node:child_process';"],
  ['csv-is-made-in-experiments', 'src/suggest/lines.ts', "import { line } from '../experiments/csv.ts';"],
  ['tests-are-not-imported', 'src/cli/sample.ts', "import '../../test/sample.ts';"],
  ['no-dev-dependency', 'src/metrics/tried.ts', "import type { Dev } from 'dev-only';"],
  ['no-orphan', 'src/runs/forgotten.ts', "import '../core/up.ts';"],
];

/** What the planted files need around them. Nothing of it breaks a rule. */
const SOUND: Record<string, string> = {
  'src/main.ts': "import './cli/start.ts';",
  'src/cli/start.ts': "import '../config/config.ts';",
  'src/config/config.ts': "import '../../adapters/registry.ts';",
  'adapters/registry.ts': "import './slack/kind.ts';",
  'adapters/slack/kind.ts': "export const load = () => import('./index.ts');",
  'src/app/app.ts': 'export type App = 1;',
  'src/store/c.ts': "import 'better-sqlite3';\nexport type C = 1;\nexport type Row = 1;",
  'src/experiments/csv.ts': 'export const line = 1;',
  'src/approvals/pin.ts': 'export const pin = 1;',
  'src/queue/xax/home.ts': 'export type Home = 1;',
  'adapters/web/index.ts': 'export type Page = 1;',
  'adapters/slack/index.ts': "import '@slack/anything';",
  'adapters/terminal/server.ts': 'export {};',
  'commands/planted.ts': 'export type Planted = 1;\nexport type P = 1;',
  'test/sample.ts': "import '../src/store/c.ts';\nimport 'dev-only';",
};

function project(files: Record<string, string>): string {
  const folder = temporaryFolder();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const all = [...packages, 'undeclared', 'dev-only', 'execa'];
  for (const name of all) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'export {};');
  }
  const dependencies = Object.fromEntries([...packages, 'execa'].map((name) => [name, '1']));
  write(
    'package.json',
    JSON.stringify({ type: 'module', dependencies, devDependencies: { 'dev-only': '1' } }),
  );
  for (const folder of ['src', 'adapters', 'commands', 'bin', 'test']) write(`${folder}/none.json`, '{}');
  for (const [path, text] of Object.entries(files)) write(path, `${text}\n`);
  return folder;
}

async function violations(files: Record<string, string>): Promise<{ rule: string; file: string }[]> {
  const { output } = await cruise(['src', 'adapters', 'commands', 'bin', 'test'], {
    ...options,
    ruleSet: { forbidden },
    validate: true,
    baseDir: project(files),
  });
  return (output as ICruiseResult).summary.violations.map(({ rule, from }) => ({
    rule: rule.name,
    file: from,
  }));
}

describe('the import rules', () => {
  let found: { rule: string; file: string }[];

  beforeAll(async () => {
    found = await violations({
      ...SOUND,
      ...Object.fromEntries(PLANTED.map(([, file, text]) => [file, text])),
    });
  });

  it('leave a sound house alone', async () => {
    const sound = await violations(SOUND);
    expect(sound.filter(({ rule }) => rule !== 'no-orphan')).toEqual([]);
  });

  it.each(PLANTED)('%s finds %s', (rule, file) => {
    expect(found).toContainEqual({ rule, file });
  });

  it('are each tried here', () => {
    expect(names.filter((name) => !PLANTED.some(([rule]) => rule === name))).toEqual([]);
  });
});

const files = ['src', 'adapters', 'commands'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);
const whose = (pattern: RegExp) =>
  files.filter((name) => pattern.test(readFileSync(join(ROOT, name), 'utf8')));

describe('what imports do not show', () => {
  it('the environment is read where the program begins, and handed on', () => {
    expect(whose(/\bprocess\.env\b/)).toEqual(['src/main.ts']);
  });

  it('one file writes to the terminal, and two to a program that reads its bytes', () => {
    expect(
      whose(
        /\bconsole[.[]|\bprocess\.std(out|err)\b|\bstd(out|err)\b.*\} = process;|\bwriteSync\([12]\b|\bpino\.(destination|transport)\b|\/dev\/(tty|std)/,
      ),
    ).toEqual([
      'src/charts/draw.ts',
      'src/metrics/settings-process.ts',
      'src/store/backup-process.ts',
      'src/metrics/sources/mlflow-process.ts',
      'adapters/mcp/stdio.ts',
      'adapters/terminal/screen.ts',
    ]);
  });

  it('the types of our own files are imported by statements, which the rules see', () => {
    expect(whose(/(?<!await |=> )\bimport\('\.{1,2}\//)).toEqual([]);
  });
});

it('no file of what runs is longer than 300 lines: a file is about one thing', () => {
  const long = ['src', 'adapters', 'commands'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|js)$/.test(file))
      .map((file) => join(folder, file))
      .filter((file) => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length > 300),
  );
  expect(long).toEqual([]);
});
