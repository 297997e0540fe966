import { type PythonModule, pathOf, split, within } from './python-module.ts';
import type { Token } from './python-tokens.ts';

/** What a value of a source is, where that can be told without running it. */
export type Value =
  | { kind: 'number'; text: string; isWhole: boolean }
  | { kind: 'text'; text: string }
  | { kind: 'boolean'; text: 'true' | 'false' }
  | { kind: 'none' }
  /** `Optimizer.ADAM`: a path, whose last part is the name. */
  | { kind: 'path'; path: string };

/** As many constants that are other constants are followed. */
const FOLLOWED_MAX = 8;

/** The value that an expression has; undefined where it has to be computed. */
export function pythonValue(
  tokens: readonly Token[],
  constants: PythonModule['constants'],
  depth = 0,
): Value | undefined {
  const [first, ...rest] = tokens;
  if (first === undefined || depth > FOLLOWED_MAX) return undefined;
  if (first.source === '(' && within(tokens, 0).end === tokens.length)
    return split(tokens.slice(1, -1)).length === 1 && tokens.at(-2)?.source !== ','
      ? pythonValue(tokens.slice(1, -1), constants, depth + 1)
      : undefined;
  if (tokens.every(({ kind }) => kind === 'text')) {
    const texts = tokens.map(({ value }) => value);
    return texts.every((text) => text !== undefined) ? { kind: 'text', text: texts.join('') } : undefined;
  }
  const number = numberOf(tokens);
  if (number) return number;
  if (first.kind !== 'name') return undefined;
  if (rest.length === 0) {
    if (first.source === 'True' || first.source === 'False')
      return { kind: 'boolean', text: first.source === 'True' ? 'true' : 'false' };
    if (first.source === 'None') return { kind: 'none' };
    const constant = constants.get(first.source);
    return constant && pythonValue(constant, constants, depth + 1);
  }
  const path = pathOf(tokens);
  return path === '' ? undefined : { kind: 'path', path };
}

/** A number as it is passed on: `1_000` is 1000 and `0x10` is 16, and `2e-3` stays; products and powers of whole numbers count. */
function numberOf(tokens: readonly Token[]): Value | undefined {
  const [first, ...rest] = tokens;
  if (first?.source === '-' || first?.source === '+') {
    const positive = numberOf(rest);
    return positive?.kind === 'number' && rest.length === 1 && first.source === '-'
      ? { ...positive, text: `-${positive.text}` }
      : positive;
  }
  if (first?.kind !== 'number') return undefined;
  if (rest.length === 0) {
    const text = first.source.replaceAll('_', '');
    const isWhole = /^(\d+|0[xob][\da-f]+)$/i.test(text);
    if (/j$/i.test(text) || (isWhole && /^0\d/.test(text))) return undefined;
    return { kind: 'number', text: isWhole ? String(BigInt(text)) : text, isWhole };
  }
  const product = productOf(tokens);
  return product === undefined ? undefined : { kind: 'number', text: String(product), isWhole: true };
}

/** The product of whole numbers, `60 * 60` or `2**10`; undefined for anything else, and for one that is too large to be meant. */
function productOf(tokens: readonly Token[]): number | undefined {
  const words = tokens
    .map(({ source }) => source.replaceAll('_', ''))
    .join(' ')
    .replaceAll('* *', '**');
  if (!/^\d{1,9}( \*\*? \d{1,9})+$/.test(words)) return undefined;
  const product = words
    .split(' * ')
    .map((factor) => factor.split(' ** ').map(Number))
    .map((powers) => powers.reduceRight((exponent, base) => base ** exponent))
    .reduce((a, b) => a * b);
  return Number.isSafeInteger(product) ? product : undefined;
}
