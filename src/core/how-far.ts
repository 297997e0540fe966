import { type Block, type Inline, inlines, type Text } from './message.ts';
import { durationText } from './time.ts';
import { bytesText, countText } from './units.ts';

/** How far work has come that goes on: so many of so many. */
export interface HowFar {
  done: number;
  of: number;
  /** What they are, in the plural; bytes are told in their own units. */
  unit: 'bytes' | 'rows' | 'runs';
}

/** Asked whenever it is shown; null while it is not known. */
export type AskHowFar = () => HowFar | null;

/** Work that goes on, as a bar: what it is, how far it has come, and for how long it has been at it (ms). */
export function goingOn(what: Text, far: HowFar | null, elapsedMs: number): Block & { kind: 'progress' } {
  const time = durationText(elapsedMs);
  const told: Inline = far === null ? `… ${time}` : `… ${howFarText(far)}, ${time}`;
  const fraction = far === null || far.of <= 0 ? null : Math.min(1, far.done / far.of);
  return { kind: 'progress', label: [...inlines(what), told], fraction };
}

/** `1,200 of 40,000 rows`. */
export function howFarText({ done, of, unit }: HowFar): string {
  return unit === 'bytes'
    ? `${bytesText(done)} of ${bytesText(of)}`
    : `${countText(done)} of ${countText(of)} ${unit}`;
}

/** Counts what is done of several things that are done beside each other. */
export function counting(of: number, unit: HowFar['unit']) {
  let done = 0;
  return {
    howFar: (): HowFar => ({ done, of, unit }),
    /** Resolves to the work's result. */
    async counted<T>(work: Promise<T>): Promise<T> {
      const result = await work;
      done += 1;
      return result;
    },
  };
}
