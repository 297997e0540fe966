import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../adapters/registry.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  from: string;
  /** A path from the root for our own files, else a package's name. */
  to: string;
  typeOnly: boolean;
}

const files = ['src', 'adapters', 'commands'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);
const imports: Import[] = files.flatMap((from) =>
  [
    ...readFileSync(join(ROOT, from), 'utf8').matchAll(
      /^import (type )?[^;]*?from '([^']+)';|\bimport\('([^']+)'\)/gm,
    ),
  ].map((match) => {
    const name = match[2] ?? match[3]!;
    return {
      from,
      to: name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), name)) : name,
      typeOnly: match[1] !== undefined,
    };
  }),
);
const within = (folder: string) => imports.filter(({ from }) => from.startsWith(`${folder}/`));
const whoImports = (name: string) => [
  ...new Set(imports.filter(({ to }) => to === name).map(({ from }) => dirname(from))),
];
const isPackage = (to: string) => !/^(src|adapters|commands)\//.test(to);

describe('the rooms of the house', () => {
  it('are read by this test', () => {
    expect(imports.length).toBeGreaterThan(200);
  });

  it('keep the core by itself', () => {
    const strays = within('src/core').filter(
      ({ to }) => !to.startsWith('src/core/') && to !== 'fastest-levenshtein',
    );
    expect(strays).toEqual([]);
  });

  it('let cards know the core only', () => {
    expect(
      within('src/cards').filter(({ to }) => !to.startsWith('src/core/') && !to.startsWith('src/cards/')),
    ).toEqual([]);
  });

  it('let adapters know the core, their own files and packages', () => {
    const shared = ['adapters/kind.ts', 'adapters/variables.ts'];
    for (const { name } of ADAPTERS) {
      const own = `adapters/${name}`;
      const allowed = (to: string) =>
        to.startsWith(`${own}/`) || to.startsWith('src/core/') || shared.includes(to) || isPackage(to);
      expect(within(own).filter(({ to }) => !allowed(to))).toEqual([]);
    }
  });

  it('let commands know the core and the cards; all else is handed to them', () => {
    const allowed = (to: string) =>
      ['commands/', 'src/core/', 'src/cards/'].some((folder) => to.startsWith(folder));
    expect(within('commands').filter(({ to }) => !allowed(to))).toEqual([]);
  });

  it('leave the database to the store, children to processes, and the canvas to the drawing process', () => {
    expect(whoImports('better-sqlite3')).toEqual(['src/store']);
    expect(whoImports('execa')).toEqual(['src/processes']);
    expect(whoImports('node:child_process')).toEqual([]);
    expect(imports.filter(({ to }) => to === '@napi-rs/canvas').map(({ from }) => from)).toEqual([
      'src/charts/draw.ts',
    ]);
  });

  it("leave each platform's libraries to its adapter, which is opened only when it is set up", () => {
    const theirs = (prefix: RegExp) => [
      ...new Set(imports.filter(({ to }) => prefix.test(to)).map(({ from }) => dirname(from))),
    ];
    expect(theirs(/^@slack\//)).toEqual(['adapters/slack']);
    expect(theirs(/^discord(\.js|-api-types)/)).toEqual(['adapters/discord']);
    expect(theirs(/^undici$/)).toEqual(['adapters/slack']);
    expect(theirs(/^@modelcontextprotocol\//)).toEqual(['adapters/mcp']);
    const adapters = files.flatMap((from) =>
      [
        ...readFileSync(join(ROOT, from), 'utf8').matchAll(
          /^import \{[^}]*\} from '[^']*adapters\/(slack|discord)\//gm,
        ),
      ].map(() => from),
    );
    expect(adapters).toEqual([]);
  });

  it('leave the environment and the yaml to the settings', () => {
    const readers = files.filter((name) => /process\.env\b/.test(readFileSync(join(ROOT, name), 'utf8')));
    expect(readers).toEqual(['src/main.ts']);
  });
});
