import { SECRET_MIN_LENGTH } from './secret-names.ts';

/** Letters of one case are as often a word that stands elsewhere too; so long, they are none. */
const WORD_MAX = 15;
const WORD = /^[a-z]+$|^[A-Z]+$/;

/**
 * Replaces values wherever they stand in a text, also in base64, whatever stands before them there, percent-encoded and as JSON
 * writes them. Its time grows with the text alone: a position is looked at again only where the first two characters fit.
 */
export function createValueMask(values: readonly string[], mask: string): (text: string) => string {
  const spellings = [...new Set(values.filter(isSecret).flatMap(spellingsOf))].toSorted(
    (a, b) => b.length - a.length,
  );
  if (spellings.length === 0) return (text) => text;
  const begins = new Uint8Array(1 << 16);
  const byBegin = new Map<number, string[]>();
  for (const spelling of spellings) {
    const begin = beginAt(spelling, 0);
    begins[begin] = 1;
    byBegin.set(begin, [...(byBegin.get(begin) ?? []), spelling]);
  }

  return (text) => {
    let done = '';
    let at = 0;
    for (let index = 0; index + 1 < text.length; index += 1) {
      const begin = beginAt(text, index);
      if (begins[begin] === 0) continue;
      const found = byBegin.get(begin)!.find((each) => text.startsWith(each, index));
      if (found === undefined) continue;
      done += `${text.slice(at, index)}${mask}`;
      at = index + found.length;
      index = at - 1;
    }
    return at === 0 ? text : done + text.slice(at);
  };
}

function beginAt(text: string, index: number): number {
  return ((text.charCodeAt(index) << 8) ^ text.charCodeAt(index + 1)) & 0xffff;
}

function isSecret(value: string): boolean {
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
