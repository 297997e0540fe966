import type { Answer } from './frames.ts';

export interface Printed {
  code: number;
  out: string;
  error: string;
}

/** The recording has no answer: the stand-in says so, and makes none up. */
export class CannotAnswer extends Error {}

/** What a command said when the controller did not answer; undefined when it did. */
export function refusals(answer: Answer): Printed | undefined {
  return answer.code === 0 ? undefined : { code: answer.code, out: answer.out, error: answer.error };
}
