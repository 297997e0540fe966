/** RFC 7468 and RFC 9580: where a private key begins and ends. */
const MARKER = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** Lines end so in text, and so in JSON, however deep. */
const LINE_END = /\r?\n|\\+r?\\*n/g;
/** A line of a key, whatever a log puts before it; the last one is shorter. */
const KEY_LINE = /[A-Za-z0-9+/]{40,}={0,2}[ \t"'│|,]*$/;
const LAST_LINE = /[A-Za-z0-9+/]+={0,2}[ \t"'│|,]*$/;
const HEADER_LINE = /(?:^|\s)(?:Proc-Type|DEK-Info|Version|Comment): [^:]*$|^[ \t"'│|]*$/;
/** PuTTY's own form. */
const PUTTY = /(Private-Lines: \d+\r?\n)[A-Za-z0-9+/=\r\n]+/g;

/** Keys without the lines around them (OpenSSH's PROTOCOL.key, RFC 5208, RFC 8017, RFC 5915), as far as they go. */
const INNER =
  /(?<![\w+/])(?:b3BlbnNzaC1rZXktdj|M(?:II[\w+/]{3}IBA(?:DAN|AKC)|HcCAQEE|IGHAgEAMBMG|C4CAQAwBQYDK2Vw))[\w+/]{16,}={0,2}(?:(?:\s|\\n)[\w+/]{40,}={0,2})*/g;

/** A text with `mask` in place of each private key, also of one whose beginning or end was cut off. */
export function maskKeys(given: string, mask: string): string {
  const text = given.replace(INNER, mask);
  if (!text.includes('PRIVATE KEY') && !text.includes('Private-Lines')) return text;
  const markers = [...text.matchAll(MARKER)];
  let done = '';
  let at = 0;
  for (const [index, { 0: marker, 1: side, index: begin }] of markers.entries()) {
    if (begin < at) continue;
    const end = begin + marker.length;
    const next = markers[index + 1];
    if (side === 'END') {
      done += `${text.slice(at, tailBegin(text, at, begin))}${mask}`;
      at = end;
    } else {
      done += `${text.slice(at, begin)}${mask}`;
      at = next?.[1] === 'END' ? next.index + next[0].length : headEnd(text, end, next?.index);
    }
  }
  return (done + text.slice(at)).replace(PUTTY, `$1${mask}\n`);
}

/** Where the lines of a key begin that ends here. */
function tailBegin(text: string, from: number, end: number): number {
  const ends = [...text.slice(from, end).matchAll(LINE_END)];
  let begin = end;
  for (let line = ends.length - 1; line >= 0; line -= 1) {
    const [before, after] = [ends[line - 1], ends[line]!];
    const start = from + (before ? before.index + before[0].length : 0);
    const words = text.slice(start, from + after.index);
    const isLast = line === ends.length - 1 || before === undefined;
    const found = (isLast ? LAST_LINE : KEY_LINE).exec(words) ?? HEADER_LINE.exec(words);
    if (!found) break;
    begin = start + found.index;
  }
  return begin;
}

/** Where the lines of a key end that begins here and has no end. */
function headEnd(text: string, from: number, until = text.length): number {
  let at = from;
  const rest = text.slice(from, until);
  let start = 0;
  for (const { 0: lineEnd, index } of [...rest.matchAll(LINE_END), { 0: '', index: rest.length }]) {
    const words = rest.slice(start, index);
    const isCut = lineEnd === '' && LAST_LINE.test(words);
    if (!KEY_LINE.test(words) && !HEADER_LINE.test(words) && !isCut) break;
    at = from + index;
    start = index + lineEnd.length;
  }
  return at;
}
