/** Tags by their bytes, so that a tag is decoded once and not once a point. */
export interface TagTable {
  /** The tag in these bytes; undefined when it is one too many. */
  decode(buffer: Buffer, start: number, end: number): string | undefined;
}

/** How xax begins the tags of what a training itself logs (Logger.log_scalar of 0.4.9), and how many are kept beyond the limit. */
const OWN = Buffer.from('value/');
const OWN_MAX = 200;

/** Knows at most `limit` tags, the first it meets: a run that names its tags by step must not fill the memory. */
export function createTagTable(limit: number) {
  const byHash = new Map<number, { bytes: Buffer; tag: string }[]>();
  let count = 0;
  let isFull = false;
  return {
    /** Whether there was one too many. */
    isFull: () => isFull,
    decode(buffer: Buffer, start: number, end: number): string | undefined {
      let hash = end - start;
      for (let at = start; at < end; at += 1) hash = (hash * 31 + buffer[at]!) | 0;
      const known = byHash.get(hash);
      for (const each of known ?? []) {
        if (each.bytes.compare(buffer, start, end) === 0) return each.tag;
      }
      if (count >= limit && !(count < limit + OWN_MAX && isOwn(buffer, start, end))) {
        isFull = true;
        return undefined;
      }
      count += 1;
      const bytes = Buffer.from(buffer.subarray(start, end));
      const entry = { bytes, tag: bytes.toString('utf8') };
      if (known) known.push(entry);
      else byHash.set(hash, [entry]);
      return entry.tag;
    },
  };
}

function isOwn(buffer: Buffer, start: number, end: number): boolean {
  return end - start > OWN.length && OWN.compare(buffer, start, start + OWN.length) === 0;
}
