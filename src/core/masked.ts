import type { Block, Inline, Message, Text } from './message.ts';
import { withWords } from './message-words.ts';
import { createValueMask } from './own-secrets.ts';
import { plainInline } from './plain-text.ts';
import { isSecretGiven, isSecretName } from './secret-names.ts';
import { isReference } from './secret-references.ts';
import { MASK, maskSecrets } from './secrets.ts';
import { atOnce, type Slices } from './slices.ts';

/** Hides the secrets of a text. */
export type Mask = (text: string) => string;

/** `own`: values that are secrets whatever stands around them. */
export function createMask(own: readonly string[]): Mask {
  const withoutOwn = createValueMask(own, MASK);
  return (text) => maskSecrets(withoutOwn(text));
}

/** A message in which no reader finds a secret. */
export function maskMessage(message: Message, mask: Mask): Message {
  const piece = (given: Inline): Inline => {
    if (typeof given === 'string') return mask(given);
    if ('bold' in given) return { bold: mask(given.bold) };
    if ('code' in given) return { code: mask(given.code) };
    if ('command' in given) return { command: mask(given.command) };
    if ('hint' in given) return { hint: mask(given.hint) };
    if ('link' in given) return { link: mask(given.link), label: mask(given.label) };
    return 'mention' in given ? { ...given, name: mask(given.name) } : given;
  };
  const blocks = message.blocks.map((block): Block => {
    if (block.kind === 'fields')
      return {
        ...block,
        fields: block.fields.map(({ name, value }) => ({ name, value: ofName(name, value) })),
      };
    if (block.kind !== 'table') return block;
    return { ...block, rows: block.rows.map((row) => row.map((cell, at) => ofName(nameOf(row, at), cell))) };
  });
  return withWords({ ...message, blocks }, { word: mask, piece });
}

/** What a row of a table is about, for the cells behind it. */
function nameOf([first = '']: readonly Text[], at: number): string {
  return at === 0 ? '' : plainInline(first);
}

/** What a name gives, hidden where the name says that it is a secret. */
function ofName(name: string, value: Text): Text {
  return isSecretName(name) && isSecretGiven(name, plainInline(value)) && !isShown(value) ? MASK : value;
}

function isShown(value: Text): boolean {
  return isReference(plainInline(value), '') || plainInline(value).includes(MASK);
}

/** Plain JSON with the secrets of its texts hidden, whatever their names: of what is drawn, and of names that are a metric's. */
export function maskStrings<T>(value: T, mask: Mask): T {
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map((each) => maskStrings(each, mask)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, maskStrings(each, mask)]),
  ) as T;
}

/** What stands beside a setting's name in data that lists settings. */
const NAMES = ['key', 'name', 'option', 'setting'];
const VALUES = ['value', 'values', 'from', 'to', 'old', 'new', 'before', 'after', 'default'];
const FLAG = /^--?[A-Za-z][\w.-]*$/;

/** Plain JSON without secrets, names included; what a name says is a secret is hidden whole. */
export function maskData(value: unknown, mask: Mask): unknown {
  return atOnce(maskingData(value, mask));
}

/** The same in slices, for what may be long. */
export function* maskingData(value: unknown, mask: Mask): Slices<unknown> {
  yield;
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return yield* maskingList(value, mask);
  if (typeof value !== 'object' || value === null) return value;
  const named = Object.entries(value).some(
    ([name, each]) => NAMES.includes(name) && typeof each === 'string' && isSecretName(each),
  );
  const entries: [string, unknown][] = [];
  for (const [name, each] of Object.entries(value)) {
    const isSecret = isSecretName(name) || (named && VALUES.includes(name));
    entries.push([mask(name), isSecret ? hidden(each) : yield* maskingData(each, mask)]);
  }
  return Object.fromEntries(entries);
}

/** `['--api-key', 'x']` is what a command was started with. */
function* maskingList(values: readonly unknown[], mask: Mask): Slices<unknown[]> {
  const masked: unknown[] = [];
  for (const [index, value] of values.entries()) {
    const before = values[index - 1];
    const isGiven = typeof before === 'string' && FLAG.test(before) && isSecretName(before);
    const isHidden = isGiven && typeof value === 'string' && !value.startsWith('-');
    masked.push(isHidden ? MASK : yield* maskingData(value, mask));
  }
  return masked;
}

/** Nothing is no secret, nor is whether there is one. */
function hidden(value: unknown): unknown {
  return value === null || typeof value === 'boolean' || value === '' ? value : MASK;
}
