/**
 * Where each job stands in queue_state.json. xax writes it with json.dumps(indent=2, sort_keys=True): a job is the
 * lines from `    "job-0000001": {` to `    }`, and no string holds a raw newline, so its edges can be found
 * without parsing what is between.
 */
export interface Block {
  jobId: string;
  /** Offset of the line's first space. */
  start: number;
  /** Offset of the object's `{`. */
  objectStart: number;
  /** Offset just after its `}`. */
  end: number;
}

const HEADER = Buffer.from('{\n  "jobs": {\n');
const EMPTY_HEADER = Buffer.from('{\n  "jobs": {},\n');
const LINE_START = Buffer.from('    "');
const KEY_END = Buffer.from('": {\n');
const BLOCK_END = Buffer.from('\n    }');
const JOBS_END = Buffer.from('\n  },\n');

/** Where the first job's line begins; undefined when the file is not as xax writes it. */
export function jobsStart(buffer: Buffer): number | undefined {
  if (buffer.subarray(0, HEADER.length).equals(HEADER)) return HEADER.length;
  return buffer.subarray(0, EMPTY_HEADER.length).equals(EMPTY_HEADER) ? EMPTY_HEADER.length : undefined;
}

/** The blocks in [from, to), which must begin at a job's line and end after a job's `}`; undefined otherwise. */
export function scanBlocks(buffer: Buffer, from: number, to: number): Block[] | undefined {
  const blocks: Block[] = [];
  let at = from;
  while (at < to) {
    if (buffer.compare(LINE_START, 0, LINE_START.length, at, at + LINE_START.length) !== 0) return undefined;
    const keyEnd = buffer.indexOf(KEY_END, at);
    const end = keyEnd < 0 ? -1 : buffer.indexOf(BLOCK_END, keyEnd);
    if (keyEnd < 0 || end < 0) return undefined;
    const block = {
      jobId: buffer.toString('utf8', at + LINE_START.length, keyEnd),
      start: at,
      objectStart: keyEnd + KEY_END.length - 2,
      end: end + BLOCK_END.length,
    };
    if (block.end > to || /["\\]/.test(block.jobId)) return undefined;
    blocks.push(block);
    at = block.end;
    if (at < to) {
      if (buffer[at] !== COMMA || buffer[at + 1] !== NEWLINE) return undefined;
      at += 2;
    }
  }
  return blocks;
}

const COMMA = 0x2c;
const NEWLINE = 0x0a;

/** What follows the jobs, as a JSON text of its own; undefined when the file is not as xax writes it. */
export function tailText(buffer: Buffer, lastBlockEnd: number | undefined): string | undefined {
  if (lastBlockEnd === undefined) {
    return buffer.subarray(0, EMPTY_HEADER.length).equals(EMPTY_HEADER)
      ? `{${buffer.toString('utf8', EMPTY_HEADER.length)}`
      : undefined;
  }
  if (buffer.compare(JOBS_END, 0, JOBS_END.length, lastBlockEnd, lastBlockEnd + JOBS_END.length) !== 0)
    return undefined;
  return `{${buffer.toString('utf8', lastBlockEnd + JOBS_END.length)}`;
}

/** Where the last job's `}` ends, searched from the end; undefined when there is no job. */
export function blocksEnd(buffer: Buffer): number | undefined {
  const at = buffer.lastIndexOf(JOBS_END);
  return at < 0 ? undefined : at;
}
