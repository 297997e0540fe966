import { SECRET_MIN_LENGTH } from './secret-names.ts';

/** Letters of one case are as often a word that stands elsewhere too; so long, they are none. */
const WORD_MAX = 15;
const WORD = /^[a-z]+$|^[A-Z]+$/;

/**
 * Replaces values wherever they stand in a text, also in base64, whatever stands before them there, percent-encoded and as JSON
 * writes them. Its time grows with the text alone, however many values there are.
 */
export function createValueMask(values: readonly string[], mask: string): (text: string) => string {
  const spellings = values.filter(mayBeSecret).flatMap(spellingsOf);
  if (spellings.length === 0) return (text) => text;
  const begins = new Uint8Array(1 << 16);
  for (const spelling of spellings) begins[beginAt(spelling, 0)] = 1;
  const tree = treeOf(spellings);

  return (text) => {
    let done = '';
    let at = 0;
    for (let index = 0; index + 1 < text.length; index += 1) {
      if (begins[beginAt(text, index)] === 0) continue;
      const length = longestAt(text, index, tree);
      if (length === 0) continue;
      done += `${text.slice(at, index)}${mask}`;
      at = index + length;
      index = at - 1;
    }
    return at === 0 ? text : done + text.slice(at);
  };
}

/** Texts by their characters, one after the other (a trie). */
interface Tree {
  isEnd: boolean;
  next: Map<number, Tree>;
}

function treeOf(texts: readonly string[]): Tree {
  const root: Tree = { isEnd: false, next: new Map() };
  for (const text of texts) {
    let at = root;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      const next = at.next.get(code) ?? { isEnd: false, next: new Map() };
      at.next.set(code, next);
      at = next;
    }
    at.isEnd = true;
  }
  return root;
}

/** How long the longest text of a tree is that stands there; 0 where none does. */
function longestAt(text: string, from: number, tree: Tree): number {
  let length = 0;
  let at = tree.next.get(text.charCodeAt(from));
  for (let index = from + 1; at; index += 1) {
    if (at.isEnd) length = index - from;
    at = at.next.get(text.charCodeAt(index));
  }
  return length;
}

function beginAt(text: string, index: number): number {
  return ((text.charCodeAt(index) << 8) ^ text.charCodeAt(index + 1)) & 0xffff;
}

/** Whether a value is like a secret: long enough, and no plain word. */
export function mayBeSecret(value: string): boolean {
  return value.length >= SECRET_MIN_LENGTH && !(value.length <= WORD_MAX && WORD.test(value));
}

function spellingsOf(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  const lower = encoded.replace(/%../g, (code) => code.toLowerCase());
  const json = JSON.stringify(value).slice(1, -1);
  const base64 = [0, 1, 2].flatMap((before) => inBase64(value, before));
  return [value, encoded, lower, json, ...base64].filter((each) => each.length >= SECRET_MIN_LENGTH);
}

/** A value as it stands in base64 after so many bytes, without the characters that it shares with what is around it. */
function inBase64(value: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
  const text = bytes.toString('base64').replace(/=+$/, '');
  const shared = bytes.length % 3 === 0 ? 0 : 1;
  const own = text.slice(Math.ceil((before * 8) / 6), text.length - shared);
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}
