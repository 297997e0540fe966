import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';

export function openQueue({ queues: [first], childEnv }: Config, log: Log): Promise<Queue> {
  const { name, kind, settings } = first!;
  return kind.open(settings, { name, env: childEnv, clock: Date.now, log });
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
