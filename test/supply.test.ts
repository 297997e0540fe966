import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './helpers.ts';

const SCRIPT = fileURLToPath(new URL('../.ci/supply.js', import.meta.url));
const INTEGRITY = `sha512-${'A'.repeat(86)}==`;
const sound = { version: '1.0.0', integrity: INTEGRITY, license: 'MIT' };

/** What the registry knows of the package `kept`; null: it does not say. */
let known: Record<string, unknown> | null = {};
const registry = createServer((request, response) => {
  if (!known || !request.url?.includes('advisories')) response.writeHead(405).end();
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(known));
});
beforeAll(async () => {
  await once(registry.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void registry.close());

/** Runs the script on a project with these entries in its lock. */
async function supply(
  entries: Record<string, Record<string, unknown>>,
  {
    scripts = {},
    npmrc = 'ignore-scripts=true\n',
  }: { scripts?: Record<string, string>; npmrc?: string } = {},
) {
  const folder = temporaryFolder();
  const dependencies = Object.fromEntries(Object.keys(entries).map((name) => [name, '1.0.0']));
  const own = { name: 'project', version: '1.0.0', dependencies, scripts };
  const locked = Object.entries(entries).map(([name, entry]) => [`node_modules/${name}`, entry]);
  const packages = { '': own, ...Object.fromEntries(locked) };
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  write('package.json', own);
  write('package-lock.json', { name: 'project', version: '1.0.0', lockfileVersion: 3, packages });
  writeFileSync(join(folder, '.npmrc'), npmrc);
  const { port } = registry.address() as AddressInfo;
  const env = {
    ...process.env,
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_cache: join(folder, 'cache'),
  };
  return new Promise<{ code: number; out: string; wrong: string[] }>((resolve) => {
    execFile(process.execPath, [SCRIPT, folder], { env }, (error, out, complaints) =>
      resolve({ code: Number(error?.code ?? 0), out, wrong: complaints.split('\n').filter(Boolean) }),
    );
  });
}

describe('npm run supply', () => {
  it('passes a lock whose packages come from the registry, whole, free and without scripts', async () => {
    const { code, out, wrong } = await supply({
      kept: sound,
      either: { ...sound, license: '(MIT OR GPL-3.0)' },
      tool: { ...sound, dev: true, hasInstallScript: true, license: 'MPL-2.0' },
    });
    expect({ code, wrong }).toEqual({ code: 0, wrong: [] });
    expect(out).toContain('with integrity: 3\n');
    expect(out).toContain('install scripts in tools, not run: tool@1.0.0\n');
    expect(out).toContain('npm audit: nothing known');
  });

  it('refuses whatever is not, each by its name', async () => {
    const { code, wrong } = await supply(
      {
        bare: { version: '1.0.0', license: 'MIT' },
        bundled: { version: '1.0.0', license: 'MIT', inBundle: true },
        weak: { ...sound, integrity: 'sha1-AAAA' },
        elsewhere: { ...sound, resolved: 'https://example.org/elsewhere-1.0.0.tgz' },
        git: { ...sound, version: 'git+ssh://git@example.org/kept.git#abc' },
        link: { resolved: '../link', link: true, license: 'MIT' },
        runs: { ...sound, hasInstallScript: true },
        strict: { ...sound, license: 'GPL-3.0-only' },
        both: { ...sound, license: 'MIT AND GPL-3.0-only' },
        silent: { ...sound, license: undefined },
      },
      { scripts: { prepare: 'true', test: 'true' }, npmrc: 'ignore-scripts=true\nignore-scripts = false\n' },
    );
    const told = [
      'bare@1.0.0 has no sha512 integrity',
      'bundled@1.0.0 has no sha512 integrity',
      'weak@1.0.0 has no sha512 integrity',
      'elsewhere@1.0.0 does not come from the registry: https://example.org/elsewhere-1.0.0.tgz',
      'git@git+ssh://git@example.org/kept.git#abc does not come from the registry',
      'link is a link to a folder',
      'runs@1.0.0 runs a script when it is installed',
      'package.json has the script prepare',
      '.npmrc does not say ignore-scripts=true',
      'strict@1.0.0 has the licence GPL-3.0-only',
      'both@1.0.0 has the licence MIT AND GPL-3.0-only',
      'silent@1.0.0 has the licence unknown',
    ];
    expect(wrong.map((line, index) => line.slice(0, `wrong: ${told[index]}`.length))).toEqual(
      told.map((words) => `wrong: ${words}`),
    );
    expect(code).toBe(1);
  });

  const hole = (severity: string) => ({
    kept: [{ id: 1, title: 'A hole', severity, vulnerable_versions: '<2.0.0', url: '' }],
  });
  it.each([
    ['says "not run" where the registry tells of no holes', null, 'npm audit: not run (405', 0],
    ['tells of a small hole', hole('low'), 'npm audit: 1 low', 0],
    ['fails on a severe one', hole('high'), 'npm audit: 1 high', 1],
  ])('%s', async (_what, advisories, words, exitCode) => {
    known = advisories;
    const { code, out } = await supply({ kept: sound }).finally(() => {
      known = {};
    });
    expect(out).toContain(words);
    expect(code).toBe(exitCode);
  });
});
