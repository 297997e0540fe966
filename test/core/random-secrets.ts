/** The characters that secrets are made of, and random ones of them. */

export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
export const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
export const LETTERS = LOWER + UPPER;
const ALNUM = LETTERS + DIGITS;
const URLSAFE = `${ALNUM}-_`;
const BASE64 = `${ALNUM}+/`;
export const BASE32 = `${UPPER}234567`;

/** Random characters, the same in every run: one with a digit and one with a letter first, as in any long token. */
function createRandom(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  return (length: number, alphabet = ALNUM) => {
    const letter = [...alphabet].find((each) => LETTERS.includes(each)) ?? '';
    const digit = [...alphabet].find((each) => DIGITS.includes(each)) ?? '';
    const rest = Math.max(0, length - letter.length - digit.length);
    return `${letter}${digit}${Array.from({ length: rest }, () => alphabet[next(alphabet.length)]).join('')}`;
  };
}

export const random = createRandom(7);
export const upper = (length: number) => random(length, UPPER + DIGITS);
export const hex = (length: number) => random(length, HEX);
export const base64 = (length: number) => random(length, BASE64);
export const urlsafe = (length: number) => random(length, URLSAFE);
export const uuid = () => [8, 4, 4, 4, 12].map((length) => hex(length)).join('-');
const jwtPart = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
export const jwt = () =>
  `${jwtPart({ alg: 'HS256', typ: 'JWT' })}.${jwtPart({ sub: random(12) })}.${urlsafe(43)}`;
