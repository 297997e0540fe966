import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/core/secrets.ts';
import { cpuMs } from '../helpers.ts';
import { PIECES } from './secret-pieces.ts';
import { leakOf, SHAPES, TOKEN_SHAPES } from './secret-shapes.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

describe('secrets in a text', () => {
  it('are hidden, in whatever form and wherever they stand', () => {
    const leaks = SHAPES.flatMap((shape) => {
      const left = leakOf(shape, maskSecrets(shape.text));
      return left === undefined ? [] : [`${shape.name}: ${left}`];
    });
    expect(leaks).toEqual([]);
    expect(SHAPES.length).toBeGreaterThan(1_000);
  });

  it('are hidden alone: what stands around them can be read', () => {
    const unread = TOKEN_SHAPES.filter(({ text }) => text.includes('14:02')).filter(
      ({ text }) => !maskSecrets(text).includes('14:02'),
    );
    expect(unread.map(({ name }) => name)).toEqual([]);
  });

  it('are hidden once: a text that was masked stays as it is', () => {
    const changed = SHAPES.map(({ name, text }) => [name, maskSecrets(text)] as const).filter(
      ([, masked]) => maskSecrets(masked) !== masked,
    );
    expect(changed).toEqual([]);
  });

  it('are not seen where there are none: in what only looks like them', () => {
    const lines = readFileSync(new URL('no-secrets.txt', import.meta.url), 'utf8').split('\n');
    expect(lines.length).toBeGreaterThan(60);
    for (const line of lines) expect(maskSecrets(line)).toBe(line);
  });

  it('are not seen in recorded logs, configs, metrics and state, nor in what the bot says and its documents', () => {
    const paths = filesIn(join(ROOT, 'test/fixtures')).concat(
      filesIn(join(ROOT, 'docs')).filter((path) => path.endsWith('.md')),
      ['README.md', 'CHANGELOG.md'].map((name) => join(ROOT, name)),
    );
    const changed = paths.flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      const [lines, masked] = [text, maskSecrets(text)].map((each) => each.split('\n'));
      return lines!.flatMap((line, at) =>
        line === masked![at] ? [] : [`${path}: ${line} | ${masked![at]}`],
      );
    });
    expect(paths.length).toBeGreaterThan(400);
    expect(changed).toEqual([]);
  });

  it('cost no more to look for than the text is long, however it is made up', () => {
    const LONG = 60_000;
    for (const piece of PIECES) {
      const text = piece.repeat(Math.ceil(LONG / piece.length));
      const begin = cpuMs();
      maskSecrets(text);
      const took = cpuMs() - begin;
      expect([piece, took < 200 ? 'fast' : took]).toEqual([piece, 'fast']);
    }
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}
