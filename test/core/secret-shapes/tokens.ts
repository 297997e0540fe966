import { TOKENS } from '../secret-tokens.ts';
import { json, type Shape } from './shape.ts';

/** What stands before the secret within a token, which may be read. */
const OPEN = /^(?:https:\/\/[\w./]+?\/(?:services|webhooks)\/|https:\/\/|[A-Z_]+=|)/;

function ofToken([name, token]: readonly [string, string, string?], text: (token: string) => string): Shape {
  const secret = token
    .replace(OPEN, '')
    .split(/@| [A-Z_]+=|FlyV1 /)
    .filter((part) => !part.includes('ingest'));
  return { name, text: text(token), secrets: secret.filter((part) => part.length > 8) };
}

const half = (token: string) => Math.max(17, Math.floor(token.length / 2));

/** Where tokens turn up. */
const PLACES: readonly (readonly [string, (token: string) => string])[] = [
  ['in a sentence', (token) => `step 12: the request with ${token} failed at 14:02`],
  ['in quotes', (token) => `raise AuthError('${token}') at 14:02`],
  ['in JSON', (token) => `{"step": 12, "value": ${json(token)}, "at": "14:02"}`],
  ['in JSON within JSON', (token) => `{"step": 12, "body": ${json(json({ v: token }))}, "at": "14:02"}`],
  ['in a query', (token) => `GET /v1/x?a=1&q=${token}&at=14:02 failed`],
  ['in parentheses', (token) => `login(${token}) step 12 14:02`],
  ['behind a zero-width space', (token) => `step 12 \u200b${token.slice(0, 9)}\u200b${token.slice(9)} 14:02`],
  [
    'across a colour',
    (token) => `step 12 \u001b[31m${token.slice(0, 9)}\u001b[1;32m${token.slice(9)}\u001b[0m 14:02`,
  ],
  ["in a window's title", (token) => `14:02 \u001b]0;step 12 ${token}\u0007 step 13`],
  ["in a window's title without an end", (token) => `14:02 \u001b]0;step 12 ${token} step 13`],
  ['right behind the beginning of a control string', (token) => `14:02 \u001bP${token}\u001b\\ step 13`],
  ['in a link of a terminal', (token) => `14:02 \u001b]8;;https://a.test/?v=${token}\u001b\\step 13`],
  ['as a default of a repr', (token) => `Config(lr=0.1, extra='${token}', seed=12) 14:02`],
  ['in a list', (token) => `args: ['train', '${token}', '12'] 14:02`],
  [
    'across a wrapped line',
    (token) => `at 14:02 ${token.slice(0, half(token))}\n${token.slice(half(token))}\nstep 12`,
  ],
];

/** Found by their ends, which a wrapped line has elsewhere. */
const NOT_WRAPPED = ['Sentry DSN', 'Mailchimp key'];

export const TOKEN_SHAPES: readonly Shape[] = PLACES.flatMap(([place, text]) =>
  TOKENS.filter(([, token]) => place === 'in a sentence' || !/[ =]/.test(token))
    .filter(([name]) => !place.includes('wrapped') || !NOT_WRAPPED.includes(name))
    .map((token) => {
      const shape = ofToken(token, text);
      return { ...shape, name: `${shape.name} ${place}` };
    }),
);
