import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileState, RunFiles } from '../core/queue.ts';
import { isUnchanged } from './file-state.ts';
import { eachScalar, parseMetricsLine } from './metrics-line.ts';
import { writtenEnd } from './sources/growing-lines.ts';
import { createThinned, type Thinned } from './thinned.ts';

/** How much is read between two turns of the event loop, bytes: a slice is parsed in a few milliseconds. */
const SLICE_BYTES = 256 << 10;
/** A longer log is not read whole: an hour of xax, all of whose lines are kept. Event files tell of the rest. */
const WHOLE_BYTES = 2 << 20;
/** What is read of the end of a longer one: eight minutes, in which every metric of xax has been logged. */
const TAIL_BYTES = 256 << 10;
/** A line longer than this is left out: to parse it would hold everything else up. */
export const LINE_MAX_BYTES = 2 << 20;
/** What stood before the place that was read up to tells a log that goes on from one that was written anew. */
const JOINT_BYTES = 64;
/** Points of a tag that are kept: every one of an hour, then every other of two hours. A picture is 600 wide. */
const POINTS_MAX = 4_096;
const NEWLINE = 10;
const FOLDER = 'json';

/** Where xax's JSON logger writes: of several processes the first tells of the whole run (0.4.9). */
export async function findMetricsLog(files: RunFiles): Promise<(FileState & { path: string }) | null> {
  const alone = await stateOf(files, 'log.jsonl');
  if (alone) return alone;
  const first = (await files.list(FOLDER)).find((name) => /^log0+\.jsonl$/.test(name));
  return first === undefined ? null : stateOf(files, first);
}

async function stateOf(files: RunFiles, name: string): Promise<(FileState & { path: string }) | null> {
  const path = `${FOLDER}/${name}`;
  const found = await files.stat(path);
  return found && { path, ...found };
}

/** The files of a run but for its metrics log. */
export function withoutMetricsLog(files: RunFiles): RunFiles {
  const isLog = (path: string) => path === FOLDER || path.startsWith(`${FOLDER}/`);
  return {
    ...files,
    stat: async (path) => (isLog(path) ? null : files.stat(path)),
    list: async (folder) => (isLog(folder) ? [] : files.list(folder)),
  };
}

/**
 * The points of a run's metrics log, read as it grows: whole while it is small, else from its end on. A last line without
 * its end is waited for, and so are zeros where a network file system shows a new length before the bytes. A log whose
 * steps begin again tells of a new pass, which takes the place of the one before from there on; a log that was written
 * anew (xax does so whenever it resumes) is read anew. `admits` says whether one more tag is kept.
 */
export function createMetricsLog(files: RunFiles, admits: (tag: string) => boolean) {
  let seen: (FileState & { path: string }) | null = null;
  let offset = 0;
  let joint: Buffer = Buffer.alloc(0);
  /** The rest of a line that was begun before `offset` is no line. */
  let isWithinLine = false;
  let damaged = 0;
  let lastStep = Number.NEGATIVE_INFINITY;
  let points = new Map<string, ReturnType<typeof createThinned>>();

  /** Reads what is new; resolves to whether the log has changed. */
  async function read(): Promise<boolean> {
    const found = await findMetricsLog(files);
    if (!found) {
      const isGone = seen !== null;
      seen = null;
      startOver(0);
      return isGone;
    }
    const { path, size } = found;
    if (seen?.path === path && isUnchanged(seen, found)) return false;
    const news = await whatCame(found);
    if (news) await readTo(path, size, news);
    else await begin(path, size);
    seen = found;
    return true;
  }

  /** The first of what came to the log since it was read last; null where it is another one. */
  async function whatCame({ path, size, inode }: FileState & { path: string }): Promise<Buffer | null> {
    if (seen?.path !== path || seen.inode !== inode || size < offset) return null;
    const [before, news] = await files.readParts(path, [
      [offset - joint.length, offset],
      [offset, Math.min(size, offset + SLICE_BYTES)],
    ]);
    return joint.equals(before!) ? news! : null;
  }

  async function begin(path: string, size: number): Promise<void> {
    if (size <= WHOLE_BYTES) {
      startOver(0);
      return readTo(path, size);
    }
    for (const bytes of [TAIL_BYTES, LINE_MAX_BYTES]) {
      startOver(size - bytes);
      await readTo(path, size);
      for (const each of points.values()) each.spaceFor(size / bytes);
      if (points.size > 0) return;
    }
  }

  function startOver(at: number): void {
    offset = at;
    joint = Buffer.alloc(0);
    isWithinLine = at > 0;
    damaged = 0;
    lastStep = Number.NEGATIVE_INFINITY;
    points = new Map();
  }

  /** `news`: what was read already of it. */
  async function readTo(path: string, size: number, news?: Buffer): Promise<void> {
    for (let begun = news; offset < size; begun = undefined) {
      let buffer = begun ?? (await files.read(path, offset, Math.min(size, offset + SLICE_BYTES)));
      if (buffer.length === SLICE_BYTES && buffer.indexOf(NEWLINE) < 0)
        buffer = await files.read(path, offset, Math.min(size, offset + LINE_MAX_BYTES));
      const consumed = mergeFromDisk(buffer, offset + buffer.length >= size);
      if (consumed === 0) return;
      offset += consumed;
      joint = Buffer.concat([joint, buffer.subarray(Math.max(0, consumed - JOINT_BYTES), consumed)]).subarray(
        -JOINT_BYTES,
      );
      await nextTurn();
    }
  }

  /** Takes in the whole lines of one slice, and returns how many bytes they fill. */
  function mergeFromDisk(buffer: Buffer, isEnd: boolean): number {
    let start = 0;
    if (isWithinLine) {
      start = buffer.indexOf(NEWLINE) + 1;
      if (start === 0) return buffer.length;
      isWithinLine = false;
    }
    const end = buffer.lastIndexOf(NEWLINE) + 1;
    const rest = buffer.toString('utf8', Math.max(start, end));
    // The end of what is written now may be a whole line whose newline has yet to come.
    if (isEnd && rest.endsWith('}') && parseMetricsLine(rest) !== undefined) {
      for (const line of buffer.toString('utf8', start).split('\n')) takeLine(line);
      return buffer.length;
    }
    if (end <= start) return tooLong(buffer, start);
    const written = writtenEnd(buffer, start, end);
    for (const line of buffer.toString('utf8', start, written).split('\n')) takeLine(line);
    return written;
  }

  /** What to do with a slice that holds the beginning of one line alone: wait for more, or leave the line out. */
  function tooLong(buffer: Buffer, start: number): number {
    if (buffer.length - start < LINE_MAX_BYTES) return start;
    damaged += 1;
    isWithinLine = true;
    return buffer.length;
  }

  function takeLine(text: string): void {
    if (text.trim() === '') return;
    const line = parseMetricsLine(text);
    if (line === undefined) damaged += 1;
    if (!line) return;
    const { step, start, elapsed } = line;
    if (step < lastStep) for (const each of points.values()) each.cutFrom(step);
    lastStep = step;
    const wallTime = (start ?? 0) + (elapsed ?? 0);
    eachScalar(line, (tag, value) => {
      let own = points.get(tag);
      if (!own) {
        if (!admits(tag)) return;
        own = createThinned(tag, () => POINTS_MAX);
        points.set(tag, own);
      }
      own.push(step, wallTime, value);
    });
  }

  return {
    read,
    /** Its points by tag; a namespace stands without what is not ASCII. */
    points: (): ReadonlyMap<string, Thinned> =>
      new Map([...points].map(([tag, each]) => [tag, each.points()])),
    /** Whether it is short enough to be read whole by whoever begins with it now. */
    isWhole: () => (seen?.size ?? 0) <= WHOLE_BYTES,
    damagedLines: () => damaged,
    /** Epoch milliseconds; null where there is none. */
    writtenAt: () => seen?.mtimeMs ?? null,
  };
}

export type MetricsLog = ReturnType<typeof createMetricsLog>;
