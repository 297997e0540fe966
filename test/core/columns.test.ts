import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { ended, padded, piecesOf, widthOf } from '../../src/core/columns.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { cpuMs } from '../helpers.ts';

const FAMILY = '👨‍👩‍👧‍👦';

const table = (rows: string[][]) =>
  plainText({ blocks: [{ kind: 'table', columns: ['job', 'hypothesis', 'value'], rows }] }).split('\n');
/** The column in which a text begins that stands in a line. */
const columnOf = (line: string, text: string) => widthOf(line.slice(0, line.indexOf(text)));

describe('a table as text', () => {
  it.each([
    ['ideographs', '学習率を上げる'],
    ['emoji', '🚀🔥'],
    ['a family of emoji', FAMILY],
    ['flags', '🇩🇪🇮🇳'],
    ['combining marks', 'ne\u0301e\u0308'],
    ['Hangul', '학습률'],
    ['right to left', 'שלום'],
    ['full width letters', 'ＡＢＣ'],
    ['an ANSI sequence', '\u001b[31mred\u001b[0m'],
    ['a lone surrogate', 'a\ud83db'],
    ['nothing', ''],
    ['a tab', 'a\tb'],
  ])('has its columns below each other with %s in it', (_what, text) => {
    const lines = table([
      ['job-1', 'a plain sentence', '0.5'],
      ['job-2', text, '0.25'],
    ]);
    expect(columnOf(lines[2]!, '0.25')).toBe(columnOf(lines[1]!, '0.5'));
    expect(columnOf(lines[0]!, 'value')).toBe(columnOf(lines[1]!, '0.5'));
  });

  it('goes on in the next line where a cell of wide characters is longer than the column', () => {
    const lines = table([['job-1', '漢'.repeat(70), '1']]);
    expect(lines.map((line) => widthOf(line.trim())).every((width) => width <= 5 + 2 + 60 + 2 + 5)).toBe(
      true,
    );
    expect(lines.join('').match(/漢/g)).toHaveLength(70);
  });

  it('splits no character at the end of a line, nor where a cell is cut', () => {
    const lines = table([['job-1', FAMILY.repeat(500), '1']]);
    expect(lines).toHaveLength(1 + 2);
    expect(lines.join('').replaceAll(FAMILY, '')).toMatch(/^[ -~]*…$/);
  });

  it('costs little however long a cell is', () => {
    const began = cpuMs();
    for (const piece of ['漢', FAMILY, 'e\u0301', 'a', '\u0301'])
      expect(table([['job-1', piece.repeat(1_000_000), '1']]).length).toBeLessThan(9);
    expect(cpuMs() - began).toBeLessThan(2_000);
  });
});

describe('a text in columns', () => {
  it('is padded to a width, and never cut by that', () => {
    expect([padded('漢', 4), padded('', 2), padded('abc', 1), padded('🇩🇪', 3)]).toEqual([
      '漢  ',
      '  ',
      'abc',
      '🇩🇪 ',
    ]);
  });

  it('comes in pieces that fit, of whole characters', () => {
    expect(piecesOf('漢字かな', 5)).toEqual(['漢字', 'かな']);
    expect(piecesOf('', 5)).toEqual(['']);
    expect(piecesOf('漢字', 1)).toEqual(['漢', '字']);
    expect(ended('漢字', 3)).toBe('漢…');
  });
});

describe('the width of a text', () => {
  it("is the library's for every code unit, alone and within a word", () => {
    const other: string[] = [];
    for (let unit = 0x20; unit < 0xd800; unit += 1) {
      const character = String.fromCharCode(unit);
      for (const text of [character, `学${character}a`])
        if (widthOf(text) !== stringWidth(text)) other.push(unit.toString(16));
    }
    expect(other).toEqual([]);
  });

  it('takes a table that is full of ideographs no longer than one of letters takes', () => {
    const rows = Array.from({ length: 100 }, () => Array.from({ length: 3 }, () => '日本語の表'.repeat(120)));
    const before = cpuMs();
    table(rows);
    expect(cpuMs() - before).toBeLessThan(1_500);
  });
});
