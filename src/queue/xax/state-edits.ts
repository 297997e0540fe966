import type { BlockIndex } from './block-index.ts';
import { commonPrefix, commonSuffix } from './byte-difference.ts';
import { BETWEEN } from './state-blocks.ts';

/** What takes the place of the bytes [at, until) of a content. Of several, each begins where the one before has ended or later. */
export interface Edit {
  at: number;
  until: number;
  bytes: Buffer;
}

/** A stretch of a content from the edge of one block to the edge of another, with the edits that lie in it. */
export interface Region {
  /** The blocks [first, after); none where only what stands behind the jobs is edited. */
  first: number;
  after: number;
  from: number;
  to: number;
  /** It reaches to the end of the content, behind the last job. */
  hasTail: boolean;
  edits: Edit[];
}

/** How one content becomes another; undefined where they are the same. */
export function difference(before: Buffer, after: Buffer): Edit | undefined {
  const at = commonPrefix(before, after);
  if (at === before.length && at === after.length) return undefined;
  const same = commonSuffix(before, after, at);
  return { at, until: before.length - same, bytes: after.subarray(at, after.length - same) };
}

/** The bytes [from, to) of a content after edits that lie in them. */
export function applied(
  content: Buffer,
  edits: readonly Edit[],
  from = 0,
  to: number = content.length,
): Buffer {
  const [only] = edits;
  if (edits.length === 1 && only!.at === from && only!.until === to) return only!.bytes;
  const pieces: Buffer[] = [];
  let at = from;
  for (const edit of edits) {
    pieces.push(content.subarray(at, edit.at), edit.bytes);
    at = edit.until;
  }
  return Buffer.concat([...pieces, content.subarray(at, to)]);
}

/** The regions that edits touch, in order, with blocks between them that none does; undefined where one touches what stands before the first block. */
export function regionsOf(edits: readonly Edit[], index: BlockIndex, length: number): Region[] | undefined {
  const count = index.count();
  const regions: Region[] = [];
  for (const edit of edits) {
    if (edit.at < index.start(0)) return undefined;
    const first = index.lowerBound((i) => index.endOf(i) + BETWEEN > edit.at);
    const hasTail = first === count || edit.until > index.end();
    const after = hasTail
      ? count
      : Math.max(
          first + 1,
          index.lowerBound((i) => index.start(i) - BETWEEN >= edit.until),
        );
    const to = hasTail ? length : index.endOf(after - 1);
    const last = regions.at(-1);
    const from = first === count ? index.end() : index.start(first);
    if (last && first <= last.after) {
      Object.assign(last, { after, to, hasTail });
      last.edits.push(edit);
    } else regions.push({ first, after, from, to, hasTail, edits: [edit] });
  }
  return regions;
}
