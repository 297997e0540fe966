import type { FileState } from '../../core/queue.ts';
import { isUnchanged } from '../file-state.ts';
import { openJsonDocument } from './json-document.ts';
import { openJsonLines } from './json-lines.ts';
import { SHAPE_BYTES, shapeOf } from './json-shape.ts';
import { type Format, nameOf, type PointStore, type Source } from './source.ts';
import { wholeBeside } from './whole-beside.ts';

/** Words in the names of documents of metrics: `metrics.json`, `train_log.json`, `history-3.json`, `all_results.json`. */
const WORDS =
  /(^|[^a-z])(metrics?|history|histories|logs?|losses|loss|results?|scalars|progress|stats|curves)(?![a-z])/;

const OPEN: Readonly<Record<'lines' | 'document', Format['open']>> = {
  lines: wholeBeside(openJsonLines),
  document: openJsonDocument,
};

/** A JSON object a line: `result.json` of Ray Tune, `progress.json` of stable-baselines3, `*.jsonl`. */
export const JSON_LINES: Format = {
  name: 'JSON lines',
  claims: (path) =>
    /\.(jsonl|ndjson)$/i.test(path) || ['result.json', 'progress.json'].includes(nameOf(path)),
  open: openByShape('lines'),
};

/** JSON whose name says that it may be of metrics: what scripts dump, and sacred's and detectron2's `metrics.json`. */
export const JSON_NAMED: Format = {
  name: 'JSON',
  claims(path) {
    const name = nameOf(path).toLowerCase();
    return name.endsWith('.json') && WORDS.test(name.slice(0, -'.json'.length));
  },
  open: openByShape('document'),
};

/**
 * A file whose name says no more than that it is JSON: what is in it tells how it is read. `assumed`: as what, while that does
 * not show.
 */
function openByShape(assumed: 'lines' | 'document'): Format['open'] {
  return <P extends PointStore>(...given: Parameters<typeof openJsonDocument<P>>): Source<P> => {
    const [files, path] = given;
    let shape: ReturnType<typeof shapeOf> = assumed;
    let source: Source<P> | null = OPEN[assumed](...given);
    let seen: FileState | null = null;

    /** Looks at it once more where it has changed; resolves to whether it has. */
    async function look(): Promise<boolean> {
      const found = await files.stat(path);
      if (isUnchanged(seen, found)) return false;
      seen = found;
      const head = found ? await files.read(path, 0, Math.min(found.size, SHAPE_BYTES)) : Buffer.alloc(0);
      const next = shapeOf(head) ?? assumed;
      if (next === shape) return true;
      shape = next;
      source = next === 'lines' || next === 'document' ? OPEN[next](...given) : null;
      return true;
    }

    return {
      async read() {
        // What has told something is what it is.
        const isNew = source && source.logged().length > 0 ? false : await look();
        return source ? source.read() : isNew;
      },
      logged: () => source?.logged() ?? [],
      damaged: () => source?.damaged() ?? 0,
      writtenAt: () => source?.writtenAt() ?? null,
      isForeign: () => shape === 'else' || (source?.isForeign?.() ?? false),
      isPartial: () => source?.isPartial?.() ?? false,
      problem: () =>
        shape === 'stepless' ? 'no record of it has a number that counts steps' : (source?.problem() ?? null),
    };
  };
}
