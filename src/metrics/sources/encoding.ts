/** As many bytes as tell in which encoding a text is written. */
export const ENCODING_BYTES = 64;

const UTF_8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** Byte-order marks (Unicode 16, 23.8), the longer ones first: UTF-32's begins as UTF-16's does. */
const MARKS: readonly [name: string, mark: Buffer][] = [
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0])],
  ['UTF-32', Buffer.from([0, 0, 0xfe, 0xff])],
  ['UTF-16', Buffer.from([0xff, 0xfe])],
  ['UTF-16', Buffer.from([0xfe, 0xff])],
  ['gzip', Buffer.from([0x1f, 0x8b])],
];
/** Without a mark: letters of two bytes, of which one is always zero. Fewer may be anything. */
const PAIRS_MIN = 4;

/**
 * Why a text that begins with these bytes cannot be read as UTF-8, in words that follow its path; null where it can, as far as
 * that shows.
 */
export function notUtf8(head: Buffer): string | null {
  const [name] = MARKS.find(([, mark]) => head.subarray(0, mark.length).equals(mark)) ?? [];
  if (name === 'gzip') return 'is compressed (gzip): it is read once it is unpacked';
  if (name === undefined && !isInPairs(head)) return null;
  return `is ${name ?? 'UTF-16'}: UTF-8 is read alone, as open(path, "w", encoding="utf-8") writes it in Python`;
}

/** The same bytes without the mark that some writers put before UTF-8. */
export function withoutMark(text: Buffer): Buffer {
  return text.subarray(0, UTF_8_MARK.length).equals(UTF_8_MARK) ? text.subarray(UTF_8_MARK.length) : text;
}

/** Whether of each two bytes the same one is zero, as in ASCII that was written as UTF-16. */
function isInPairs(head: Buffer): boolean {
  const pairs = Math.min(head.length, ENCODING_BYTES) >> 1;
  if (pairs < PAIRS_MIN) return false;
  const zeros = [0, 0];
  for (let at = 0; at < 2 * pairs; at += 1) if (head[at] === 0) zeros[at % 2]! += 1;
  return zeros.includes(0) && zeros.includes(pairs);
}
