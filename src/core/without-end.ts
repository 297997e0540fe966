/** A text without the characters at its end that `ending` matches one by one; a pattern for all of them would begin at each. */
export function withoutEnd(text: string, ending: RegExp): string {
  let end = text.length;
  while (end > 0 && ending.test(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}
