import { createMask, maskData } from '../../src/core/masked.ts';
import { withoutUnseen } from '../../src/core/unseen.ts';

/** Hides secrets, and removes characters that a model sees but a reader does not. */
export interface Masker {
  text(text: string): string;
  /** The same within plain JSON, names included; what a name says is a secret is hidden whole. */
  data(value: unknown): unknown;
}

/** `own`: values that are secrets whatever stands around them. */
export function createMasker(own: readonly string[]): Masker {
  const mask = createMask(own);
  const text = (given: string) => withoutUnseen(mask(given));
  return { text, data: (value) => maskData(value, text) };
}
