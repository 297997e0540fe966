import type { Slices } from '../../core/slices.ts';

/** Characters that are looked at between two turns of the event loop. */
const AT_ONCE = 1 << 18;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Calls `visit` for each member of a JSON object, or each item of an array, whose bracket stands at `from`, with the place of its value in the text:
 * so that a large document is taken in piece by piece. One pass; throws SyntaxError where the brackets do not close.
 */
export function* eachPiece(
  text: string,
  from: number,
  visit: (key: string | null, from: number, to: number) => Slices<void> | void,
): Slices<void> {
  const isObject = text[from] === '{';
  const close = isObject ? '}' : ']';
  if (!isObject && text[from] !== '[') throw new SyntaxError('no JSON object or array');
  let at = pastSpace(text, from + 1);
  if (text[at] === close) return;
  for (;;) {
    let key: string | null = null;
    if (isObject) {
      const end = stringEnd(text, at);
      key = JSON.parse(text.slice(at, end)) as string;
      at = pastSpace(text, end);
      if (text[at] !== ':') throw new SyntaxError(`no value of a member at ${at}`);
      at = pastSpace(text, at + 1);
    }
    const end = yield* valueEnd(text, at);
    const inner = visit(key, at, end);
    if (inner) yield* inner;
    at = pastSpace(text, end);
    if (text[at] === close) return;
    if (text[at] !== ',') throw new SyntaxError(`no comma or bracket at ${at}`);
    at = pastSpace(text, at + 1);
  }
}

function* valueEnd(text: string, from: number): Slices<number> {
  let depth = 0;
  let next = from + AT_ONCE;
  for (let at = from; at < text.length; at += 1) {
    if (at >= next) {
      next = at + AT_ONCE;
      yield;
    }
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      at = stringEnd(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (isOpening(sign)) depth += 1;
    else if (isClosing(sign)) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (sign === 0x2c || isSpace(sign))) return at;
  }
  throw new SyntaxError('it ends in the midst of a value');
}

/** Behind the closing quote of the string that begins here. */
function stringEnd(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) throw new SyntaxError(`no name of a member at ${from}`);
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  throw new SyntaxError('it ends in the midst of a string');
}

function pastSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

const isOpening = (sign: number) => sign === 0x7b || sign === 0x5b;
const isClosing = (sign: number) => sign === 0x7d || sign === 0x5d;
const isSpace = (sign: number) => sign === 0x20 || sign === 0x0a || sign === 0x0d || sign === 0x09;
