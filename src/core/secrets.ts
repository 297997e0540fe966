/** Names of settings whose values are nobody's business in a chat. */
const SECRET_NAME =
  /(^|[._-])(pass(word|wd|phrase)?|secret|token|credentials?|api[_-]?key|access[_-]?key|private[_-]?key|auth)($|[._-])/i;

/**
 * Secrets that show themselves by their form, as their issuers document it: Slack, GitHub, GitLab, Hugging Face,
 * OpenAI and the like, AWS, Google, JSON web tokens, private keys, and a password within a URL.
 */
const SECRET_FORMS = [
  /\bx(?:ox[abeprs]|app)-[A-Za-z0-9-]{8,}/g,
  /\bgh[oprsu]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bhf_[A-Za-z0-9]{20,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
];

export const MASK = '(hidden)';

/** Whether a setting of this name holds a secret: `wandb.api_key`, `hf_token`; not `tokenizer` or `max_tokens`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** A text in which everything that has the form of a secret is hidden. */
export function maskSecrets(text: string): string {
  return SECRET_FORMS.reduce((masked, form) => masked.replace(form, MASK), text);
}
