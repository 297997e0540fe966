const LENGTH_MAX = 60;
/** What is shown of that which is the same, before the difference. */
const SAME_BEFORE = 20;

/**
 * Texts side by side, each of at most 60 characters: of longer ones the beginning, or the part in which they begin to
 * differ from the one most like them where that lies further on, behind an ellipsis. `null` stands for none.
 */
export function besides(texts: readonly (string | null)[]): (string | null)[] {
  const given = [...new Set(texts.filter((text) => text !== null))];
  if (given.every((text) => text.length <= LENGTH_MAX)) return [...texts];
  const shown = new Map<string | null, string>();
  for (const text of given) {
    const others = given.filter((other) => other !== text);
    const same = Math.max(0, ...others.map((other) => sameAtStart(text, other)));
    shown.set(text, cut(text, same <= LENGTH_MAX - SAME_BEFORE ? 0 : startBefore(text, same)));
  }
  return texts.map((text) => shown.get(text) ?? null);
}

/** A little before the difference, at the start of a word, of an item or of a part of a path if there is one. */
function startBefore(text: string, difference: number): number {
  const least = difference - SAME_BEFORE;
  const separator = text.slice(least - 1, difference - 1).search(/[\s,;/]/);
  return separator < 0 ? wholeCharacter(text, least) : least + separator;
}

function cut(text: string, start: number): string {
  const before = start === 0 ? '' : '…';
  const rest = text.slice(start);
  const room = LENGTH_MAX - before.length;
  return before + (rest.length > room ? `${rest.slice(0, wholeCharacter(rest, room - 1))}…` : rest);
}

/** How many UTF-16 units both texts begin with alike. */
function sameAtStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

/** The place, or the one before it where a character of two units would be cut there. */
function wholeCharacter(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text[at] ?? '') ? at - 1 : at;
}
