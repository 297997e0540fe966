import { BLOCK_END, JOBS_END, objectAt, startsWith, tailText } from './state-blocks.ts';
import type { Edit } from './state-edits.ts';
import type { OpenFile } from './state-file.ts';
import { parseJson } from './state-json.ts';
import type { StateParser } from './state-parser.ts';
import { parseTail, type StateTail } from './state-schema.ts';

/** By how much what stands behind the jobs, or one job, may have grown and still be read at once, bytes. */
const TAIL_SLACK = 8 * 1024;
const BLOCK_SLACK = 4 * 1024;
/** How much of new jobs is read here; where more came, the whole is compared. */
const FRESH_MAX = 1024 * 1024;
/** How many jobs are looked at here: more than change places at once. */
const LOOKED_AT_MAX = 200;

/**
 * How the content became what stands in the file, by what xax changes nearly always: the end of the file (who waits, who runs,
 * the next number), the jobs that this names anew or no longer, what runs, and jobs behind the last one. Its cost does not know how
 * many jobs there are. What else changed is not seen. Undefined where the places do not fit, as when a job is gone.
 */
export function likelyEdits(file: OpenFile, parser: StateParser): Edit[] | undefined {
  const known = parser.index();
  if (!known) return undefined;
  const content = parser.content();
  const end = known.end();
  const tailBefore = content.subarray(end);
  const room = tailBefore.length + TAIL_SLACK;
  const last = file.read(Math.max(0, file.size - room), Math.min(room, file.size));
  const cut = last.lastIndexOf(JOBS_END);
  if (cut < 0) return undefined;
  const tail = Buffer.from(last.subarray(cut));
  const jobsEndNow = file.size - tail.length;
  const hasNewTail = !tail.equals(tailBefore);

  const edits: Edit[] = [];
  let shift = 0;
  const ids = named(
    parser.tail(),
    hasNewTail ? parseTail(parseJson(tailText(tail, 0), 'what follows the jobs')) : parser.tail(),
  );
  if (ids.size > LOOKED_AT_MAX) return undefined;
  const places = [...ids].flatMap((id) => known.find(content, id) ?? []).sort((a, b) => a - b);
  for (const place of places) {
    const at = known.start(place);
    const until = known.endOf(place);
    const block = blockIn(
      file,
      at + shift,
      until - at + BLOCK_SLACK,
      content.subarray(at, objectAt(content, at)),
    );
    if (!block) return undefined;
    if (!block.equals(content.subarray(at, until))) edits.push({ at, until, bytes: Buffer.from(block) });
    shift += block.length - (until - at);
  }

  const fresh = jobsEndNow - (end + shift);
  if (fresh < 0 || fresh > FRESH_MAX) return undefined;
  const came = fresh > 0 ? Buffer.from(file.read(end + shift, fresh)) : Buffer.alloc(0);
  if (hasNewTail) edits.push({ at: end, until: content.length, bytes: Buffer.concat([came, tail]) });
  else if (fresh > 0) edits.push({ at: end, until: end, bytes: came });
  return edits;
}

/** What runs or ran a moment ago, and what began to wait or no longer does. */
function named(before: StateTail, now: StateTail): Set<string> {
  const ids = new Set([...before.running, ...now.running]);
  if (before === now) return ids;
  const waited = new Set(before.order);
  const waits = new Set(now.order);
  for (const id of waited) if (!waits.has(id)) ids.add(id);
  for (const id of waits) if (!waited.has(id)) ids.add(id);
  return ids;
}

/** The block at a place of the file; undefined where another begins there, or none. */
function blockIn(file: OpenFile, at: number, most: number, beginning: Buffer): Buffer | undefined {
  const bytes = file.read(at, most);
  const end = startsWith(bytes, beginning, 0) ? bytes.indexOf(BLOCK_END, beginning.length) : -1;
  return end < 0 ? undefined : bytes.subarray(0, end + BLOCK_END.length);
}
