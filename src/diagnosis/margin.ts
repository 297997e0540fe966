/**
 * What a launcher, a logger or an indent puts before each line of a block: `[rank0]: `, `0: `, `(Actor pid=12) `,
 * `2026-11-23 15:17:26,123 - proj - ERROR - `. It is taken from the block's own lines, so that no list of them is needed.
 */
export interface Margin {
  text: string;
  /** The line without it; null for a line of somebody else's. */
  strip(line: string): string | null;
}

/** Longer than any that a launcher writes; what is longer is text. */
const MARGIN_MAX = 200;
/** Times, dates and addresses may change from line to line; a rank or a process id does not. */
const CHANGING = /\d+(?:[:.,/-]\d+)+/;
const CHANGING_EACH = new RegExp(CHANGING, 'g');
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

export function marginOf(text: string): Margin {
  if (text === '' || text.length > MARGIN_MAX) return { text: '', strip: (line) => line };
  const before = new RegExp(`^${shapeOf(text)}`);
  // A line that is otherwise empty has lost the spaces at its end.
  const alone = new RegExp(`^${shapeOf(text.trimEnd())}$`);
  return {
    text,
    strip(line) {
      const found = before.exec(line);
      if (found) return line.slice(found[0].length);
      return alone.test(line) ? '' : null;
    },
  };
}

function shapeOf(text: string): string {
  return text
    .split(CHANGING_EACH)
    .map((literal) => literal.replace(SPECIAL, '\\$&'))
    .join(CHANGING.source);
}

/** Fewer lines may begin alike by chance. */
const COMMON_LINES = 3;
/** What a margin ends with, and what it has if it is not an indent: a bracket, a colon, a bar or a time. */
const IS_MARGIN = /^\s+$|^.*[\]):|>\d].*\s$|[\w\]>]:$/;

/** A bar that was drawn over its line has drawn over the margin too. */
const BAR = /\d%/;
/** One line in so many may be without it: what something else wrote on the way. */
const WITHOUT = 20;
const FIRST_LINES = 3;

/** What all lines of a log have before them; none where they have nothing in common that is a margin. */
export function commonMargin(lines: readonly string[]): Margin {
  const spoken = lines.filter((line) => line.trim() !== '' && !BAR.test(line));
  if (spoken.length < COMMON_LINES) return marginOf('');
  const candidates = spoken
    .slice(0, FIRST_LINES)
    .flatMap(beginningsOf)
    .toSorted((a, b) => b.length - a.length);
  const found = candidates.find((text) => IS_MARGIN.test(text) && hasMargin(spoken, marginOf(text)));
  return marginOf(found ?? '');
}

function hasMargin(lines: readonly string[], margin: Margin): boolean {
  let missing = 0;
  for (const line of lines) {
    if (margin.strip(line) === null) missing += 1;
    if (missing > lines.length / WITHOUT) return false;
  }
  return true;
}

/** What of a line may be a margin: up to behind spaces or a colon. */
function beginningsOf(line: string): string[] {
  const text = line.slice(0, MARGIN_MAX);
  return [...text.matchAll(/\s+|:/g)].map((found) => text.slice(0, found.index + found[0].length));
}
