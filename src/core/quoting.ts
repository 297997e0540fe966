/**
 * Quotes by what opens them, and what closes them: those of plain, English, German, Polish, Scandinavian, French,
 * Swiss, Hebrew and East Asian keyboards, the accents and primes that are typed for them, and what phones make of the
 * plain ones (Unicode, "General Punctuation" and UAX #14, class QU). Backticks come with what was copied out of a chat.
 */
const OWN: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”',
  '”': '”',
  '„': '“”',
  '‟': '”',
  '«': '»',
  '»': '«»',
  '＂': '＂',
  '″': '″',
  '״': '״',
  '❝': '❞',
  '〝': '〞〟',
  '「': '」',
  '｢': '｣',
  '『': '』',
  '`': '`',
  '´': '´',
  '′': '′',
  '＇': '＇',
  "'": "'",
  '‘': '’',
  '’': '’',
  '‚': '‘’',
  '‛': '’',
  '‹': '›',
  '›': '‹›',
};
/** Where its own is missing, a quote of the same kind closes: keyboards change one of a pair and not the other. */
const ALIKE: readonly string[] = ['"“”„‟＂″', "'‘’‚‛`´′＇", '«»', '‹›'];
const APOSTROPHES = "'’‘´′＇";
/** French sets a space within its quotes, which is none of what they hold. */
const SPACED = '«‹';

/** What closes an opening quote, at best and at worst; undefined for what is no opening quote. */
export function closingQuotes(opening: string): { own: string; alike: string } | undefined {
  if (!Object.hasOwn(OWN, opening)) return undefined;
  return { own: OWN[opening]!, alike: ALIKE.find((kind) => kind.includes(opening)) ?? '' };
}

/** Whether a closing quote also stands within words: `don’t`. */
export function isApostrophe(character: string): boolean {
  return APOSTROPHES.includes(character);
}

/** Whether what a quote holds stands without the spaces at its ends: `« lower lr »`. */
export function isSpaced(opening: string): boolean {
  return SPACED.includes(opening);
}

/** Of a block of code, with the name of a language behind it. */
const FENCE = /^`{3,}(?:[\w+-]*[ \t]*\r?\n)?/;

/**
 * A line without the backticks that stand around what is copied out of a chat or a document: a block of code, or as
 * many as a piece of code is put in, which holds none so many itself.
 */
export function withoutBackticks(line: string): string {
  const text = line.trim();
  const ticks = /^`+/.exec(text)?.[0] ?? '';
  const within = text.slice(ticks.length, -ticks.length);
  if (ticks === '' || !text.endsWith(ticks) || within.trim() === '' || within.includes(ticks)) return line;
  return text.slice(FENCE.exec(text)?.[0].length ?? ticks.length, -ticks.length).trim();
}

/** A command without what it may have been copied with: backticks, and the `/xax` of a chat. */
export function commandIn(line: string): string {
  return withoutBackticks(withoutBackticks(line).replace(/^\s*\/xax(?=\s|$)/, ''));
}

/** What a typed line takes for more than itself: white space, quotes of every kind, what follows a `=`, a backslash. */
const SPECIAL = new RegExp(`[\\s\\u00a0\\u200b=\\\\${Object.keys(OWN).join('')}]`);

/** A value as it stands in a typed line: in quotes where src/chat/words.ts would take it for something else. */
export function quoted(text: string): string {
  if (text !== '' && !SPECIAL.test(text)) return text;
  return `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** `key=value` as a person would type it, and as a form's field of several holds it. */
export function assignment([key, value]: readonly [string, string]): string {
  return `${key}=${quoted(value)}`;
}

/** Settings one after another, each as `key=value`: what the words of an option `assignments` are read back from. */
export function assignmentsText(settings: Readonly<Record<string, string>>, between = ' '): string {
  return Object.entries(settings).map(assignment).join(between);
}
