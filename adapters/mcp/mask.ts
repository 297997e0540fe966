import { isSecretName } from '../../src/core/secret-names.ts';
import { MASK, maskSecrets } from '../../src/core/secrets.ts';
import { withoutUnseen } from '../../src/core/unseen.ts';

/** What stands beside a setting's name in data that lists settings. */
const NAMES = ['key', 'name', 'option', 'setting'];
const VALUES = ['value', 'values', 'from', 'to', 'old', 'new', 'before', 'after', 'default'];
const FLAG = /^--?[A-Za-z][\w.-]*$/;

/** Hides secrets, and removes characters that a model sees but a reader does not. */
export interface Masker {
  text(text: string): string;
  /** The same within plain JSON, names included; what a name says is a secret is hidden whole. */
  data(value: unknown): unknown;
}

/** `own`: values that are secrets whatever stands around them. */
export function createMasker(own: readonly string[]): Masker {
  function text(given: string): string {
    const plain = withoutUnseen(given);
    return maskSecrets(own.reduce((masked, secret) => masked.replaceAll(secret, MASK), plain));
  }

  function data(value: unknown): unknown {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return list(value);
    if (typeof value !== 'object' || value === null) return value;
    const named = Object.entries(value).some(
      ([name, each]) => NAMES.includes(name) && typeof each === 'string' && isSecretName(each),
    );
    const entries = Object.entries(value).map(([name, each]) => {
      const isSecret = isSecretName(name) || (named && VALUES.includes(name));
      return [text(name), isSecret ? hidden(each) : data(each)];
    });
    return Object.fromEntries(entries);
  }

  /** `['--api-key', 'x']` is what a command was started with. */
  function list(values: readonly unknown[]): unknown[] {
    return values.map((value, index) => {
      const before = values[index - 1];
      const isGiven = typeof before === 'string' && FLAG.test(before) && isSecretName(before);
      return isGiven && typeof value === 'string' && !value.startsWith('-') ? MASK : data(value);
    });
  }

  return { text, data };
}

/** Nothing is no secret, nor is whether there is one. */
function hidden(value: unknown): unknown {
  return value === null || typeof value === 'boolean' || value === '' ? value : MASK;
}
