import { foldJobs } from '../../core/fold-changes.ts';
import { isSameJob, type Job } from '../../core/job.ts';
import type { Jobs } from '../../core/queue.ts';
import { type BlockIndex, createBlockIndex } from './block-index.ts';
import {
  BETWEEN,
  compareIds,
  idAt,
  JOBS_END,
  jobsStart,
  objectAt,
  type ScannedBlocks,
  scanBlocks,
  tailText,
  tailWithoutJobs,
} from './state-blocks.ts';
import { applied, difference, type Edit, type Region, regionsOf } from './state-edits.ts';
import { parseJson } from './state-json.ts';
import { object, parseJob, parseTail, StateError, type StateTail } from './state-schema.ts';

export interface ParsedState extends StateTail {
  /** As they are from now on: the next content changes them. */
  jobs: Jobs;
  /** Jobs that are new or differ from the content before in more than their processes. */
  changed: Job[];
  /** Jobs that are no longer there, or whose id another job has by now. */
  removed: Job[];
  orderChanged: boolean;
  /** What stands beside the jobs is new. */
  tailChanged: boolean;
}

/** What a region becomes. */
interface Fresh {
  region: Region;
  /** Its bytes up to the last job's end, and where its blocks stand in them; no blocks where it is the tail alone. */
  bytes: Buffer;
  blocks: ScannedBlocks | null;
  /** What stands behind the jobs, where the region has that. */
  tail: Buffer | null;
}

const NOTHING: StateTail = { order: [], running: [], nextIndex: null };
/** Room for growth when the content needs more. */
const GROWTH = 1.1;

/**
 * Follows the contents of queue_state.json: parses only the jobs whose bytes changed, and what follows the jobs, and keeps the
 * content with the place of each job in it, from which a job is parsed when it is asked for. Contents that are not laid out as
 * xax lays them out are parsed whole. A StateError or SyntaxError leaves the parser as it was, so that the next good content is
 * compared with the last good one.
 */
export function createStateParser(queue: string) {
  let room: Buffer = Buffer.alloc(0);
  let length = 0;
  /** Where the jobs stand in a content that xax laid out, and that has some. */
  let index: BlockIndex | undefined;
  /** The jobs of any other. */
  let loose: ReadonlyMap<string, Job> = new Map();
  let tail = NOTHING;

  const content = () => room.subarray(0, length);
  const jobAt = (bytes: Buffer, start: number, end: number): Job => {
    const id = idAt(bytes, start);
    return parseJob(queue, id, parseJson(bytes.subarray(objectAt(bytes, start), end), `jobs.${id}`));
  };
  const jobOf = (i: number) => jobAt(room, index!.start(i), index!.endOf(i));

  const jobs: Jobs = {
    get size() {
      return index?.count() ?? loose.size;
    },
    get(id) {
      if (!index) return loose.get(id);
      const i = index.find(room, id);
      return i === undefined ? undefined : jobOf(i);
    },
    has: (id) => (index ? index.find(room, id) !== undefined : loose.has(id)),
    *keys() {
      if (!index) yield* loose.keys();
      else for (let i = 0; index && i < index.count(); i += 1) yield idAt(room, index.start(i));
    },
    *values() {
      if (!index) yield* loose.values();
      else for (let i = 0; index && i < index.count(); i += 1) yield jobOf(i);
    },
  };

  /** What a region becomes; undefined when that is not laid out as xax lays it out. */
  function freshOf(region: Region, known: BlockIndex): Fresh | undefined {
    const all = applied(room, region.edits, region.from, region.to);
    const cut = region.hasTail ? all.lastIndexOf(JOBS_END) : all.length;
    if (cut < 0) return undefined;
    const bytes = all.subarray(0, cut);
    const tailBytes = region.hasTail ? all.subarray(cut) : null;
    if (region.first === known.count())
      return cut === 0 ? { region, bytes, blocks: null, tail: tailBytes } : undefined;
    const blocks = scanBlocks(bytes, 0, cut);
    if (!blocks) return undefined;
    const { first, after } = region;
    const isBehind = first === 0 || compareIds(room, known.start(first - 1), bytes, blocks.starts[0]!) < 0;
    const isBefore =
      after === known.count() || compareIds(bytes, blocks.starts.at(-1)!, room, known.start(after)) < 0;
    return isBehind && isBefore ? { region, bytes, blocks, tail: tailBytes } : undefined;
  }

  /** Jobs of a region that changed or are gone. */
  function compared({ region, bytes, blocks }: Fresh, known: BlockIndex) {
    const before = new Map<string, number>();
    for (let i = region.first; i < region.after; i += 1) before.set(idAt(room, known.start(i)), i);
    const changed: Job[] = [];
    const gone: Job[] = [];
    for (const [at, start] of (blocks?.starts ?? []).entries()) {
      const end = endIn(blocks!, at);
      const id = idAt(bytes, start);
      const i = before.get(id);
      before.delete(id);
      if (i !== undefined && room.compare(bytes, start, end, known.start(i), known.endOf(i)) === 0) continue;
      const job = jobAt(bytes, start, end);
      const old = i === undefined ? undefined : jobOf(i);
      if (!old || !tellsTheSame(job, old)) changed.push(job);
      if (old && !isSameJob(old, job)) gone.push(old);
    }
    return { changed, gone: [...gone, ...[...before.values()].map(jobOf)] };
  }

  /** What edits of a content that is laid out make of it; undefined, with nothing changed, where that is not laid out. */
  function editLaidOut(known: BlockIndex, edits: readonly Edit[]): ParsedState | undefined {
    const fresh = regionsOf(edits, known, length)?.map((region) => freshOf(region, known));
    if (!fresh?.every((each) => each !== undefined)) return undefined;
    const tailBytes = fresh.at(-1)?.tail;
    const next = tailBytes ? parseTail(parseJson(tailText(tailBytes, 0), 'what follows the jobs')) : tail;
    const found = fresh.map((each) => compared(each, known));
    for (const each of fresh.toReversed()) put(each, known);
    return accept(
      found.flatMap(({ changed }) => changed),
      found.flatMap(({ gone }) => gone),
      next,
    );
  }

  function put({ region, bytes, blocks, tail: tailBytes }: Fresh, known: BlockIndex): void {
    const { first, after, from, to, hasTail } = region;
    const jobsTo = hasTail ? known.end() : to;
    if (tailBytes) splice(jobsTo, length, tailBytes);
    if (!blocks) return;
    splice(from, jobsTo, bytes);
    known.replace(
      first,
      after,
      blocks.starts.map((start) => from + start),
      bytes.length - (jobsTo - from),
    );
  }

  function splice(from: number, to: number, bytes: Buffer): void {
    const grown = length - (to - from) + bytes.length;
    if (grown > room.length) {
      const roomier = Buffer.allocUnsafeSlow(Math.ceil(grown * GROWTH));
      room.copy(roomier, 0, 0, length);
      room = roomier;
    }
    if (from + bytes.length !== to) room.copyWithin(from + bytes.length, to, length);
    bytes.copy(room, from);
    length = grown;
  }

  /** Takes a content as if it were the first one. */
  function takeWhole(whole: Buffer): ParsedState {
    const laidOut = attempt(() => readLaidOut(whole)) ?? attempt(() => readEmpty(whole)) ?? readLoose(whole);
    const present = new Map(laidOut.jobs.map((job) => [job.jobId, job]));
    const changed = laidOut.jobs.filter((job) => {
      const before = jobs.get(job.jobId);
      return !before || !tellsTheSame(job, before);
    });
    const gone = [...jobs.values()].filter((job) => !isSameJob(present.get(job.jobId), job));
    room = whole;
    length = whole.length;
    index = laidOut.index;
    loose = index ? new Map() : present;
    return accept(changed, gone, laidOut.tail);
  }

  function readLaidOut(whole: Buffer) {
    const start = jobsStart(whole);
    const end = whole.lastIndexOf(JOBS_END);
    const blocks = start === undefined || end < 0 ? undefined : scanBlocks(whole, start, end);
    if (!blocks) return undefined;
    return {
      index: createBlockIndex(blocks),
      jobs: blocks.starts.map((at, i) => jobAt(whole, at, endIn(blocks, i))),
      tail: parseTail(parseJson(tailText(whole, end), 'what follows the jobs')),
    };
  }

  function readEmpty(whole: Buffer) {
    const text = tailWithoutJobs(whole);
    return text && { index: undefined, jobs: [], tail: parseTail(parseJson(text, 'what follows the jobs')) };
  }

  function readLoose(whole: Buffer) {
    const state = object(parseJson(whole, 'the state'), 'the state');
    const nextTail = parseTail(state);
    const all = Object.entries(object(state.jobs, 'jobs')).map(([id, value]) => parseJob(queue, id, value));
    return { index: undefined, jobs: all, tail: nextTail };
  }

  function accept(changed: Job[], removed: Job[], next: StateTail): ParsedState {
    const tailChanged = next !== tail;
    const orderChanged = tailChanged && !sameOrder(next.order, tail.order);
    tail = next;
    return { ...tail, jobs, changed, removed, orderChanged, tailChanged };
  }

  /** What the content becomes by edits of it. Undefined when it stays as it is. */
  function edit(edits: readonly Edit[]): ParsedState | undefined {
    if (edits.length === 0) return undefined;
    const known = index;
    return (known && attempt(() => editLaidOut(known, edits))) ?? takeWhole(applied(content(), edits));
  }

  return {
    /** The edits' bytes belong to the parser from then on. */
    edit,
    /** What a whole content says. Undefined when it is the last one again. */
    parse(whole: Buffer): ParsedState | undefined {
      const found = difference(content(), whole);
      return found && edit([{ ...found, bytes: Buffer.from(found.bytes) }]);
    },
    /** The content that was accepted last, until the next one is. */
    content,
    /** Where its jobs stand; undefined where xax did not lay it out, or it has none. */
    index: () => index,
    tail: () => tail,
  };
}

export type StateParser = ReturnType<typeof createStateParser>;

const endIn = ({ starts, end }: ScannedBlocks, i: number) =>
  i + 1 < starts.length ? starts[i + 1]! - BETWEEN : end;

/** Two states, one after the other, as one: each job as it was told last. */
export function foldStates(first: ParsedState, second: ParsedState): ParsedState {
  return { ...second, ...foldJobs(first, second), tailChanged: first.tailChanged || second.tailChanged };
}

/** A layout that only looks like xax's gives no result; whether the content is sound is for the whole parse to say. */
export function attempt<T>(parse: () => T | undefined): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof StateError) return undefined;
    throw error;
  }
}

/** Whether two readings of a job say the same but for its processes, which are another's business twice a second. */
function tellsTheSame(a: Job, b: Job): boolean {
  return JSON.stringify({ ...a, childPids: [] }) === JSON.stringify({ ...b, childPids: [] });
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
