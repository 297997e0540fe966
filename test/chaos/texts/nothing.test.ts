import { expect, it } from 'vitest';
import { answerFaults } from './answers.ts';
import { placed } from './placed.ts';

/** Of these nobody sees anything, or half of it. */
const UNSEEN = [
  '',
  ' ',
  '\n',
  '\t',
  '\u200b',
  '\u3164',
  '\u001b[31m',
  '\u202e',
  '\u0301',
  '\ud800',
  '\u2800',
  '\ufe0f',
];

it.each(UNSEEN)('a text of which nothing is seen breaks no message: %j', (text) => {
  const found = placed(text, 1).flatMap(({ place, message }) =>
    answerFaults(message).map((fault) => `${place}: ${fault}`),
  );
  expect(found).toEqual([]);
});
