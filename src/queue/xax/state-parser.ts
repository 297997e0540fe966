import { isSameJob, type Job } from '../../core/job.ts';
import { commonPrefix, commonSuffix } from './byte-difference.ts';
import { type Block, blocksEnd, jobsStart, scanBlocks, tailText } from './state-blocks.ts';
import { parseJson } from './state-json.ts';
import { object, parseJob, parseTail, StateError, type StateTail } from './state-schema.ts';

export interface ParsedState extends StateTail {
  jobs: ReadonlyMap<string, Job>;
  /** Jobs that are new or whose bytes differ from the reading before. */
  changed: Job[];
  /** Jobs that are no longer there, or whose id another job has by now. */
  removed: Job[];
  orderChanged: boolean;
}

/** What of the known blocks a new content replaces: those in [first, after) by `fresh`; the ones behind moved by `shift`. */
interface Replacement {
  first: number;
  after: number;
  fresh: Block[];
  shift: number;
  /** The bytes behind the jobs are the same. */
  sameTail: boolean;
}

/**
 * Parses successive contents of queue_state.json: only the jobs whose bytes changed, and what follows the jobs.
 * Contents that are not laid out as xax lays them out are parsed whole. A StateError or SyntaxError leaves the
 * parser as it was, so that the next good content is compared with the last good one.
 */
export function createStateParser(queue: string) {
  let last: Buffer = Buffer.alloc(0);
  /** Where each job stands in `last`; undefined when that is not known. */
  let blocks: Block[] | undefined;
  const jobs = new Map<string, Job>();
  let tail: StateTail = { order: [], running: [], nextIndex: null };

  /** Compares the content with the last one, which begins with the same `prefix` bytes; undefined when it is not laid out as expected. */
  function compare(content: Buffer, prefix: number): Replacement | undefined {
    const start = jobsStart(content);
    if (start === undefined) return undefined;
    if (!blocks || blocks.length === 0) {
      const fresh = scanBlocks(content, start, blocksEnd(content) ?? start);
      return fresh && { first: 0, after: 0, fresh, shift: 0, sameTail: false };
    }
    const suffix = commonSuffix(last, content, prefix);
    const shift = content.length - last.length;
    const sameTail = last.length - suffix <= blocks.at(-1)!.end;
    const first = lowerBound(blocks, (block) => block.end + SEPARATOR > prefix);
    if (first >= blocks.length) return { first, after: first, fresh: [], shift, sameTail };
    const after = Math.max(
      first + 1,
      lowerBound(blocks, (block) => block.start - SEPARATOR >= last.length - suffix),
    );
    const to = after < blocks.length ? blocks[after]!.start + shift - SEPARATOR : blocksEnd(content);
    const fresh = to === undefined ? undefined : scanBlocks(content, blocks[first]!.start, to);
    return fresh && { first, after, fresh, shift, sameTail };
  }

  function parseBlocks(content: Buffer, prefix: number): ParsedState | undefined {
    const known = blocks ?? [];
    const found = compare(content, prefix);
    if (!found) return undefined;
    const { first, after, fresh, shift } = found;
    const lastEnd =
      after < known.length ? known.at(-1)!.end + shift : (fresh.at(-1) ?? known[first - 1])?.end;
    const rest = found.sameTail ? undefined : tailText(content, lastEnd);
    if (!found.sameTail && rest === undefined) return undefined;
    const nextTail =
      rest === undefined ? tail : parseTail(parseJson(Buffer.from(rest), 'what follows the jobs'));

    const before = new Map(known.slice(first, after).map((block) => [block.jobId, block]));
    const changed: Job[] = [];
    for (const block of fresh) {
      const old = before.get(block.jobId);
      before.delete(block.jobId);
      if (old && content.compare(last, old.objectStart, old.end, block.objectStart, block.end) === 0)
        continue;
      const job = parseJob(
        queue,
        block.jobId,
        parseJson(content.subarray(block.objectStart, block.end), `jobs.${block.jobId}`),
      );
      if (blocks || !isUnchanged(job, jobs.get(block.jobId))) changed.push(job);
    }
    const gone = blocks
      ? [...before.keys()].flatMap((id) => jobs.get(id) ?? [])
      : goneBut(fresh.map(({ jobId }) => jobId));
    if (
      jobs.size - gone.length + changed.filter(({ jobId }) => !jobs.has(jobId)).length !==
      known.length - (after - first) + fresh.length
    ) {
      return undefined;
    }
    if (shift !== 0) for (const block of known.slice(after)) moveBy(block, shift);
    known.splice(first, after - first, ...fresh);
    blocks = known;
    return accept(changed, gone, nextTail);
  }

  function parseWhole(content: Buffer): ParsedState {
    const state = object(parseJson(content, 'the state'), 'the state');
    const nextTail = parseTail(state);
    const parsed = Object.entries(object(state.jobs, 'jobs')).map(([jobId, value]) =>
      parseJob(queue, jobId, value),
    );
    const changed = parsed.filter((job) => !isUnchanged(job, jobs.get(job.jobId)));
    blocks = undefined;
    return accept(changed, goneBut(parsed.map(({ jobId }) => jobId)), nextTail);
  }

  function goneBut(ids: readonly string[]): Job[] {
    const present = new Set(ids);
    return [...jobs.values()].filter(({ jobId }) => !present.has(jobId));
  }

  function accept(changed: Job[], gone: readonly Job[], nextTail: StateTail): ParsedState {
    const removed = [...gone];
    for (const { jobId } of gone) jobs.delete(jobId);
    for (const job of changed) {
      const known = jobs.get(job.jobId);
      if (known && !isSameJob(known, job)) removed.push(known);
      jobs.set(job.jobId, job);
    }
    const orderChanged = nextTail !== tail && !sameOrder(nextTail.order, tail.order);
    tail = nextTail;
    return { ...tail, jobs, changed, removed, orderChanged };
  }

  return {
    /** Undefined when the content is the last one again. It must stay as it is until the next call has returned. */
    parse(content: Buffer): ParsedState | undefined {
      const prefix = commonPrefix(last, content);
      if (prefix > 0 && prefix === content.length && prefix === last.length) return undefined;
      const result = attempt(() => parseBlocks(content, prefix)) ?? parseWhole(content);
      last = content;
      return result;
    },
    /** The content that was accepted last. */
    last: () => last,
  };
}

/** Bytes between a job's `}` and the next job's line: a comma and a newline. */
const SEPARATOR = 2;

/** A layout that only looks like xax's gives no result; whether the content is sound is for the whole parse to say. */
function attempt(parse: () => ParsedState | undefined): ParsedState | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof StateError) return undefined;
    throw error;
  }
}

function moveBy(block: Block, shift: number): void {
  block.start += shift;
  block.objectStart += shift;
  block.end += shift;
}

function isUnchanged(a: Job, b: Job | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

/** Index of the first block for which `test` holds, in blocks where it holds for all after one. */
function lowerBound(blocks: readonly Block[], test: (block: Block) => boolean): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(blocks[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
