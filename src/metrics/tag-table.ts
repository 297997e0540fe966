/** One tag of a run. */
export interface Tag {
  readonly name: string;
  /** Its place among the tags of its table. */
  readonly index: number;
}

/** Tags by their bytes, so that a tag is decoded once and not once a point. */
export interface TagTable {
  /** The tag in these bytes; undefined when it is one too many. */
  find(buffer: Uint8Array, start: number, end: number): Tag | undefined;
}

/** Tags of a run beyond this are not kept, but for those that xax gives a training's own: one that names its tags by step would fill the memory. */
export const TAGS_MAX = 2_000;
/** How xax begins the tags of what a training itself logs (Logger.log_scalar of 0.4.9), and how many are kept beyond the limit. */
const OWN = 'value/';
const OWN_MAX = 200;

/** A tag as it stands in files. */
interface Entry extends Tag {
  bytes: Uint8Array;
  /** What stood after it when it was found last. */
  next: Entry | null;
}

/** Knows at most `limit` tags, the first it meets: a run that names its tags by step must not fill the memory. */
export function createTagTable(limit: number) {
  const byHash = new Map<number, Entry[]>();
  const kept = new Set<string>();
  let isFull = false;
  let entries = 0;
  /** A training logs its tags in the same order at every step. */
  let last: Entry | null = null;

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

  function lookUp(buffer: Uint8Array, start: number, end: number): Entry | undefined {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (hash * 31 + buffer[at]!) | 0;
    const alike = byHash.get(hash);
    const known = alike?.find(({ bytes }) => stands(bytes, buffer, start, end));
    if (known) return known;
    const bytes = Buffer.from(buffer.subarray(start, end));
    const name = bytes.toString('utf8');
    if (!admits(name)) return undefined;
    const entry = { bytes, name, index: entries, next: null };
    entries += 1;
    if (alike) alike.push(entry);
    else byHash.set(hash, [entry]);
    return entry;
  }

  return {
    /** Whether there was one too many. */
    isFull: () => isFull,
    /** How many are kept. */
    size: () => kept.size,
    admits,
    find(buffer: Uint8Array, start: number, end: number): Tag | undefined {
      const expected: Entry | null | undefined = last?.next;
      if (expected && stands(expected.bytes, buffer, start, end)) {
        last = expected;
        return expected;
      }
      const found = lookUp(buffer, start, end);
      if (!found) return undefined;
      if (last) last.next = found;
      last = found;
      return found;
    },
  };
}

/** Whether these bytes stand at [start, end). */
function stands(bytes: Uint8Array, buffer: Uint8Array, start: number, end: number): boolean {
  if (bytes.length !== end - start) return false;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] !== buffer[start + at]) return false;
  return true;
}
