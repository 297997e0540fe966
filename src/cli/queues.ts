import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';

/** The queues of the settings; nothing is started. */
export function openQueues({ queues, childEnv: env }: Config, log: Log): Promise<Queue[]> {
  return Promise.all(
    queues.map(({ name, kind, settings }) => kind.open(settings, { name, env, clock: Date.now, log })),
  );
}

/** Where the queues are, for whoever starts the bot. */
export function watched({ queues }: Config): string {
  return queues.map(({ name, kind, settings }) => kind.folder(settings) ?? name).join(', ');
}

/** Whether any queue can be read; without one there is nothing to answer from. */
export function isAnyThere({ queues }: Config): boolean {
  return queues.some(({ kind, settings }) => {
    const folder = kind.folder(settings);
    return folder === null || existsSync(folder);
  });
}
