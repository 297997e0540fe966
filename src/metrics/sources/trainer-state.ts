import type { RunFiles } from '../../core/queue.ts';
import type { Slices } from '../../core/slices.ts';
import { parseLooseJson } from '../loose-json.ts';
import { createDocument } from './document.ts';
import { eachPiece, OPEN_BRACKET } from './json-pieces.ts';
import { type Format, folderOf, type Keeping, type PointStore, pointsOf, type Source } from './source.ts';

const PATH = /^(?:(.*)\/)?checkpoint-(\d+)\/trainer_state\.json$/;
/** An entry of a log has some ten numbers; what is far longer is none. */
const SIGNS_MAX = 2_000;
const ENTRY_MAX_BYTES = 64 << 10;
const TOTAL_MAX_BYTES = 100;

/** What it says of the whole training beside the log. */
const TOTALS = new Set(['max_steps', 'num_train_epochs', 'train_batch_size']);

/** What Hugging Face's Trainer logged until it saved a checkpoint: the newest has all of the others. */
export const TRAINER_STATE: Format = {
  name: 'trainer_state.json',
  claims: (path) => PATH.test(path),
  chosen(paths) {
    const newest = new Map<string, { path: string; step: number }>();
    for (const path of paths) {
      const [, folder = '.', number] = PATH.exec(path)!;
      const step = Number(number);
      if (step > (newest.get(folder)?.step ?? -1)) newest.set(folder, { path, step });
    }
    return [...newest.values()].map(({ path }) => path);
  },
  plainTag,
  open: openTrainerState,
};

function openTrainerState<P extends PointStore>(
  files: RunFiles,
  path: string,
  keeping: Keeping<P>,
): Source<P> {
  let points = new Map<string, P>();
  let settings: Record<string, string> = {};
  const document = createDocument(files, path, { take, forget: () => points.clear() });

  function* take(json: Buffer): Slices<void> {
    const found = new Map<string, P>();
    const said: Record<string, string> = {};
    yield* eachPiece(json, 0, (key, from, to) => {
      if (key === 'log_history' && json[from] === OPEN_BRACKET) return history(json, from, found);
      if (key !== null && TOTALS.has(key))
        said[key] = json.toString('utf8', from, Math.min(to, from + TOTAL_MAX_BYTES));
      return undefined;
    });
    [points, settings] = [found, said];
  }

  function* history(json: Buffer, from: number, found: Map<string, P>): Slices<void> {
    yield* eachPiece(json, from, (_key, start, end) =>
      end - start > ENTRY_MAX_BYTES ? undefined : entry(json.toString('utf8', start, end), found),
    );
  }

  function* entry(text: string, found: Map<string, P>): Slices<void> {
    const { step, ...logged } = parseLooseJson(text, SIGNS_MAX) ?? {};
    if (typeof step === 'number')
      for (const [tag, value] of Object.entries(logged))
        if (typeof value === 'number') pointsOf(found, tag, keeping)?.push(step, Number.NaN, value);
    yield;
  }

  return {
    read: document.read,
    logged: () =>
      points.size === 0 ? [] : [{ subRun: folderOf(path), file: path, points, stepName: 'step' }],
    damaged: () => 0,
    settings: () => settings,
    writtenAt: document.writtenAt,
    problem: document.problem,
  };
}

/** As the Trainer writes it to event files (rewrite_logs of transformers 5.24). */
function plainTag(tag: string): string {
  const [, set, name] = /^(eval|test)_(.+)$/.exec(tag) ?? [];
  return set === undefined ? `train/${tag}` : `${set}/${name}`;
}
