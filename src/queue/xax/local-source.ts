import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '../../core/errors.ts';
import { OBSERVER_FILE, STATE_FILE } from './files.ts';
import { readObserver } from './observer.ts';
import { createStateReader } from './state-reader.ts';
import type { QueueSource } from './view.ts';

/** A queue's files in a folder of this host. */
export function createLocalSource({ name, home }: { name: string; home: string }) {
  const file = join(home, STATE_FILE);
  let reader = createStateReader(name, file);
  const source: QueueSource = {
    anew() {
      reader = createStateReader(name, file);
    },
    readState(force) {
      try {
        return { reading: reader.read({ force }), problem: null };
      } catch (error) {
        return { reading: null, problem: errorText(error) };
      }
    },
    readObserver: (nowSeconds) => readObserver(join(home, OBSERVER_FILE), nowSeconds),
    missing: {
      file: () => file,
      folder: () =>
        existsSync(home)
          ? null
          : `The queue's folder ${home} does not exist. If xax uses another folder, set XAX_HOME to it.`,
    },
  };
  return {
    source,
    /** How soon the state is to be read again though nobody tells of a change, milliseconds; null: not at all. */
    again: () => reader.again(),
  };
}
