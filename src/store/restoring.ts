import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { BotError } from '../core/errors.ts';
import type { HowFar } from '../core/how-far.ts';
import { sizeOf } from './backup.ts';
import { DATABASE_FILE } from './db.ts';
import { type restore, unfinishedOf } from './recovery.ts';

/** What the thread is given. */
export interface Restoring {
  dataDir: string;
  file: string;
  now: number;
}

/** What the thread answers. */
export type Restored =
  | { recovered: ReturnType<typeof restore> }
  | { refused: Pick<BotError, 'code' | 'message' | 'hint'> };

/** Goes back to a backup as `restore` does, in a thread of its own. `howFar`: what of it is copied; null while it is checked. */
export function restoring(asked: Restoring): {
  done: Promise<ReturnType<typeof restore>>;
  howFar(): HowFar | null;
} {
  const from = import.meta.url;
  const worker = new Worker(new URL(`./restore-worker${extname(from)}`, from), { workerData: asked });
  const of = sizeOf(asked.file);
  return {
    done: once(worker, 'message').then((messages) => {
      const [answer] = messages as [Restored];
      if ('recovered' in answer) return answer.recovered;
      const { code, message, hint } = answer.refused;
      throw new BotError(code, message, hint);
    }),
    howFar() {
      const done = sizeOf(unfinishedOf(join(asked.dataDir, DATABASE_FILE)));
      return done === 0 ? null : { done: Math.min(done, of), of, unit: 'bytes' };
    },
  };
}
