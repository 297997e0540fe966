/** What a terminal does with a text: what it shows, line by line, and what it obeys besides. */
export interface Screen {
  shown: string;
  obeyed: string[];
}

/** What takes up no room and reorders or hides what stands around it (UAX #9; General_Category Cf). */
const TURNING = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;
/** Flags of regions, whose letters are of the same kind. */
const FLAG = /\u{1f3f4}[\u{e0030}-\u{e007a}]+\u{e007f}/gu;

/**
 * Reads a text as a terminal in UTF-8 does that knows controls of 8 bits too (ECMA-48; xterm, "Control Sequences"): one state
 * at a time, a line feed and a tab being all that moves by right.
 */
export function screenOf(text: string): Screen {
  const screen: Screen = { shown: '', obeyed: [] };
  let state: 'ground' | 'escape' | 'sequence' | 'string' = 'ground';
  for (const character of withoutTags(text)) {
    const code = character.codePointAt(0)!;
    if (state === 'string') {
      if (code === 0x07 || code === 0x9c || code === 0x1b) state = code === 0x1b ? 'escape' : 'ground';
    } else if (state === 'sequence') {
      if (code >= 0x40 && code <= 0x7e) state = 'ground';
    } else if (state === 'escape') {
      state = character === '[' ? 'sequence' : ']PX^_'.includes(character) ? 'string' : 'ground';
    } else if (character === '\n' || character === '\t') screen.shown += character;
    else if (code < 0x20 || (code >= 0x7f && code <= 0x9f) || TURNING.test(character)) {
      screen.obeyed.push(`U+${code.toString(16)}`);
      if (code === 0x1b) state = 'escape';
      if (code === 0x9b) state = 'sequence';
      if ([0x90, 0x98, 0x9d, 0x9e, 0x9f].includes(code)) state = 'string';
    } else screen.shown += /\p{Surrogate}/u.test(character) ? '\ufffd' : character;
  }
  return screen;
}

/** A text with the flags of regions as a terminal that does not know them draws them: without their letters. */
export function withoutTags(text: string): string {
  return text.replace(FLAG, '\u{1f3f4}');
}
