import type { Slices } from '../../core/slices.ts';

/** Bytes that are looked at between two turns of the event loop. */
const AT_ONCE = 1 << 16;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
/** The bytes with which an object and an array begin. */
export const [OPEN_BRACE, OPEN_BRACKET] = [0x7b, 0x5b];
const [CLOSE_BRACE, CLOSE_BRACKET] = [0x7d, 0x5d];

/**
 * Calls `visit` for each member of a JSON object, or each item of an array, whose bracket stands at `from` in a document in UTF-8, with
 * the place of its value: so that a large document is taken in piece by piece, and never stands in memory twice. One pass; throws
 * SyntaxError where the brackets do not close.
 */
export function* eachPiece(
  json: Buffer,
  from: number,
  visit: (key: string | null, from: number, to: number) => Slices<void> | void,
): Slices<void> {
  const isObject = json[from] === OPEN_BRACE;
  const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET;
  if (!isObject && json[from] !== OPEN_BRACKET) throw new SyntaxError('no JSON object or array');
  let at = pastSpace(json, from + 1);
  if (json[at] === close) return;
  let next = from + AT_ONCE;
  for (;;) {
    let key: string | null = null;
    if (isObject) {
      const end = stringEnd(json, at);
      key = JSON.parse(json.toString('utf8', at, end)) as string;
      at = pastSpace(json, end);
      if (json[at] !== COLON) throw new SyntaxError(`no value of a member at ${at}`);
      at = pastSpace(json, at + 1);
    }
    const end = yield* valueEnd(json, at);
    const inner = visit(key, at, end);
    if (inner) yield* inner;
    if (end >= next) {
      next = end + AT_ONCE;
      yield;
    }
    at = pastSpace(json, end);
    if (json[at] === close) return;
    if (json[at] !== COMMA) throw new SyntaxError(`no comma or bracket at ${at}`);
    at = pastSpace(json, at + 1);
  }
}

function* valueEnd(json: Buffer, from: number): Slices<number> {
  let depth = 0;
  let next = from + AT_ONCE;
  for (let at = from; at < json.length; at += 1) {
    if (at >= next) {
      next = at + AT_ONCE;
      yield;
    }
    const sign = json[at]!;
    if (sign === QUOTE) {
      at = stringEnd(json, at) - 1;
      if (depth === 0) return at + 1;
    } else if (sign === OPEN_BRACE || sign === OPEN_BRACKET) depth += 1;
    else if (sign === CLOSE_BRACE || sign === CLOSE_BRACKET) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (sign === COMMA || isSpace(sign))) return at;
  }
  throw new SyntaxError('it ends in the midst of a value');
}

/** Behind the closing quote of the string that begins here. */
function stringEnd(json: Buffer, from: number): number {
  if (json[from] !== QUOTE) throw new SyntaxError(`no name of a member at ${from}`);
  for (let at = json.indexOf(QUOTE, from + 1); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (json[at - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  throw new SyntaxError('it ends in the midst of a string');
}

/** The next place that holds no white space. */
export function pastSpace(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && isSpace(json[at]!)) at += 1;
  return at;
}

const isSpace = (sign: number) => sign === 0x20 || sign === 0x0a || sign === 0x0d || sign === 0x09;
