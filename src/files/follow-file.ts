import { stat } from 'node:fs/promises';

export const FOLLOW_TIMINGS = {
  /** How often it is looked, milliseconds: a look is one stat, which costs nothing and works on every file system. */
  everyMs: 1_000,
};

/**
 * Calls `changed` when one of these files is another than before and has been so for two looks: who is writing it, or
 * replacing it, is done. Links are followed to the file that they lead to.
 */
export function followFiles(
  paths: readonly string[],
  changed: () => void,
  { everyMs } = FOLLOW_TIMINGS,
): { stop(): void } {
  let known: string | undefined;
  let last: string | undefined;
  let isLooking = false;

  async function look(): Promise<void> {
    // One that hangs, as of a network file system, is waited for once.
    if (isLooking) return;
    isLooking = true;
    const now = (await Promise.all(paths.map(signature))).join('|');
    isLooking = false;
    known ??= now;
    const isSettled = now === last;
    last = now;
    if (now === known || !isSettled) return;
    known = now;
    changed();
  }

  const timer = setInterval(() => void look(), everyMs);
  void look();
  return { stop: () => clearInterval(timer) };
}

/** What differs when a file does. */
async function signature(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
