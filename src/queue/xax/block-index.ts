import { BETWEEN, compareIds, idAt, type ScannedBlocks } from './state-blocks.ts';

/** Room for growth when the starts need more. */
const GROWTH = 1.25;

/** Where each block of a content stands, at four bytes a block: what it is made of is in the content itself. */
export function createBlockIndex(scanned: ScannedBlocks) {
  let starts = Uint32Array.from(scanned.starts);
  let count = starts.length;
  let { end } = scanned;

  const endOf = (i: number) => (i + 1 < count ? starts[i + 1]! - BETWEEN : end);

  return {
    count: () => count,
    start: (i: number) => starts[i]!,
    endOf,
    /** Where the last block ends. */
    end: () => end,
    /** The first block for which `test` holds, where it holds for all after one; `count` where it holds for none. */
    lowerBound(test: (i: number) => boolean): number {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (test(middle)) high = middle;
        else low = middle + 1;
      }
      return low;
    },
    /** The block of that id in the content; undefined without one. */
    find(content: Buffer, id: string): number | undefined {
      const wanted = Buffer.from(`    "${id}": {\n`);
      const i = this.lowerBound((at) => compareIds(content, starts[at]!, wanted, 0) >= 0);
      return i < count && idAt(content, starts[i]!) === id ? i : undefined;
    },
    /** Puts `fresh` starts in the place of blocks [first, after); the ones behind, and the end, move by `shift`. */
    replace(first: number, after: number, fresh: readonly number[], shift: number): void {
      const grown = count - (after - first) + fresh.length;
      if (grown > starts.length) {
        const roomier = new Uint32Array(Math.ceil(grown * GROWTH));
        roomier.set(starts.subarray(0, count));
        starts = roomier;
      }
      starts.copyWithin(first + fresh.length, after, count);
      starts.set(fresh, first);
      count = grown;
      if (shift !== 0) for (let i = first + fresh.length; i < count; i += 1) starts[i]! += shift;
      end += shift;
    },
  };
}

export type BlockIndex = ReturnType<typeof createBlockIndex>;
