import { maskForms } from './secret-forms.ts';
import { maskKeys } from './secret-keys.ts';
import { maskPhrases } from './secret-phrases.ts';
import { maskAddresses } from './secret-urls.ts';
import { maskValues } from './secret-values.ts';
import { withoutUnseen } from './unseen.ts';

export const MASK = '(hidden)';

/** Colours and other sequences of a terminal (ECMA-48, 5.4). */
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g;
/** A text of these alone has neither sequences nor characters that nobody sees. */
const SEEN = /^[\t\n\r\x20-\x7e]*$/;

/**
 * A text in which secrets are hidden: those that have the form of one, and the values of settings whose names say so, in
 * commands, configs, logs and headers alike. Characters that nobody sees keep no secret from being found.
 */
export function maskSecrets(text: string): string {
  const plain = SEEN.test(text) ? text : withoutUnseen(text.replace(SEQUENCES, ''));
  const masked = maskPlain(plain);
  return masked === plain ? text : masked;
}

/** The same for a text that has no unseen characters. What is sure comes first: what is hidden is no value any more. */
function maskPlain(text: string): string {
  const tokens = maskForms(maskAddresses(maskKeys(text, MASK), MASK), MASK);
  return maskPhrases(maskValues(tokens, MASK), MASK);
}
