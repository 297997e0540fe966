import type { Inline } from '../core/message.ts';
import type { FoundPlace } from '../core/run-place.ts';

/** More folders than these are told by their number. */
const NAMED_MAX = 3;
const CHOOSE = '"runs" of its preset or queue';

/**
 * Where a run is that is not in its run folder, why that is taken, and how another is chosen; or which of several
 * folders it could be. In words after "writes to" and "writes to one of".
 */
export function runPlaceText(found: NonNullable<FoundPlace>): Inline[] {
  if ('place' in found) {
    const { folder, because } = found.place;
    const other = because.startsWith('as "runs"') ? '' : `; ${CHOOSE} takes another`;
    return [{ code: folder }, `, ${because}${other}`];
  }
  const { candidates } = found;
  const named = candidates.slice(0, NAMED_MAX);
  const more = candidates.length - named.length;
  return [
    ...named.flatMap((folder, index): Inline[] => [index === 0 ? '' : ', ', { code: folder }]),
    `${more > 0 ? ` and ${more} more` : ''}; none is taken: say which with ${CHOOSE}`,
  ];
}
