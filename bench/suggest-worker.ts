import { parentPort } from 'node:worker_threads';
import { byPolicy, searched } from './suggest-search.ts';
import { functionsOf } from './suggest-sets.ts';

/** One search of the policy, in a thread of its own so that every core takes part. */
export interface Task {
  set: string;
  shift: number;
  /** Of the function in its set. */
  index: number;
  seed: number;
}

parentPort?.on('message', async ({ set, shift, index, seed }: Task) => {
  const given = functionsOf(set, shift)[index]!;
  parentPort?.postMessage(await searched(given, seed, byPolicy, true));
});
