export interface Token {
  kind: 'name' | 'number' | 'text' | 'mark';
  /** As it is written; of a mark, the one character. */
  source: string;
  /** Of a text without expressions in it, what it says. */
  value?: string;
}

/** A statement on however many lines of the file: its tokens, and how far the first is from the margin. */
export interface Statement {
  indent: number;
  tokens: Token[];
}

const TAB = 8;
const BLANKS = /[ \t\f]*/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*)?\.?[\d_]*(?:[eE][-+]?[\d_]+)?[jJ]?)/y;
/** The letters before a text, and its quotes (docs.python.org/3/reference/lexical_analysis.html). */
const QUOTES = /([A-Za-z]{0,2})("""|'''|"|')/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/**
 * The statements of a Python source, as far as it is one: of what is broken, pieces that mean nothing come out, in a time that
 * grows with its length alone.
 */
export function statementsOf(source: string): Statement[] {
  const statements: Statement[] = [];
  let current: Statement | undefined;
  let depth = 0;
  let at = 0;

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found && found[0] !== '') at += found[0].length;
    return found && found[0] !== '' ? found : null;
  };
  const add = (token: Token) => {
    current ??= { indent: 0, tokens: [] };
    if (current.tokens.length === 0) statements.push(current);
    current.tokens.push(token);
  };

  while (at < source.length) {
    if (current === undefined) current = { indent: widthOf(take(BLANKS)?.[0] ?? ''), tokens: [] };
    else take(BLANKS);
    const character = source[at];
    if (character === undefined) break;
    if (character === '#') {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (character === '\n' || character === '\r') {
      at += 1;
      if (depth === 0) current = undefined;
    } else if (character === '\\' && /\r?\n/.test(source.slice(at + 1, at + 3))) {
      at = source.indexOf('\n', at) + 1;
    } else {
      const text = textAt(source, at);
      if (text) {
        at = text.end;
        add(text.token);
        continue;
      }
      const name = take(NAME);
      const number = name ?? (/[\d.]/.test(character) ? take(NUMBER) : null);
      if (name) add({ kind: 'name', source: name[0] });
      else if (number && /\d/.test(number[0])) add({ kind: 'number', source: number[0] });
      else {
        // A point alone, or several.
        if (number) at -= number[0].length;
        at += 1;
        if ('([{'.includes(character)) depth += 1;
        if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
        if (character === ';' && depth === 0) current = { indent: current.indent, tokens: [] };
        else add({ kind: 'mark', source: character });
      }
    }
  }
  return statements;
}

function widthOf(blanks: string): number {
  return [...blanks].reduce((width, each) => (each === '\t' ? width + TAB - (width % TAB) : width + 1), 0);
}

/** The text that begins here, if one does; one that is never closed ends with its line, or with the file. */
function textAt(source: string, from: number): { token: Token; end: number } | undefined {
  QUOTES.lastIndex = from;
  const [opening, letters = '', quotes = ''] = QUOTES.exec(source) ?? [];
  if (opening === undefined) return undefined;
  const isRaw = /r/i.test(letters);
  const pieces: string[] = [];
  let at = from + opening.length;
  let begun = at;
  while (at < source.length && !source.startsWith(quotes, at)) {
    const character = source[at]!;
    if (character === '\n' && quotes.length === 1) break;
    if (character !== '\\') {
      at += 1;
      continue;
    }
    if (!isRaw) {
      const next = source[at + 1] ?? '';
      pieces.push(source.slice(begun, at), ESCAPES[next] ?? (/[\\'"]/.test(next) ? next : `\\${next}`));
      begun = at + 2;
    }
    at += 2;
  }
  at = Math.min(at, source.length);
  pieces.push(source.slice(Math.min(begun, at), at));
  const end = source.startsWith(quotes, at) ? at + quotes.length : at;
  const isPlain = !/[bft]/i.test(letters);
  return {
    end,
    token: {
      kind: 'text',
      source: source.slice(from, end),
      ...(isPlain ? { value: pieces.join('') } : {}),
    },
  };
}
