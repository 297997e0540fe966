/** Tags by their bytes, so that a tag is decoded once and not once a point. */
export interface TagTable {
  /** The tag in these bytes; undefined when it is one too many. */
  decode(buffer: Buffer, start: number, end: number): string | undefined;
}

/** Tags of a run beyond this are not kept, but for those that xax gives a training's own: one that names its tags by step would fill the memory. */
export const TAGS_MAX = 2_000;
/** How xax begins the tags of what a training itself logs (Logger.log_scalar of 0.4.9), and how many are kept beyond the limit. */
const OWN = 'value/';
const OWN_MAX = 200;

/** Knows at most `limit` tags, the first it meets: a run that names its tags by step must not fill the memory. */
export function createTagTable(limit: number) {
  const byHash = new Map<number, { bytes: Buffer; tag: string }[]>();
  const kept = new Set<string>();
  let isFull = false;

  /** Whether the tag is kept. */
  function admits(tag: string): boolean {
    if (kept.has(tag)) return true;
    if (kept.size >= limit && !(kept.size < limit + OWN_MAX && tag.startsWith(OWN))) {
      isFull = true;
      return false;
    }
    kept.add(tag);
    return true;
  }

  return {
    /** Whether there was one too many. */
    isFull: () => isFull,
    /** How many are kept. */
    size: () => kept.size,
    admits,
    decode(buffer: Buffer, start: number, end: number): string | undefined {
      let hash = end - start;
      for (let at = start; at < end; at += 1) hash = (hash * 31 + buffer[at]!) | 0;
      const known = byHash.get(hash);
      for (const each of known ?? []) {
        if (each.bytes.compare(buffer, start, end) === 0) return each.tag;
      }
      const bytes = Buffer.from(buffer.subarray(start, end));
      const tag = bytes.toString('utf8');
      if (!admits(tag)) return undefined;
      const entry = { bytes, tag };
      if (known) known.push(entry);
      else byHash.set(hash, [entry]);
      return tag;
    },
  };
}
