/** A head is some hundred bytes; a program's line at most a megabyte, as hosts/there cuts it. */
const HEAD_MAX_BYTES = 2 * 1024 * 1024;
/** More than the largest file of a queue, or part of a run's file, that is ever asked for. */
const PAYLOAD_MAX_BYTES = 64 * 1024 * 1024;
/** What a login may say before the program begins. */
const NOISE_MAX_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** An answer of hosts/there, or a part of one: its head, and the bytes behind it as they came. */
export interface Frame {
  head: Record<string, unknown>;
  payload: Buffer;
}

/**
 * Cuts a stream into frames, from the line on that is the mark: what a login says before it is passed over. What cannot be a
 * frame throws, and nothing behind it is one.
 */
export function createFrames(mark: string, onBegin: () => void, onFrame: (frame: Frame) => void) {
  const begin = Buffer.from(`\n${mark}\n`);
  let hasBegun = false;
  let chunks: Buffer[] = [];
  let held = 0;
  /** How many bytes have to be there before it is worth a look. */
  let wanted = 1;

  function take(): Buffer {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    chunks = [];
    held = 0;
    return all;
  }

  function keep(rest: Buffer): void {
    if (rest.length > 0) chunks = [rest];
    held = rest.length;
  }

  function afterMark(all: Buffer): Buffer | undefined {
    const at = all.indexOf(begin);
    if (at >= 0) {
      hasBegun = true;
      onBegin();
      return all.subarray(at + begin.length);
    }
    if (all.length > NOISE_MAX_BYTES) throw new Error('the login says very much, and nothing else');
    keep(all);
    wanted = all.length + 1;
    return undefined;
  }

  return {
    /** What a login said in place of the mark, the last line of it; empty where it said nothing. */
    said(): string {
      if (hasBegun) return '';
      const lines = Buffer.concat(chunks)
        .toString('utf8')
        .split(/[\r\n]+/);
      return lines.findLast((line) => line.trim() !== '') ?? '';
    },
    push(chunk: Buffer): void {
      chunks.push(chunk);
      held += chunk.length;
      if (held < wanted) return;
      let all: Buffer | undefined = take();
      if (!hasBegun) all = afterMark(all);
      while (all !== undefined) {
        const end = all.indexOf(NEWLINE);
        if (end < 0) {
          if (all.length > HEAD_MAX_BYTES) throw new Error('a line without an end came');
          keep(all);
          wanted = all.length + 1;
          return;
        }
        const { head, length } = headIn(all.toString('utf8', 0, end));
        const from = end + 1;
        if (all.length < from + length) {
          keep(all);
          wanted = from + length;
          return;
        }
        onFrame({ head, payload: all.subarray(from, from + length) });
        all = all.subarray(from + length);
      }
    },
  };
}

function headIn(line: string): { head: Record<string, unknown>; length: number } {
  const head = JSON.parse(line) as Record<string, unknown> | null;
  const length = head?.bytes;
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0 || length > PAYLOAD_MAX_BYTES)
    throw new Error('a line came that is no answer');
  return { head: head!, length };
}
