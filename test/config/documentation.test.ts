import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ADAPTERS } from '../../adapters/registry.ts';
import { loadConfig } from '../../src/config/config.ts';
import { keysAt } from '../../src/config/issues.ts';
import { teamSchema } from '../../src/config/team-schema.ts';
import { QUEUE_KINDS } from '../../src/queue/registry.ts';
import { temporaryFolder } from '../helpers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const docs = read('docs/configuration.md');
const teamFile = teamSchema(ADAPTERS);

/** Rows of a table of the docs, by what stands in backquotes in the first column. */
const rows = (heading: string) =>
  docs
    .split(`## ${heading}\n`)[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));

/** Every key that xaxbot.yaml takes: the schema's, and those of each kind of queue. */
function allKeys(): string[] {
  const ofKinds = QUEUE_KINDS.flatMap(({ schema }) => Object.keys(schema.shape));
  return [...new Set([...schemaKeys(), ...ofKinds.map((key) => `queues.*.${key}`)])];
}

/** Every key that the schema takes; `*` is a name of the team's or a place in a list. */
function schemaKeys(path: string[] = []): string[] {
  const own = keysAt(teamFile, path);
  if (own.length > 0) return own.flatMap((key) => schemaKeys([...path, key]));
  return keysAt(teamFile, [...path, '*']).length > 0 ? schemaKeys([...path, '*']) : [path.join('.')];
}

/** Every variable that the settings read, from what their code says. */
function variablesRead(): string[] {
  const files = [...readdirSync(join(ROOT, 'src/config')).map((name) => `src/config/${name}`)];
  const ofAdapters = ADAPTERS.flatMap(({ variables }) => variables);
  const found = [
    ...files,
    'src/queue/xax/home.ts',
    'src/queue/xax/place.ts',
    'src/queue/expand-home.ts',
  ].flatMap((name) =>
    [...read(name).matchAll(/\b(?:env|given)\.([A-Z][A-Z0-9_]*)\b|'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)].map(
      ([, property, literal]) => property ?? literal!,
    ),
  );
  return [...new Set([...found, ...ofAdapters])].sort();
}

describe('the documentation of the settings', () => {
  const keys = allKeys();

  it('has every key of xaxbot.yaml, and none that there is not', () => {
    expect(keys).toContain('presets.*.options.*.min');
    expect(keys).toContain('channels.*.id');
    const told = rows('xaxbot.yaml').map((key) => key.replace('[]', '.*').replace(/\b[A-Z]+\b/g, '*'));
    expect(told.toSorted()).toEqual(keys.toSorted());
  });

  it('has every variable that is read, and tables none that is not', () => {
    const variables = variablesRead();
    expect(variables).toEqual(
      expect.arrayContaining(['XAX_HOME', 'XAXBOT_WEB_PORT', 'SLACK_API_URL', 'HOME']),
    );
    expect(variables.filter((name) => !new RegExp(`\`\\$?${name}\\b`).test(docs))).toEqual([]);
    expect(rows('Environment').filter((name) => !variables.includes(name))).toEqual([]);
  });

  it('has its table of variables in .env.example too, and no other there', () => {
    const example = read('.env.example');
    const table = rows('Environment');
    expect(table.filter((name) => !new RegExp(`\\b${name}\\b`).test(example))).toEqual([]);
    const set = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name!);
    expect(set.length).toBeGreaterThan(5);
    expect(set.filter((name) => !table.includes(name))).toEqual([]);
  });

  it('shows every key in xaxbot.example.yaml, which can be used as it is', () => {
    const shown = new Set<string>();
    const walk = (value: unknown, path: string[]): void => {
      const isLeaf = typeof value !== 'object' || value === null || keys.includes(path.join('.'));
      if (isLeaf) return void shown.add(path.join('.'));
      const isNamed = keysAt(teamFile, path).length > 0;
      for (const [key, child] of Object.entries(value)) walk(child, [...path, isNamed ? key : '*']);
    };
    walk(parse(read('xaxbot.example.yaml')), []);
    expect([...shown].toSorted()).toEqual(keys.toSorted());

    const home = temporaryFolder();
    mkdirSync(join(home, 'project'));
    mkdirSync(join(home, 'venv/bin'), { recursive: true });
    writeFileSync(join(home, 'venv/bin/xax'), '', { mode: 0o755 });
    const env = { HOME: home, XAXBOT_CONFIG: join(ROOT, 'xaxbot.example.yaml') };
    expect(loadConfig({ env, cwd: home }).presets[0]).toMatchObject({ cwd: '~/project' });
  });
});
