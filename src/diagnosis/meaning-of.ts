import type { Meaning } from './meaning.ts';
import { MEANINGS } from './meanings.ts';

/** More of an exception's words tells nothing, and costs. */
const WORDS_MAX = 4_000;
/** Exceptions of ordinary mistakes: whatever words stand in them are names and keys. */
const PLAIN_MISTAKES: readonly string[] = [
  'KeyError',
  'AttributeError',
  'NameError',
  'UnboundLocalError',
  'IndexError',
  'ZeroDivisionError',
  'SyntaxError',
  'IndentationError',
  'TabError',
  'UnicodeDecodeError',
  'UnicodeEncodeError',
  'JSONDecodeError',
  'RecursionError',
];
/** Exceptions that quote what they were given: any words may stand in quotes. */
const QUOTING: readonly string[] = ['ValueError', 'TypeError', 'AssertionError'];
const QUOTED = /(?<!\w)'[^'\n]*'(?!\w)|"[^"\n]*"/g;
const CIRCULAR = /partially initialized module/;

/** What an exception's words, in any number of lines, mean; undefined where they are only its own. */
export function meaningOf(type: string, text: string): Meaning | undefined {
  const words = text.slice(0, WORDS_MAX).replace(/\s*\n\s*/g, ' ');
  if (PLAIN_MISTAKES.includes(type)) return CIRCULAR.test(words) ? meaning(words) : undefined;
  return meaning(QUOTING.includes(type) ? words.replace(QUOTED, "''") : words);
}

const meaning = (words: string): Meaning | undefined => MEANINGS.find(({ pattern }) => pattern.test(words));
