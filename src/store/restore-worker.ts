import { parentPort, workerData } from 'node:worker_threads';
import { BotError } from '../core/errors.ts';
import { restore } from './recovery.ts';
import type { Restored, Restoring } from './restoring.ts';

/** The thread that goes back to a backup: SQLite holds its thread until all of it is copied. */
const { dataDir, file, now } = workerData as Restoring;

function answer(): Restored {
  try {
    return { recovered: restore(dataDir, file, now) };
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    const { code, message, hint } = error;
    return { refused: { code, message, hint } };
  }
}

parentPort!.postMessage(answer());
