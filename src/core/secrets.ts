import { isHeaderName, isSecretGiven, maybeSecretName } from './secret-names.ts';
import { withoutUnseen } from './unseen.ts';

export const MASK = '(hidden)';

/**
 * Secrets that show themselves by their form, as their issuers document it: Slack, GitHub, GitLab, Hugging Face,
 * OpenAI and the like, Stripe, npm, PyPI, DigitalOcean, AWS, Google, Discord's bots, JSON web tokens, private keys, a
 * password within a URL (up to its last @), and addresses of webhooks. Each begins where nothing else of it can, so
 * that a long line costs no more than its length.
 */
const SECRET_FORMS = [
  /(?<![\w-])x(?:ox[abceprs]|app)-[A-Za-z0-9-]{8,}/g,
  /(?<!\w)gh[oprsu]_[A-Za-z0-9]{20,}|(?<!\w)github_pat_[A-Za-z0-9_]{20,}/g,
  /(?<!\w)glpat-[A-Za-z0-9_-]{16,}/g,
  /(?<!\w)hf_[A-Za-z0-9]{20,}/g,
  /(?<![\w-])sk-[A-Za-z0-9_-]{16,}/g,
  /(?<!\w)[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /(?<!\w)npm_[A-Za-z0-9]{36,}/g,
  /(?<!\w)pypi-[A-Za-z0-9_-]{16,}/g,
  /(?<!\w)do[opr]_v1_[a-f0-9]{64}/g,
  /(?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)/g,
  /(?<!\w)AIza[A-Za-z0-9_-]{30,}/g,
  /(?<![\w.-])[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}/g,
  /(?<![\w-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=:\/\/[^\s/:@]{0,200}:)[^\s/]+(?=@)/g,
  /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/g,
  /(?<=discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/g,
];
/** RFC 6750; the word stands in prose too, so what follows must look like a token. */
const BEARER = /(?<=(?<!\w)Bearer[ \t]{1,4})(?=[\w.~+/=-]*\d)[\w.~+/=-]{6,}/gi;

/**
 * A name and what gives it a value: `wandb.api_key=`, `\"token\": `, `env['password'] = `, `--hf-token `. The value may
 * stand on the next line, further in.
 */
const GIVEN =
  /(?<![\w.-])(--?[A-Za-z][\w.-]*)[ \t]+(?![-=:])|(?<![\w.-])([\w.-]+)\\*["'`]?\]?[ \t]*(?:=>|:=|==?|:)(?:[ \t]*\n(?=[ \t])[ \t]*|[ \t]*)/g;
/** What ends a value that is not quoted. */
const BARE = /(?:[^\s,;)\]}"'`\\]|\\(?!\\{0,8}["'`]))+/y;
/** What stands before a quote that belongs to the value: `b'…'`, `SecretStr('…')`, `auth: password="…"`. */
const PREFIX = /^[bfru]{1,2}$|[(=:]$/i;
const QUOTE = /\\*["'`]/y;
const HEADER = /[^\n"'`]*/y;
/** How a header says what kind of secret follows (RFC 9110, 11.1). */
const SCHEME = /(?:Basic|Bearer|Digest|Negotiate|Token)[ \t]+/iy;
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };
/** A list or an object that is longer is hidden up to here. */
const NESTED_MAX = 20_000;

/**
 * A text in which secrets are hidden: those that have the form of one, and the values of settings whose names say so, in
 * commands, configs, logs and headers alike. Characters that nobody sees keep no secret from being found.
 */
export function maskSecrets(text: string): string {
  const plain = withoutUnseen(text);
  const masked = maskPlain(plain);
  return masked === plain ? text : masked;
}

/** The same for a text that has no unseen characters. */
function maskPlain(text: string): string {
  const byForm = SECRET_FORMS.reduce((masked, form) => masked.replace(form, MASK), text);
  return maskValues(byForm).replace(BEARER, MASK);
}

/** The same for each text within plain JSON; names stay, and what stands for one that is a secret's is hidden whole. */
export function maskTexts<T>(value: T): T {
  const text = JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'string' ? maskSecrets(each) : each,
  );
  return JSON.parse(text) as T;
}

function maskValues(text: string): string {
  let done = '';
  let at = 0;
  for (const match of text.matchAll(GIVEN)) {
    const name = match[1] ?? match[2]!;
    if (match.index < at || !maybeSecretName(name)) continue;
    const begin = match.index + match[0].length;
    const isLine = isHeaderName(name) && !isQuote(text[begin]);
    const from = isLine ? endOf(SCHEME, text, begin) : begin;
    const end = isLine ? endOf(HEADER, text, from) : valueEnd(text, from);
    const value = text.slice(from, end);
    if (value.trim() === '' || value.includes(MASK) || !isSecretGiven(name, value)) continue;
    done += `${text.slice(at, from)}${MASK}`;
    at = end;
  }
  return done + text.slice(at);
}

function isQuote(character: string | undefined): boolean {
  return character !== undefined && `"'\`\\`.includes(character);
}

/** Where a value ends that begins here: quoted and bare parts in a row, as a shell takes them, or all in brackets. */
function valueEnd(text: string, from: number): number {
  const closing = CLOSING[text[from] ?? ''];
  if (closing !== undefined) return nestedEnd(text, from);
  let at = from;
  for (;;) {
    const before = at;
    at = endOf(BARE, text, at);
    QUOTE.lastIndex = at;
    const quote = QUOTE.exec(text)?.[0];
    // Right after another word, a quote closes what the name stands in.
    const opens = quote !== undefined && (at === from || PREFIX.test(text.slice(before, at)));
    if (opens) at = quotedEnd(text, at, quote);
    if (at === before || !opens) return at;
  }
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return from + (pattern.exec(text)?.[0].length ?? 0);
}

/** Where a quoted part ends: at the same quote with the same backslashes before it, else with its line. */
function quotedEnd(text: string, from: number, quote: string): number {
  let at = from + quote.length;
  while (at < text.length && text[at] !== '\n') {
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
  const line = text.indexOf('\n', from);
  return line < 0 ? text.length : line;
}
