import { type FSWatcher, statfsSync, statSync, watch } from 'node:fs';
import type { Log } from '../../core/log.ts';

/** The slow poll behind fs.watch, and the only one where the file system tells nothing, milliseconds. */
const POLL_MS = 5_000;
const NETWORK_POLL_MS = 1_000;

/** File systems that do not tell of changes made on another host: magic numbers of statfs(2). */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x65735546, 'FUSE'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x00c36400, 'Ceph'],
  [0x19830326, 'BeeGFS'],
  [0x5346414f, 'AFS'],
  [0x01021997, '9P'],
]);

/** The name of a network file system that holds `path`; undefined when it is local or not there. */
export function networkFileSystem(path: string): string | undefined {
  try {
    return NETWORK_FILE_SYSTEMS.get(statfsSync(path).type);
  } catch {
    return undefined;
  }
}

/**
 * Calls `onChange` when one of the named files in `folder` may have changed: at once where the file system tells
 * (xax renames, so the folder is watched, not the file), and every few seconds whether it told or not. A folder
 * that is not there yet, or is replaced, is taken up by the poll.
 */
export function watchFiles(deps: {
  folder: string;
  names: readonly string[];
  /** In place of the usual intervals, milliseconds. */
  pollMs?: number;
  onChange(): void;
  log: Log;
}): { stop(): void } {
  const { folder, names, onChange, log } = deps;
  let watcher: FSWatcher | undefined;
  let inode: number | undefined;
  let coalesced: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout;

  function changed(): void {
    coalesced ??= setImmediate(() => {
      coalesced = undefined;
      onChange();
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
    onChange();
    schedule();
  }

  function schedule(): void {
    timer = setTimeout(poll, deps.pollMs ?? (networkFileSystem(folder) ? NETWORK_POLL_MS : POLL_MS));
  }

  listen();
  schedule();
  return {
    stop() {
      clearTimeout(timer);
      clearImmediate(coalesced);
      silence();
    },
  };
}
