import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';
import { onlyQueueIn } from '../store/only-queue.ts';

/**
 * The settings with the queue that they do not name called as the database knows it: another name of the host's makes no other
 * queue, whose jobs and experiments would begin anew.
 */
export function underKnownName(config: Config): Config {
  const [only] = config.queues;
  const known = only?.isUnnamed ? onlyQueueIn(config.dataDir) : undefined;
  return only && known !== undefined ? { ...config, queues: [{ ...only, name: known }] } : config;
}

/** The queues of the settings; nothing is started. */
export function openQueues({ queues, childEnv: env }: Config, log: Log): Promise<Queue[]> {
  return Promise.all(
    queues.map(({ name, kind, settings }) => kind.open(settings, { name, env, clock: Date.now, log })),
  );
}

/** Where the queues are, for whoever starts the bot. */
export function watched({ queues }: Config): string {
  return queues
    .map(({ name, kind, settings }) => kind.folder(settings) ?? kind.whereElse?.(settings) ?? name)
    .join(', ');
}

/** Whether any queue can be read; without one there is nothing to answer from. */
export function isAnyThere({ queues }: Config): boolean {
  return queues.some(({ kind, settings }) => {
    const folder = kind.folder(settings);
    return folder === null || existsSync(folder);
  });
}
