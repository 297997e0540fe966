import { type FSWatcher, statSync, watch } from 'node:fs';
import type { Log } from '../core/log.ts';
import { networkFileSystem } from './network.ts';

/** The slow poll behind fs.watch, and the only one where the file system tells nothing, milliseconds. */
const POLL_MS = 5_000;
const NETWORK_POLL_MS = 1_000;

/**
 * Calls `onChange` when one of the named files in `folder` may have changed: at once where the file system tells
 * (who renames a file into place makes a new one, so the folder is watched), and every few seconds whether it told or
 * not. A folder that is not there yet, or is replaced, is taken up by the poll, or at once by `listen`.
 */
export function watchFolder(deps: {
  folder: string;
  names: readonly string[];
  /** In place of the usual interval, milliseconds; on a network file system it is looked at each second at least. */
  pollMs?: number;
  /** `isPoll`: the time has come to look, and nothing was told. */
  onChange(isPoll: boolean): void;
  log: Log;
}): { listen(): void; stop(): void } {
  const { folder, names, onChange, log } = deps;
  let watcher: FSWatcher | undefined;
  let inode: number | undefined;
  let coalesced: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout;

  function changed(): void {
    coalesced ??= setImmediate(() => {
      coalesced = undefined;
      onChange(false);
    });
  }

  function silence(): void {
    watcher?.close();
    watcher = undefined;
  }

  /** Watches the folder that has the name now; one that replaced another has an inode of its own. */
  function listen(): void {
    const now = statSync(folder, { throwIfNoEntry: false })?.ino;
    if (now !== inode) silence();
    inode = now;
    if (watcher || now === undefined || networkFileSystem(folder)) return;
    try {
      watcher = watch(folder, (_event, name) => {
        if (name === null || names.includes(name)) changed();
      });
      watcher.on('error', (error) => {
        log.debug({ err: error, folder }, 'the folder is no longer watched; polling goes on');
        silence();
      });
    } catch (error) {
      log.debug({ err: error, folder }, 'the folder cannot be watched yet; polling goes on');
    }
  }

  function poll(): void {
    listen();
    onChange(true);
    schedule();
  }

  function schedule(): void {
    const usual = deps.pollMs ?? POLL_MS;
    timer = setTimeout(poll, networkFileSystem(folder) ? Math.min(usual, NETWORK_POLL_MS) : usual);
  }

  listen();
  schedule();
  return {
    listen,
    stop() {
      clearTimeout(timer);
      clearImmediate(coalesced);
      silence();
    },
  };
}
