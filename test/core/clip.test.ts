import { describe, expect, it } from 'vitest';
import { characters } from '../../src/core/characters.ts';
import { beginning, between, clip, clipStart } from '../../src/core/clip.ts';
import { cpuMs } from '../helpers.ts';

const FAMILY = '👨‍👩‍👧‍👦';
const HOSTILE: Record<string, string> = {
  emoji: '😀'.repeat(40),
  'families of emoji': FAMILY.repeat(20),
  'skin tones': '👍🏽'.repeat(30),
  flags: '🇩🇪🇮🇳🇯🇵'.repeat(20),
  'flags of England': '🏴󠁧󠁢󠁥󠁮󠁧󠁿'.repeat(10),
  keycaps: '1️⃣2️⃣'.repeat(20),
  'combining marks': 'e\u0301o\u0308\u0304'.repeat(30),
  'Hangul jamo': '\u1112\u1161\u11ab'.repeat(30),
  Devanagari: 'क्षत्रिय'.repeat(20),
  'right to left': 'שָׁלוֹם '.repeat(20),
  'wide characters': '漢字かな'.repeat(20),
  'lone surrogates': '\ud83d\udc00\udc00\ud83d'.repeat(20),
  'tabs and line ends': 'a\t\r\nb'.repeat(20),
  'ANSI sequences': '\u001b[31mred\u001b[0m'.repeat(10),
  'one letter with very many marks': `a${'\u0301'.repeat(200)}`,
  plain: 'the quick brown fox '.repeat(10),
};
/** Where a text may be cut, by its characters one after the other. */
function places(text: string): Set<number> {
  const found = new Set([0]);
  let at = 0;
  for (const each of characters(text)) {
    at += each.length;
    found.add(at);
  }
  return found;
}

describe.each(Object.entries(HOSTILE))('a text of %s', (_what, text) => {
  const whole = places(text);
  const lengths = Array.from({ length: text.length + 2 }, (_, length) => length);

  it('is clipped between two characters, to no more than was asked for, and as near to it as can be', () => {
    for (const most of lengths) {
      const cut = clip(text, most);
      expect(cut.length).toBeLessThanOrEqual(most);
      if (most >= text.length) expect(cut).toBe(text);
      else if (most > 0) {
        const kept = Math.max(...[...whole].filter((place) => place <= most - 1));
        expect(cut).toBe(`${text.slice(0, kept)}…`);
      }
    }
  });

  it('is clipped at its start as well', () => {
    for (const most of lengths) {
      const cut = clipStart(text, most);
      expect(cut.length).toBeLessThanOrEqual(most);
      if (most >= text.length) expect(cut).toBe(text);
      else if (most > 0) {
        const from = Math.min(...[...whole].filter((place) => place >= text.length - (most - 1)));
        expect(cut).toBe(`…${text.slice(from)}`);
      }
    }
  });

  it('gives no half a character at its beginning, nor anywhere between', () => {
    for (const at of lengths) {
      expect(whole).toContain(beginning(text, at).length);
      const middle = between(text, Math.min(at, 7), at);
      expect(middle === '' || [...whole].some((place) => text.startsWith(middle, place))).toBe(true);
    }
  });
});

describe('a clipped text', () => {
  it('is nothing where there is no room, and an ellipsis where there is room for one', () => {
    expect([-1, 0, 1].map((most) => clip('ab', most))).toEqual(['', '', '…']);
    expect([-1, 0, 1].map((most) => clipStart('ab', most))).toEqual(['', '', '…']);
    expect([clip('', 0), clip('', 5), clipStart('', 5), beginning('', 5)]).toEqual(['', '', '', '']);
    expect(clip('a', 1)).toBe('a');
  });

  const MILLIONS = 10_000_000;
  it.each([
    ['ASCII', 'a', 'a'],
    ['emoji', FAMILY, FAMILY],
    ['flags', '🇩🇪', '🇩🇪'],
    ['wide characters', '漢', '漢'],
  ])('costs no more in a text of ten million characters of %s', (_what, piece, end) => {
    const text = piece.repeat(Math.floor(MILLIONS / piece.length));
    clip(text, 100);
    const began = cpuMs();
    for (let round = 0; round < 5; round += 1) {
      expect(clip(text, 3_000).length).toBeGreaterThan(2_900);
      const tail = clipStart(text, 3_000);
      expect(tail.length).toBeGreaterThan(2_900);
      expect(tail.startsWith(`…${end}`)).toBe(true);
    }
    expect(cpuMs() - began).toBeLessThan(3_000);
  });

  it('costs little where ten million marks are on one letter', () => {
    const text = `a${'\u0301'.repeat(MILLIONS)}`;
    const began = cpuMs();
    expect([clip(text, 100), clipStart(text, 100)]).toEqual(['…', '…']);
    expect(cpuMs() - began).toBeLessThan(3_000);
  });
});
