import { legible } from './unseen.ts';

/** Signs that CommonMark, GitHub's extensions or a preview's formulas read anywhere in a line. */
const ANYWHERE = /[\\`*[\]<|~$]/g;
/** An underscore within a word is none of theirs: `snake_case`. */
const UNDERSCORE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
const ENTITY = /&(?=#?[A-Za-z0-9]+;?)/g;
/** Of an emoji, whose end may be what stands behind the text: names of digits are few, and `15:24:04` is a time. */
const EMOJI_BEGIN = /:(?=(?:[+-]1|100|1234|[0-9\\_+-]*[a-z][a-z0-9\\_+-]*)(?::|$))/g;
/** What begins a block at the beginning of a line: a heading, a quotation, a list, a rule, an indented block of code. */
const LINE_BEGIN = /^(?:>|#(?=#*(?: |$))|[+-](?=[ -]|$)|(\d{1,9})([.)])(?=\s|$))/;
/** Of an address without a scheme, which previews make a link; within a word or a path it is none. */
const ADDRESS_BEGIN = /(?<![\p{L}\p{N}:/])\/\/(?=[^\s/])/gu;
/** Addresses that are made links as they stand. */
const ADDRESS = /(?:https?|ftp|mailto|xmpp|javascript|data|vbscript|file|tel|sms)(?=:)|www(?=\.)/gi;

/**
 * A text in one line of Markdown that is shown as it was written, on GitHub and in previews that let HTML through: none of it is
 * markup, HTML, a picture, a link or a mention. Signs that mean something get a backslash; where GitHub reads words after that
 * (mentions, addresses, names of emoji), a character of no width stands between them.
 */
export function markdownText(text: string): string {
  return legible(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(ANYWHERE, '\\$&')
    .replace(UNDERSCORE, '\\_')
    .replace(ENTITY, '\\&')
    .replaceAll('@', '\\@\u200b')
    .replace(EMOJI_BEGIN, '$&\u200b')
    .replace(ADDRESS_BEGIN, '/\u200b/')
    .replace(ADDRESS, (scheme) => `${scheme}\u200b`)
    .replace(LINE_BEGIN, (sign, digits: string | undefined, point: string | undefined) =>
      digits === undefined ? `\\${sign}` : `${digits}\\${point}`,
    )
    .replace(/(?<![\\#])#+$/, '\\$&');
}
