import { isHeaderName, judgeOf, looksLikeToken, maybeSecretName } from './secret-names.ts';
import { isReference } from './secret-references.ts';

/**
 * A name and what gives it a value: `wandb.api_key=`, `\"token\": `, `env['password'] = `, `--hf-token `, `('key', `,
 * `<password>`, a cell of a table. The value may stand on the next line, further in.
 */
const GIVEN =
  /(?:(--?[A-Za-z][\w.-]*)[ \t]+(?![-=:])|([\w.-]+)(\\*["'`]?)\]?([ \t]*(?:=>|:=|={1,2}|:[ \t]*(?:str|bytes|SecretStr|Optional\[str\]|str \| None)[ \t]*=|:|＝|：|%3[AaDd]|[│|]|(?<=\w)>|,(?=[ \t]*b?\\*["'`](?!(?:value|name|key)\b)))|\t(?=[^\s]))(?:[ \t]*\r?\n(?=[ \t]|- )[ \t]*|[ \t]*)(?:[&!]!?[\w-]+[ \t]+)?)/y;
/** What a text has where it names a secret, and the rest of the name. */
const STEMS = /(?:pass|pwd|secret|cred|auth|token|key|cookie|webhook|jwt|sig|pat(?![a-z]))[\w.-]*/gi;
const NAME_CHARACTER = /[\w.-]/;
/** `\n` before a name, where it stands in JSON. */
const ESCAPES = 'nrtbf';
/** A name is not looked at further back. */
const NAME_MAX = 100;
/** What ends a value that is not quoted. */
const BARE = /(?:[^\s,;)\]}"'`\\]|\\(?!\\{0,8}["'`nrt]))+/y;
/** The same in the query of an address, in one within another, and in an element of XML. */
const IN_QUERY = /[^\s&"'`<>\\]+/y;
const IN_ENCODED = /(?:(?!%26|%23)[^\s&"'`<>\\])+/y;
const IN_ELEMENT = /[^<\n]+/y;
/** What a shell's environment gives a name: all of the word. */
const WORD = /[^\s]+/y;
/** What stands before a quote that belongs to the value: `b'…'`, `SecretStr('…')`, `auth: password="…"`. */
const PREFIX = /^[bfru]{1,2}$|[(=:]$/i;
const QUOTE = /\\{0,16}(?:"""|'''|["'`])/y;
const HEADER = /(?:[^\n"'`\\]|\\(?![rn"'`]))*/y;
/** How a header says what kind of secret follows (RFC 9110, 11.1). */
const SCHEME = /(?:Basic|Bearer|Digest|Negotiate|Token)[ \t]+/iy;
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };
/** A list, an object or a block that is longer is hidden up to here. */
const NESTED_MAX = 8_000;
/** So much of a value tells whether it may be one, and so much before a name where it stands. */
const HEAD = 300;
/** Where in a line a YAML key stands, and how a block below it begins. */
const KEY_PLACE = /^[ \t]*(?:[-+][ \t]+)?["']?$/;
const BLOCK = /[|>][+-]?\d?[+-]?[ \t]*(?:#[^\n]*)?\r?\n/y;
const SHELL_NAME = /^[A-Z][A-Z0-9_]*$/;
const SHELL_PLACE = /(?:^|[ \t])export[ \t]+$|^[ \t]*$/;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
/** What a value was changed to. */
const CHANGED = /[ \t]*(?:->|→)[ \t]*(?=\S)/y;

/** Whether what one name is given is a secret. */
type Judge = (value: string) => boolean;

/** A text with `mask` in place of each value whose name says that it is a secret. */
export function maskValues(text: string, mask: string): string {
  let done = '';
  let at = 0;
  const judges = new Map<string, Judge | null>();
  for (const stem of text.matchAll(STEMS)) {
    if (stem.index < at) continue;
    GIVEN.lastIndex = nameBegin(text, at, stem.index);
    const match = GIVEN.exec(text);
    const name = (match?.[1] ?? match?.[2] ?? '').slice(-NAME_MAX);
    if (!match || judges.get(name) === null) continue;
    const isSecret = judges.get(name) ?? (maybeSecretName(name) ? judgeOf(name) : null);
    judges.set(name, isSecret);
    if (!isSecret) continue;
    const from = valueBegin(text, match, name);
    const head = from === undefined ? '' : text.slice(from, from + HEAD);
    if (from === undefined || !isGiven(isSecret, name, head, match)) continue;
    // A reference may go on to the end of the text: what names are given within it is looked at in turn.
    const isLong = valueEnd(text.slice(0, from + HEAD), from, match, name) === from + HEAD;
    if (isLong && isReference(head, '')) continue;
    const end = valueEnd(text, from, match, name);
    const value = text.slice(from, end);
    if (isNothing(value, mask) || !isGiven(isSecret, name, value, match)) continue;
    if (isReference(value.slice(0, HEAD), text.slice(end, end + 4))) continue;
    done += `${text.slice(at, from)}${mask}${value.endsWith('\n') ? '\n' : ''}`;
    at = end;
    const change = matchAt(CHANGED, text, at);
    if (change === 0) continue;
    done += `${text.slice(at, at + change)}${mask}`;
    at = bareEnd(text, at + change);
  }
  return done + text.slice(at);
}

function isNothing(value: string, mask: string): boolean {
  const bare = value.replace(/^[\s"'`\\]+|[\s"'`\\]+$/g, '');
  return bare === '' || bare === mask;
}

/** Where a name begins that has a stem here. */
function nameBegin(text: string, from: number, stem: number): number {
  let at = stem;
  while (at > from && stem - at < NAME_MAX && NAME_CHARACTER.test(text[at - 1]!)) at -= 1;
  return at < stem && text[at - 1] === '\\' && ESCAPES.includes(text[at]!) ? at + 1 : at;
}

/** A cell of a table, the second of two texts or what is compared is a value only if it looks like one. */
function isGiven(
  isSecret: Judge,
  name: string,
  value: string,
  { 4: separator = '' }: RegExpMatchArray,
): boolean {
  const isFlag = name.startsWith('-');
  const isLoose = /^\s*(?:[│|\t>]|==)/.test(separator) || (separator.endsWith(',') && !isFlag);
  return isSecret(value) && (!isLoose || looksLikeToken(value));
}

/** Where the value of a name begins; undefined where what follows gives it none. */
function valueBegin(text: string, match: RegExpMatchArray, name: string): number | undefined {
  const begin = match.index! + match[0].length;
  const [separator, quote] = [match[4] ?? '', match[3] ?? ''];
  if (separator === '>' && text[match.index! - 1] !== '<') return undefined;
  const isPath = text[match.index! - 1] === '/' && (quote !== '' || name === 'passwd');
  // Of `HF_TOKEN= STEP=12` the first is empty.
  const isEmpty =
    /^= /.test(match[0].slice(name.length)) && ASSIGNMENT.test(text.slice(begin, begin + NAME_MAX));
  if (isEmpty || isPath || (separator.endsWith(',') && quote === '')) return undefined;
  const isLine = isHeaderName(name) || matchAt(SCHEME, text, begin) > 0;
  return isLine && !opens(text[begin]) ? begin + matchAt(SCHEME, text, begin) : begin;
}

/** Where a value ends that begins here: with its block, its line, its brackets, its quotes or its word. */
function valueEnd(text: string, from: number, match: RegExpMatchArray, name: string): number {
  const separator = (match[4] ?? '').trim();
  const before = text.slice(lineBegin(text, match.index!), match.index!);
  if (isHeaderName(name) && !opens(text[from])) return from + matchAt(HEADER, text, from);
  if (separator === ':' && KEY_PLACE.test(before)) {
    const indent = before.search(/[^ \t]|$/);
    const block = matchAt(BLOCK, text, from);
    if (block > 0) return blockEnd(text, from + block, indent);
    if (match[0].includes('\n')) return blockEnd(text, lineBegin(text, from), indent);
  }
  if (separator === '>') return from + matchAt(IN_ELEMENT, text, from);
  if (separator.startsWith('%')) return from + matchAt(IN_ENCODED, text, from);
  if (/[?&]$/.test(text.slice(match.index! - 1, match.index!))) return from + matchAt(IN_QUERY, text, from);
  const isShells = separator === '=' && SHELL_NAME.test(name) && SHELL_PLACE.test(before);
  if (isShells && !isQuote(text[from])) return from + matchAt(WORD, text, from);
  return bareEnd(text, from);
}

function isQuote(character: string | undefined): boolean {
  return character !== undefined && `"'\`\\`.includes(character);
}

/** Whether a value that begins so has an end of its own. */
function opens(character: string | undefined): boolean {
  return isQuote(character) || CLOSING[character ?? ''] !== undefined;
}

function lineBegin(text: string, at: number): number {
  const from = Math.max(0, at - HEAD);
  return from + text.slice(from, at).lastIndexOf('\n') + 1;
}

/** Where the lines end that stand further in than a key, or are the items of its list. */
function blockEnd(text: string, from: number, indent: number): number {
  const limit = Math.min(text.length, from + NESTED_MAX);
  let at = from;
  while (at < limit) {
    const lineEnd = text.indexOf('\n', at);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(at, next);
    const inwards = line.search(/[^ \t\r\n]/);
    const isWithin =
      inwards < 0 || inwards > indent || (inwards === indent && line.startsWith('- ', inwards));
    if (!isWithin) return at;
    at = next;
  }
  return at;
}

/** Where a value ends that begins here: quoted and bare parts in a row, as a shell takes them, or all in brackets. */
function bareEnd(text: string, from: number): number {
  if (CLOSING[text[from] ?? ''] !== undefined) return nestedEnd(text, from);
  let at = from;
  for (;;) {
    const before = at;
    at += matchAt(BARE, text, at);
    QUOTE.lastIndex = at;
    const quote = QUOTE.exec(text)?.[0];
    // Right after another word, a quote closes what the name stands in.
    const goesOn =
      quote !== undefined && (at === from || PREFIX.test(text.slice(Math.max(before, at - 80), at)));
    if (goesOn) at = quotedEnd(text, at, quote);
    if (at === before || !goesOn) return at;
  }
}

/** How much of a text a pattern takes that begins here. */
function matchAt(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Where a quoted part ends: at the same quote with the same backslashes before it, else with its line. */
function quotedEnd(text: string, from: number, quote: string): number {
  const isLong = quote.length >= 3 && !quote.startsWith('\\');
  const limit = isLong ? Math.min(text.length, from + NESTED_MAX) : text.length;
  let at = from + quote.length;
  while (at < limit && (isLong || text[at] !== '\n')) {
    QUOTE.lastIndex = at;
    const next = QUOTE.exec(text)?.[0];
    if (next === quote) return at + next.length;
    if (next !== undefined) at += next.length;
    else at += text[at] === '\\' ? 2 : 1;
  }
  return Math.min(at, text.length);
}

/** Where brackets that open here close, as quotes within them allow; else with the line. */
function nestedEnd(text: string, from: number): number {
  const open: string[] = [];
  const limit = Math.min(text.length, from + NESTED_MAX);
  for (let at = from; at < limit; at += 1) {
    const character = text[at]!;
    if (CLOSING[character] !== undefined) open.push(CLOSING[character]);
    else if (character === open.at(-1)) open.pop();
    else if (isQuote(character)) {
      QUOTE.lastIndex = at;
      const quote = QUOTE.exec(text)?.[0];
      if (quote !== undefined) at = quotedEnd(text, at, quote) - 1;
    }
    if (open.length === 0) return at + 1;
  }
  const line = text.slice(from, limit).indexOf('\n');
  return line < 0 ? limit : from + line;
}
