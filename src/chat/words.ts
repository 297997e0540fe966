import { closingQuotes, isApostrophe, isSpaced } from '../core/quoting.ts';

/** One word of a typed line, with where it began, so that a last option can take the rest as it was typed. */
export interface Word {
  text: string;
  start: number;
  /** Its first character opened a quote: whoever typed it wanted it as it stands. */
  quoted: boolean;
}

const SPACE = /[\s\u00a0\u200b]/;

/**
 * Splits a line at white space. Quotes of every keyboard keep words together, at the start of a word, after `=`, and
 * after the comma behind another; a backslash takes the next quote as it is. A quote that is never closed is an ordinary character.
 */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  const readQuoted = quotesIn(line);
  let at = 0;
  while (at < line.length) {
    if (SPACE.test(line[at]!)) {
      at += 1;
      continue;
    }
    const start = at;
    let text = '';
    let isQuoted = false;
    let quoteEnd = -1;
    // What stands before the next character: of a long text that grows, `endsWith` would copy it each time.
    let last = '';
    while (at < line.length && !SPACE.test(line[at]!)) {
      const opensQuote = text === '' || last === '=' || (line[at - 1] === ',' && at - 1 === quoteEnd);
      const quoted = opensQuote ? readQuoted(at) : undefined;
      if (quoted) {
        isQuoted ||= at === start;
        text += quoted.text;
        last = quoted.text.at(-1) ?? last;
        at = quoted.end;
        quoteEnd = at;
      } else {
        last = line[at]!;
        text += last;
        at += 1;
      }
    }
    words.push({ text, start, quoted: isQuoted });
  }
  return words;
}

interface Quoted {
  text: string;
  end: number;
}

/**
 * Reads what the quote at a place holds. Its own closing quote comes first, of those that open and close with different
 * characters the one that closes no other between; where another quote is opened before that, it is taken for closed by
 * one of the same kind, of which a keyboard has changed one and not the other.
 */
function quotesIn(line: string): (start: number) => Quoted | undefined {
  /** Ways to close a quote that nothing in the rest of the line fits: it is not looked through again. */
  const absent = new Set<string>();
  const pairs = new Map<string, Map<number, number>>();

  return (start) => {
    const opening = line[start]!;
    const closing = closingQuotes(opening);
    if (!closing) return undefined;
    const { own, alike } = closing;
    const closesOwn = (at: number) =>
      own.includes(line[at]!) && (endsWord(line, at) || !isApostrophe(line[at]!));
    const closesAlike = (at: number) => alike.includes(line[at]!) && endsWord(line, at);
    const opensAnother = (at: number) => line[at] === opening && opensWord(line, at);
    const found = own.includes(opening)
      ? readUntil(start, own, closesOwn, `${opening} own`, opensAnother)
      : readPair(start, opening, own, closesOwn);
    const quoted =
      found ??
      readUntil(start, alike, closesAlike, `${opening} alike`) ??
      readUntil(start, own, closesOwn, `${opening} own`);
    return quoted && isSpaced(opening) ? { ...quoted, text: quoted.text.trim() } : quoted;
  };

  function readPair(start: number, opening: string, own: string, isClosing: (at: number) => boolean) {
    if (!pairs.has(opening)) pairs.set(opening, pairsIn(line, opening, isClosing));
    const end = pairs.get(opening)!.get(start);
    return end === undefined ? undefined : readUntil(start, own, (at) => at === end, '');
  }

  /** The text up to where it is closed; undefined where it is given up before, or never closed. */
  function readUntil(
    start: number,
    quotes: string,
    isClosing: (at: number) => boolean,
    way: string,
    isGivenUp: (at: number) => boolean = () => false,
  ): Quoted | undefined {
    if (absent.has(way)) return undefined;
    let text = '';
    for (let at = start + 1; at < line.length; at += 1) {
      if (isGivenUp(at)) return undefined;
      if (isClosing(at)) return { text, end: at + 1 };
      if (isEscape(line, at, quotes)) at += 1;
      text += line[at];
    }
    absent.add(way);
    return undefined;
  }
}

/** Where each quote of one kind is closed, those within others too. A new value ends what was open. */
function pairsIn(line: string, opening: string, isClosing: (at: number) => boolean): Map<number, number> {
  const found = new Map<number, number>();
  let open: number[] = [];
  for (let at = 0; at < line.length; at += 1) {
    if (isEscape(line, at, opening)) at += 1;
    else if (line[at] === opening) {
      if (line[at - 1] === '=') open = [];
      if (open.length === 0 || opensWord(line, at)) open.push(at);
    } else if (open.length > 0 && isClosing(at)) found.set(open.pop()!, at);
  }
  return found;
}

function isEscape(line: string, at: number, quotes: string): boolean {
  const next = line[at + 1];
  return line[at] === '\\' && next !== undefined && (next === '\\' || quotes.includes(next));
}

function endsWord(line: string, at: number): boolean {
  return at + 1 === line.length || SPACE.test(line[at + 1]!);
}

function opensWord(line: string, at: number): boolean {
  return (line[at - 1] === '=' || SPACE.test(line[at - 1]!)) && !endsWord(line, at);
}
