import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { RunFiles } from '../../core/queue.ts';
import type { Format, Keeping, PointStore, Source } from './source.ts';

/** A larger file is never read whole, bytes: that takes some seconds for each hundred millions. */
const WHOLE_MAX_BYTES = 1 << 30;
/** Reading it beside takes so much of the time, and begins when whoever asked for its ends has them, milliseconds. */
const SHARE = 1 / 3;
const BEGIN_MS = 100;

/**
 * Of a large file its ends and places between at first, so that its last values are known at once, and all of it as soon as that has
 * been read beside: nobody waits for that, and nothing in its midst is lost.
 */
export function wholeBeside(open: Format['open']): Format['open'] {
  return (files, path, keeping) =>
    keeping.isWhole
      ? open(files, path, keeping)
      : beside(files, path, (own) => open(files, path, { ...keeping, ...own }));
}

function beside<P extends PointStore>(
  files: RunFiles,
  path: string,
  open: (own: Pick<Keeping<P>, 'isWhole' | 'rest'>) => Source<P>,
): Source<P> {
  const parts = open({ isWhole: false });
  let source = parts;
  let whole: Source<P> | null = null;
  let isRead = false;
  let isTooLarge = false;

  /** Others have the processor first while nobody waits for it, and a program that has nothing else to do ends. */
  async function rest(tookMs: number): Promise<void> {
    if (isRead) await nextTurn();
    else await wait(Math.ceil(tookMs * (1 / SHARE - 1)), undefined, { ref: false });
  }

  async function begin(): Promise<void> {
    isTooLarge = ((await files.stat(path))?.size ?? 0) > WHOLE_MAX_BYTES;
    if (isTooLarge) return;
    const own = open({ isWhole: true, rest });
    whole = own;
    const begun = wait(BEGIN_MS, undefined, { ref: false });
    begun.then(own.read).then(
      () => {
        isRead = true;
      },
      () => {
        // Its parts are read meanwhile: what cannot be read is told there.
        whole = null;
      },
    );
  }

  return {
    async read() {
      const isNew = await source.read();
      if (source !== parts || !source.isPartial?.()) return isNew;
      if (!whole) await begin();
      if (!whole || !isRead) return isNew;
      source = whole;
      await source.read();
      return true;
    },
    logged: () => source.logged(),
    damaged: () => source.damaged(),
    writtenAt: () => source.writtenAt(),
    settings: () => source.settings?.() ?? {},
    isForeign: () => source.isForeign?.() ?? false,
    isPartial: () => source.isPartial?.() ?? false,
    problem() {
      const problem = source.problem();
      if (problem !== null || !source.isPartial?.()) return problem;
      const what = 'is large: its beginning, its end and places between were read';
      return isTooLarge
        ? `${what}; what happened between them is not known`
        : `${what}, and the rest follows`;
    },
  };
}
