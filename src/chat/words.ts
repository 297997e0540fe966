/** One word of a typed line, with where it began, so that a last option can take the rest as it was typed. */
export interface Word {
  text: string;
  start: number;
  /** Its first character opened a quote: whoever typed it wanted it as it stands. */
  quoted: boolean;
}

/** Opening quotes and what closes them; phones turn the plain ones into the curved ones. */
const QUOTES: Record<string, string> = { '"': '"', "'": "'", '“': '”', '‘': '’', '„': '“' };
const SPACE = /[\s\u00a0\u200b]/;

/**
 * Splits a line at white space. Quotes keep words together, at the start of a word or after `=`; a backslash
 * takes the next quote as it is. A quote that is never closed is an ordinary character.
 */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (SPACE.test(line[at]!)) {
      at += 1;
      continue;
    }
    const start = at;
    let text = '';
    let isQuoted = false;
    while (at < line.length && !SPACE.test(line[at]!)) {
      const opensQuote = text === '' || text.endsWith('=');
      const quoted = opensQuote ? readQuoted(line, at) : undefined;
      if (quoted) {
        isQuoted ||= at === start;
        text += quoted.text;
        at = quoted.end;
      } else {
        text += line[at];
        at += 1;
      }
    }
    words.push({ text, start, quoted: isQuoted });
  }
  return words;
}

function readQuoted(line: string, start: number): { text: string; end: number } | undefined {
  const closing = QUOTES[line[start]!];
  if (!closing) return undefined;
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line[at]!;
    if (character === closing) return { text, end: at + 1 };
    if (character === '\\' && (line[at + 1] === closing || line[at + 1] === '\\')) {
      at += 1;
      text += line[at];
    } else {
      text += character;
    }
  }
  return undefined;
}
