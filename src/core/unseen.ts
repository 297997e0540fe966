/**
 * What acts on a screen, turns text around, or is there without being seen: controls but for tab and line feed, format
 * characters (Cf), variation selectors, tags, fillers that show nothing, and Unicode's own line ends.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u115f\u1160\u2028\u2029\u3164\uffa0\p{Cf}\u{e0000}-\u{e0fff}]|[\p{Variation_Selector}]|\u034f|\u17b4|\u17b5/gu;

/** A text without the characters that a reader does not see, and a program does. */
export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, '');
}
