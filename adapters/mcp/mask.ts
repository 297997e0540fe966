import { isSecretName, MASK, maskSecrets } from '../../src/core/secrets.ts';

/** A name and what gives it a value: `wandb.api_key=`, `"token": `, `--hf-token `. */
const GIVEN = /([A-Za-z][\w.-]*)["']?\s*[=:]\s*|--([A-Za-z][\w.-]*)[ \t]+/g;
const VALUE = /"[^"\n]*"|'[^'\n]*'|[^\s,;}"']+/y;
const BEARER = /(?<=\bBearer\s+)[\w.~+/=-]+/gi;
/** What acts on a screen, turns text around, or is there without being seen, but for tab and line feed. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/**
 * A text without secrets, by their form or by the name of the setting that they are the value of (in commands,
 * configs and logs alike), and without characters that a reader does not see but a model does.
 */
export function masked(text: string): string {
  return maskValues(maskSecrets(text)).replace(BEARER, MASK).replace(UNSEEN, '');
}

function maskValues(text: string): string {
  let done = '';
  let at = 0;
  for (const match of text.matchAll(GIVEN)) {
    const from = match.index + match[0].length;
    if (match.index < at || !isSecretName(match[1] ?? match[2]!)) continue;
    VALUE.lastIndex = from;
    const [value = ''] = VALUE.exec(text) ?? [];
    if (value === '' || value === MASK) continue;
    done += `${text.slice(at, from)}${MASK}`;
    at = from + value.length;
  }
  return done + text.slice(at);
}
