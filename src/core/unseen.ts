/**
 * What acts on a screen, turns text around, or is there without being seen: controls but for tab and line feed, format
 * characters (Cf), variation selectors, tags, fillers that show nothing, and Unicode's own line ends.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u115f\u1160\u2028\u2029\u3164\uffa0\p{Cf}\u{e0000}-\u{e0fff}]|[\p{Variation_Selector}]|\u034f|\u17b4|\u17b5/gu;

/** A text without the characters that a reader does not see, and a program does. */
export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, '');
}

/**
 * The sequences that terminals obey (ECMA-48, 5.4 and 5.6): a control sequence, and a control string with its end. The
 * bounds are far above what programs write, and keep the search linear.
 */
const SEQUENCES =
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0000-\u0006\u000e-\u001f\u007f-\u009f]{0,512}?(?:\u0007|\u001b\\|\u009c)/g;
/** Scripts that join letters, or keep them apart, by a character of no width (Unicode 16, 9.2 and 12.1). */
const JOINED =
  '\\p{sc=Arab}\\p{sc=Syrc}\\p{sc=Mong}\\p{sc=Deva}\\p{sc=Beng}\\p{sc=Guru}\\p{sc=Gujr}\\p{sc=Orya}\\p{sc=Taml}\\p{sc=Telu}\\p{sc=Knda}\\p{sc=Mlym}\\p{sc=Sinh}\\p{sc=Khmr}\\p{sc=Mymr}';
/** So many marks are drawn over one character; more of them hide the lines around it. Languages use fewer. */
const MARKS_MAX = 8;
/** What is kept of the unseen, since it shapes what is seen: within emoji, words of some scripts, and flags of regions. */
const SHAPING = [
  `(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})`,
  `(?<=[${JOINED}])[\\u200c\\u200d](?=[${JOINED}\\s]|$)`,
  '(?<=[\\p{Emoji}])[\\ufe0e\\ufe0f]',
  '(?<=\\p{Ideographic})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
  '(?<=\\u{1f3f4})[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{1,8}\\u{e007f}',
  // Signs of Arabic and Syriac that are of the kind Cf, and are seen.
  '[\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2]',
].join('|');
const ILLEGIBLE = new RegExp(
  `(?<shaping>${SHAPING})|${UNSEEN.source}|\\p{Noncharacter_Code_Point}|\\p{Surrogate}|(?<=\\p{M}{${MARKS_MAX}})\\p{M}+`,
  'gu',
);
const PLAIN = /^[\n\t -~]*$/;

/**
 * A text as people are shown it, whoever wrote it: nothing in it moves a cursor, turns words around, hides, or piles up
 * over its neighbours. Line ends are line feeds; half a surrogate pair is shown as U+FFFD.
 */
export function legible(text: string): string {
  if (PLAIN.test(text)) return text;
  const lines = text
    .toWellFormed()
    .replace(SEQUENCES, '')
    .replace(/[\u0085\u2028\u2029]/g, '\n');
  return withIllegible(lines, () => '');
}

/** The same in one line. */
export function legibleLine(text: string): string {
  return legible(text).replace(/\s+/g, ' ').trim();
}

/** A text in which all that is not legible is told, as in `\x1b[31m` and `\u202e`: of a name that is wrong for it, say, or a path. */
export function spelledOut(text: string): string {
  if (PLAIN.test(text)) return text;
  return withIllegible(text.replaceAll('\r\n', '\n'), (found) =>
    Array.from(found, (character) => {
      const code = character.codePointAt(0)!.toString(16);
      if (code.length > 4) return `\\u{${code}}`;
      return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
    }).join(''),
  );
}

/** A text with something else in place of all that is not legible. */
function withIllegible(text: string, instead: (found: string) => string): string {
  return text.replace(ILLEGIBLE, (found, ...rest) =>
    (rest.at(-1) as { shaping?: string }).shaping === undefined ? instead(found) : found,
  );
}
