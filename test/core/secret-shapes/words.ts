import { random } from '../random-secrets.ts';
import { shapesOf } from './shape.ts';

/** In words, across control characters, and in tables. */
export const inWords = () =>
  shapesOf((add) => {
    add('words', (s) => `Your API key is ${s}, keep it.`);
    add('words with a colon', (s) => `Invalid API key: ${s}`);
    add('words about a key that was given', (s) => `Incorrect API key provided: ${s}. See docs.`);
    add('words about a token', (s) => `invalid access token "${s}"`);
    add('words about a password', (s) => `password is ${s}`);
    add('a cut token', (s) => `token ghp_${s}…`, random(10));
    add('behind a format character', (s) => `wandb.api\u00ad_key=${s}`);
    add('across colours', (s) => `\u001b[36mapi_key\u001b[0m=\u001b[32m'${s}'\u001b[0m`);
    add('coloured within', (s) => `password: \u001b[1m${s}\u001b[0m`);
    add('in full width', (s) => `api_key＝${s}`);
    add('upper case', (s) => `API_KEY=${s}`);
    add('with blanks', (s) => `api_key   =    ${s}`);
    add('in a table', (s) => `| api_key | ${s} |`);
    add('in a box', (s) => `│ api_key │ ${s} │`);
    add('in a tab-separated line', (s) => `api_key\t${s}`);
    add('a diff', (s) => `-  api_key: old\n+  api_key: ${s}`);
    add('a change', (s) => `wandb.api_key: ${random(12)} -> ${s}`);
  });
