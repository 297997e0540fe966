import type { Tone } from './message.ts';

/** How good it is that a job or an experiment is so, by the words that say how it is: for colours beside them. */
const TONES: Readonly<Record<string, Tone>> = {
  running: 'active',
  completed: 'good',
  failed: 'bad',
  killed: 'bad',
  cancelled: 'warning',
};

/** The tone of a state as a table's cell has it: `failed, 3 min ago`; undefined where there is nothing to point out. */
export function toneOfState(words: string): Tone | undefined {
  const first = /^[a-z]+/.exec(words)?.[0] ?? '';
  return Object.hasOwn(TONES, first) ? TONES[first] : undefined;
}
