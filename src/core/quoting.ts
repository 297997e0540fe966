/** What a typed line takes for more than itself: white space, quotes of every kind, what follows a `=`, a backslash. */
const SPECIAL = /[\s\u00a0\u200b"'“”‘’„=\\]/;

/** A value as it stands in a typed line: in quotes where src/chat/words.ts would take it for something else. */
export function quoted(text: string): string {
  if (text !== '' && !SPECIAL.test(text)) return text;
  return `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** `key=value` as a person would type it, and as a form's field of several holds it. */
export function assignment([key, value]: readonly [string, string]): string {
  return `${key}=${quoted(value)}`;
}

/** Settings one after another, each as `key=value`: what the words of an option `assignments` are read back from. */
export function assignmentsText(settings: Readonly<Record<string, string>>, between = ' '): string {
  return Object.entries(settings).map(assignment).join(between);
}
