/** Words within a setting's name that make its value nobody's business in a chat. */
const SECRET_WORDS = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secrets',
  'credential',
  'credentials',
  'auth',
  'authorization',
  'apikey',
  'authtoken',
  'accesstoken',
  'passcode',
  'webhook',
  'jwt',
]);
/** The same within a word, as `PGPASSWORD`. */
const SECRET_PARTS = /password|passwd|passphrase|secret$|apikeys?$/;
/** Whose they are: `GITHUB_TOKEN`, `TOKEN_GITHUB`, `hftoken`, `wandb_key`. */
const ISSUERS = [
  'openai',
  'anthropic',
  'wandb',
  'hf',
  'huggingface',
  'github',
  'gitlab',
  'gh',
  'aws',
  'azure',
  'gcp',
  'google',
  'slack',
  'discord',
  'npm',
  'pypi',
  'comet',
  'neptune',
  'kaggle',
  'mlflow',
  'clearml',
  'swanlab',
  'ngc',
  'nvidia',
  'cohere',
  'mistral',
  'together',
  'groq',
  'replicate',
  'gemini',
  'deepseek',
  'openrouter',
  'langsmith',
  'pinecone',
  'weaviate',
  'qdrant',
  'datadog',
  'dd',
  'sentry',
  'stripe',
  'twilio',
  'sendgrid',
  'mailgun',
  'telegram',
  'vault',
  'databricks',
  'grafana',
  'runpod',
  'modal',
];
/** What a token is for. */
const KINDS = [
  'access',
  'api',
  'auth',
  'bearer',
  'bot',
  'refresh',
  'session',
  'personal',
  'private',
  'csrf',
  'xsrf',
  'id',
];
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
/** One that ends in `tokens` is a text's where one of these stands before it, as in `max_tokens`. */
const COUNTS_OF_TOKENS = new Set([
  ...TOKENS_OF_TEXT,
  'max',
  'min',
  'num',
  'n',
  'total',
  'prompt',
  'completion',
  'input',
  'output',
  'new',
  'train',
  'eval',
  'batch',
  'of',
]);
/** A name that ends in `key` is a secret's where one of these stands before it: `image_key` is none. */
const KEYS_OF = new Set([
  ...ISSUERS,
  'api',
  'access',
  'private',
  'secret',
  'ssh',
  'signing',
  'encryption',
  'service',
  'account',
  'app',
  'application',
  'master',
  'storage',
  'license',
  'deploy',
  'consumer',
  'subscription',
  'client',
  'admin',
  'auth',
  'hmac',
]);
/** A name that ends so gives one only to what looks like a token, and a long one: a function has a signature too. */
const SIGNATURES = new Set(['signature', 'sig']);
const SIGNED = /[\w%+/-]{20,}/;
/** A pass of training is no password. */
const PASSES = new Set(['forward', 'backward', 'single', 'first', 'second', 'last', 'per', 'one', 'two']);
/** A name that ends so says of what kind one is: `AuthType`, `auth_method`. */
const KINDS_OF = new Set(['type', 'types', 'method', 'methods', 'scheme', 'mode', 'plugin']);
/** What asks whether there is one. */
const QUESTIONS = new Set(['is', 'has']);
/** The words of a setting whose value may be a token, or what a text is made of. */
const MAYBE_TOKENS = /^tokens?$/;
/** What looks like a token: letters and digits in one word. */
const TOKEN_WORD = /(?<![\w-])(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[\w~+/=-]{6,}/;
const QUOTED = /^\\*["'`][^"'`]{4}/;
/** In a header, the value is all of the line. */
const HEADERS = /(^|[^a-z0-9])(authorization|cookies?)$/i;
/** No name is a secret's without one of these within it. */
const STEM = /pass|pwd|secret|cred|auth|token|key|cookie|webhook|jwt|sig|pat\b/i;

/** A shorter value is no token, and would be found in much that has nothing to do with it. */
export const SECRET_MIN_LENGTH = 8;

/** Whether a setting of this name holds a secret: `wandb.api_key`, `hfToken`; not `tokenizer`, `pad_token` or `image_key`. */
export function isSecretName(name: string): boolean {
  if (!STEM.test(name)) return false;
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (QUESTIONS.has(words[0] ?? '') || KINDS_OF.has(last)) return false;
  if (
    (last === 'pass' && !PASSES.has(words.at(-2) ?? '')) ||
    words.some((word) => SECRET_WORDS.has(word) || SECRET_PARTS.test(word))
  )
    return true;
  if (isHeaderName(name)) return true;
  const before = words.at(-2) ?? '';
  if (last === 'token') return !TOKENS_OF_TEXT.has(before);
  if (last === 'tokens') return ISSUERS.includes(before) || KINDS.includes(before);
  if (last === 'pat') return ISSUERS.includes(before);
  if (words[0] === 'token' && ISSUERS.includes(words[1] ?? '')) return true;
  if (/tokens?$/.test(last)) return [...ISSUERS, ...KINDS].includes(last.replace(/tokens?$/, ''));
  return (last === 'key' || last === 'keys') && KEYS_OF.has(before);
}

/**
 * Whether what a text gives this name is a secret. Nothing is none; `token` and `tokens` by themselves are as often what
 * a text is made of, so there what stands for them must look like one.
 */
export function isSecretGiven(name: string, value: string): boolean {
  return judgeOf(name)(value);
}

/** The same for whoever has many values of one name. */
export function judgeOf(name: string): (value: string) => boolean {
  const words = wordsOf(name);
  const [before = '', last = ''] = words.length > 1 ? words.slice(-2) : ['', words[0]];
  if (last === 'pass')
    return (value) => !PASSES.has(before) && (TOKEN_WORD.test(value) || QUOTED.test(value));
  if (SIGNATURES.has(last!)) return (value) => SIGNED.test(value) && TOKEN_WORD.test(value);
  const isQualified = ISSUERS.includes(before) || KINDS.includes(before) || SECRET_WORDS.has(before);
  if (!MAYBE_TOKENS.test(last) || isQualified) {
    const isSecret = isSecretName(name);
    return () => isSecret;
  }
  if (COUNTS_OF_TOKENS.has(before)) return () => false;
  return (value) => TOKEN_WORD.test(value) || (last === 'token' && QUOTED.test(value));
}

/** Whether a text may give this name a secret; cheaper than looking at what it gives. */
export function maybeSecretName(name: string): boolean {
  if (!STEM.test(name)) return false;
  const last = wordsOf(name).at(-1) ?? '';
  return MAYBE_TOKENS.test(last) || SIGNATURES.has(last) || isSecretName(name);
}

/** Whether a text may be a token: letters and digits in one word. */
export function looksLikeToken(value: string): boolean {
  return TOKEN_WORD.test(value);
}

/** `Authorization`, `Set-Cookie`. */
export function isHeaderName(name: string): boolean {
  return HEADERS.test(name);
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
