import { expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';

const table = (...cells: string[]) =>
  plainText({ blocks: [{ kind: 'table', columns: ['name', 'text', 'end'], rows: [cells] }] });

it('folds a long cell at its spaces, and keeps what stands beside it in its column', () => {
  const lines = table('a', 'word '.repeat(30).trim(), 'z').split('\n');
  expect(lines[1]).toMatch(/^a {5}(word )+ +z$/);
  expect(lines.slice(2)).toEqual(expect.arrayContaining([expect.stringMatching(/^ {6}word/)]));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
  expect(lines.join(' ').match(/word/g)).toHaveLength(30);
});

it('breaks a word that is longer than a line, and cuts what is very long', () => {
  const path = `/srv/${'x'.repeat(80)}`;
  expect(table('a', path, '').replaceAll(/\s/g, '')).toContain(path);
  expect(table('a', 'word '.repeat(500), 'z').split('\n')).toHaveLength(7);
  expect(table('a', 'word '.repeat(500), 'z')).toContain('…');
});
