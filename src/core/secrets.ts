import { maskForms } from './secret-forms.ts';
import { maskKeys } from './secret-keys.ts';
import { maskPhrases } from './secret-phrases.ts';
import { maskAddresses } from './secret-urls.ts';
import { maskValues } from './secret-values.ts';
import { withoutUnseen } from './unseen.ts';

export const MASK = '(hidden)';

/** Colours and other sequences of a terminal, and its control strings (ECMA-48, 5.4 and 5.6). */
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;
/** What begins a control string. */
const STRING_BEGIN = /\u001b[\]PX^_]/g;
/** A text of these alone has neither sequences nor characters that nobody sees. */
const SEEN = /^[\t\n\r\x20-\x7e]*$/;

/**
 * A text in which secrets are hidden: those that have the form of one, and the values of settings whose names say so, in
 * commands, configs, logs and headers alike. Characters that nobody sees keep no secret from being found.
 */
export function maskSecrets(text: string): string {
  if (SEEN.test(text)) return maskPlain(text);
  const shown = withoutUnseen(text.replace(SEQUENCES, ''));
  const masked = maskPlain(shown);
  if (masked !== shown) return masked;
  // A control string, as of a window's title or a link, may hold one itself.
  const whole = withoutUnseen(text.replace(STRING_BEGIN, ' ').replace(SEQUENCES, ''));
  const all = whole === shown ? whole : maskPlain(whole);
  return all === whole ? text : all;
}

/** The same for a text that has no unseen characters. What is sure comes first: what is hidden is no value any more. */
function maskPlain(text: string): string {
  const tokens = maskForms(maskAddresses(maskKeys(text, MASK), MASK), MASK);
  return maskPhrases(maskValues(tokens, MASK), MASK);
}
