/**
 * Where each job stands in queue_state.json. xax writes it with json.dumps(indent=2, sort_keys=True): a job is the
 * lines from `    "job-0000001": {` to `    }`, and no string holds a raw newline, so its edges can be found
 * without parsing what is between.
 */
const HEADER = Buffer.from('{\n  "jobs": {\n');
const EMPTY_HEADER = Buffer.from('{\n  "jobs": {},\n');
const LINE_START = Buffer.from('    "');
const KEY_END = Buffer.from('": {\n');
const SEPARATOR = Buffer.from(',\n');
export const BLOCK_END = Buffer.from('\n    }');
/** What follows the last job's `}`. */
export const JOBS_END = Buffer.from('\n  },\n');

/** Blocks of a piece: where each begins, in order, and where the last one ends. */
export interface ScannedBlocks {
  starts: number[];
  end: number;
}

/** Where the first job's line begins, in a content that has jobs; undefined when it is not as xax writes it. */
export function jobsStart(content: Buffer): number | undefined {
  return startsWith(content, HEADER, 0) ? HEADER.length : undefined;
}

/** What stands beside the jobs of a content that has none, as a JSON text of its own; undefined for any other. */
export function tailWithoutJobs(content: Buffer): Buffer | undefined {
  return startsWith(content, EMPTY_HEADER, 0)
    ? Buffer.concat([Buffer.from('{'), content.subarray(EMPTY_HEADER.length)])
    : undefined;
}

/** What stands beside the jobs, as a JSON text of its own; `end`: where the last job ends. */
export function tailText(content: Buffer, end: number): Buffer {
  return Buffer.concat([Buffer.from('{'), content.subarray(end + JOBS_END.length)]);
}

export function startsWith(content: Buffer, what: Buffer, at: number): boolean {
  const end = at + what.length;
  return end <= content.length && content.compare(what, 0, what.length, at, end) === 0;
}

/** The blocks in [from, to), which must begin at a job's line, end after a job's `}` and be in the order of their ids; undefined otherwise. */
export function scanBlocks(content: Buffer, from: number, to: number): ScannedBlocks | undefined {
  const starts: number[] = [];
  let at = from;
  while (at < to) {
    if (!startsWith(content, LINE_START, at)) return undefined;
    const keyEnd = content.indexOf(KEY_END, at);
    const found = keyEnd < 0 ? -1 : content.indexOf(BLOCK_END, keyEnd);
    const end = found + BLOCK_END.length;
    if (found < 0 || end > to) return undefined;
    if (content.subarray(at + LINE_START.length, keyEnd).some(isQuoteOrBackslash)) return undefined;
    if (starts.length > 0 && compareIds(content, starts.at(-1)!, content, at) >= 0) return undefined;
    starts.push(at);
    if (end === to) return { starts, end };
    if (!startsWith(content, SEPARATOR, end)) return undefined;
    at = end + SEPARATOR.length;
  }
  return undefined;
}

/** How many bytes stand between two blocks. */
export const BETWEEN = SEPARATOR.length;

/** Whether the id of the block that begins at `i` of `a` is before that at `j` of `b`, as a negative number; 0: the same. */
export function compareIds(a: Buffer, i: number, b: Buffer, j: number): number {
  return a.compare(b, j + LINE_START.length, keyEndAt(b, j), i + LINE_START.length, keyEndAt(a, i));
}

/** The id of the block that begins at `start`. */
export function idAt(content: Buffer, start: number): string {
  return content.toString('utf8', start + LINE_START.length, keyEndAt(content, start));
}

/** Where the object of the block that begins at `start` has its `{`. */
export function objectAt(content: Buffer, start: number): number {
  return keyEndAt(content, start) + KEY_END.length - 2;
}

function keyEndAt(content: Buffer, start: number): number {
  return content.indexOf(KEY_END, start);
}

function isQuoteOrBackslash(byte: number): boolean {
  return byte === 0x22 || byte === 0x5c;
}
