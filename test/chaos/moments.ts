import { type FSWatcher, watch } from 'node:fs';
import type { Chats } from './chats.ts';

/** Files of a bot's that say by their names what it is doing. */
const FILES: [RegExp, string][] = [
  [/^xaxbot\.sqlite-wal$/, 'database: written ahead'],
  [/^xaxbot\.sqlite$/, 'database: written'],
  [/^writer\.lock/, 'start: the lock is taken'],
  [/^xaxbot\.sqlite\.v\d+.*\.unfinished$/, 'upgrade: the copy is begun'],
  [/^xaxbot\.sqlite\.v\d+[^.]*$/, 'upgrade: the copy is made'],
  [/^\.experiment_log\.csv\.xaxbot\..*\.tmp$/, 'experiment log: the new file is written'],
  [/^experiment_log\.csv$/, 'experiment log: renamed'],
];

/** Who kills looks here for the moment: what is seen of a bot from outside, by name. */
export function watchMoments(chats: Chats) {
  const watchers: FSWatcher[] = [];
  const counts = new Map<string, number>();
  let wanted: { name: string; left: number; reached(): void } | undefined;

  /** Whether that was the moment. */
  function seen(name: string): boolean {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (wanted?.name !== name) return false;
    wanted.left -= 1;
    if (wanted.left > 0) return false;
    const { reached } = wanted;
    wanted = undefined;
    reached();
    return true;
  }

  // A call that has arrived when its bot is killed was never made, as far as the platform is concerned.
  chats.watch((moment, call) => !(seen(`${call}, ${moment}`) && moment === 'arrived'));

  return {
    seen,
    /** How often each was seen so far. */
    counts: counts as ReadonlyMap<string, number>,
    /** From now on files in this folder count; it must be there. */
    watchFolder(folder: string): void {
      watchers.push(
        watch(folder, (_event, file) => {
          const name = FILES.find(([pattern]) => pattern.test(file ?? ''))?.[1];
          if (name !== undefined) seen(name);
        }),
      );
    },
    /** Calls `reached` at once when the moment comes for the `nth` time. */
    want(name: string, nth: number, reached: () => void): void {
      wanted = { name, left: nth, reached };
    },
    stop(): void {
      for (const watcher of watchers) watcher.close();
    },
  };
}
