/** Characters as a reader sees them: grapheme clusters of Unicode (UAX #29), an emoji of several code points being one. */
let known: Intl.Segmenter | undefined;

/** Made when it is needed first: that loads tables of Unicode, which a text of ASCII needs none of. */
function segmented(text: string): Intl.Segments {
  known ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return known.segment(text);
}

/** How far back it is looked for a place from which to tell characters apart, UTF-16 code units. */
const WINDOW = 1_024;

/** The last place at or before `at`, in UTF-16 code units, where a text may be cut between two characters. */
export function characterStart(text: string, at: number): number {
  if (at <= 0) return 0;
  if (at >= text.length) return text.length;
  if (isPrintable(text, at - 1) && isPrintable(text, at)) return at;
  const from = certainStart(text, at);
  // What follows the place by more than a code point has no say in whether a character ends there.
  return from + segmented(text.slice(from, at + 2)).containing(at - from)!.index;
}

/** The first place at or after `at` where a text may be cut between two characters. */
export function characterEnd(text: string, at: number): number {
  const start = characterStart(text, at);
  if (start === at || at >= text.length) return start;
  let end = start;
  for (let length = WINDOW; end === start; length *= 4) {
    const { segment } = segmented(text.slice(start, start + length)).containing(0)!;
    if (segment.length < length || start + length >= text.length) end = start + segment.length;
  }
  return end;
}

/** A text's characters, one after the other. */
export function* characters(text: string): Generator<string> {
  for (const { segment } of segmented(text)) yield segment;
}

/**
 * A place before `at` where a character begins, so that a long text need not be told apart from its beginning: before a
 * letter of ASCII; without one near by, where a code point begins that is no second letter of a flag.
 */
function certainStart(text: string, at: number): number {
  if (at <= WINDOW) return 0;
  for (let start = at - 1; start > at - WINDOW; start -= 1) if (isPrintable(text, start)) return start;
  let start = at - WINDOW;
  if (/[\udc00-\udfff]/.test(text[start]!)) start -= 1;
  let row = start;
  while (row >= 2 && isFlagLetter(text.codePointAt(row - 2)!)) row -= 2;
  const isWithinFlag = ((start - row) / 2) % 2 === 1;
  return isWithinFlag ? start - 2 : start;
}

/** Of ASCII, and no control character. */
function isPrintable(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x20 && unit < 0x7f;
}

function isFlagLetter(codePoint: number): boolean {
  return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
}
