/** Words within a setting's name that make its value nobody's business in a chat. */
const SECRET_WORDS = new Set([
  'pass',
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secrets',
  'credential',
  'credentials',
  'auth',
]);
/** A name that ends in `token` is a secret's, but for those of a text's tokens. */
const TOKENS_OF_TEXT = new Set([
  'pad',
  'eos',
  'bos',
  'unk',
  'mask',
  'sep',
  'cls',
  'start',
  'end',
  'special',
  'next',
  'per',
]);
/** A name that ends in `key` is a secret's where one of these stands before it: `image_key` is none. */
const KEYS_OF = new Set([
  'api',
  'access',
  'private',
  'secret',
  'ssh',
  'signing',
  'encryption',
  'openai',
  'anthropic',
  'wandb',
  'hf',
  'aws',
  'azure',
  'gcp',
  'google',
  'service',
  'account',
]);

/**
 * Secrets that show themselves by their form, as their issuers document it: Slack, GitHub, GitLab, Hugging Face,
 * OpenAI and the like, AWS, Google, JSON web tokens, private keys, a password within a URL, and addresses of webhooks.
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
  /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/g,
  /(?<=discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/g,
];

export const MASK = '(hidden)';

/** Whether a setting of this name holds a secret: `wandb.api_key`, `hfToken`; not `tokenizer`, `pad_token` or `image_key`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  if (words.some((word) => SECRET_WORDS.has(word))) return true;
  if (words.some((word) => word === 'apikey')) return true;
  const [before = '', last] = words.slice(-2).length === 2 ? words.slice(-2) : ['', words[0]];
  if (last === 'token') return !TOKENS_OF_TEXT.has(before);
  return last === 'key' && KEYS_OF.has(before);
}

/** A text in which everything that has the form of a secret is hidden. */
export function maskSecrets(text: string): string {
  return SECRET_FORMS.reduce((masked, form) => masked.replace(form, MASK), text);
}

/** The same for each text within plain JSON. */
export function maskTexts<T>(value: T): T {
  const text = JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'string' ? maskSecrets(each) : each,
  );
  return JSON.parse(text) as T;
}
