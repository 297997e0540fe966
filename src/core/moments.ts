import type { Inline } from './message.ts';

/** A moment as `isoSeconds` writes it. */
const MOMENT = /\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/;

/** Words of ours that also go where there are no readers, with the moments in them in each reader's own zone. */
export function withMoments(words: string): Inline[] {
  return words.split(MOMENT).flatMap((piece, index): Inline[] => {
    if (piece === '') return [];
    const time = index % 2 === 1 ? Date.parse(piece) : Number.NaN;
    return [Number.isNaN(time) ? { hint: piece } : { time, style: 'datetime' }];
  });
}
