import type { JobKey } from '../../core/job.ts';
import type { KillOptions, KillSignal, Snapshot } from '../../core/queue.ts';
import { groupIsAlive } from '../process-facts.ts';
import { localProcesses, signalTarget, type Target } from './identity.ts';
import { leftAlone, runningJob, type Signals } from './kill.ts';

/** Signals the jobs of the queue in a folder of this host. */
export function createLocalSignals(deps: {
  home: string;
  /** Reads the queue now; throws BotError when it cannot. */
  readNow(): Snapshot;
}): Signals {
  function target(key: JobKey): Target {
    if (process.platform !== 'linux')
      return { refusal: 'cannot be killed from here: this needs /proc, which only Linux has' };
    try {
      const job = runningJob(key, deps.readNow());
      if ('refusal' in job) return job;
      const found = signalTarget(job, localProcesses(deps.home));
      return 'refusal' in found ? { refusal: `was left alone: ${found.refusal}` } : found;
    } catch (error) {
      return leftAlone(error);
    }
  }

  function send(signal: KillSignal, key: JobKey, { beforeSignal, onSignal }: KillOptions): Target {
    const before = target(key);
    if ('refusal' in before) return before;
    const takeBack = beforeSignal?.(signal);
    const found = target(key);
    if ('refusal' in found) {
      takeBack?.();
      return found;
    }
    try {
      process.kill(-found.processGroupId, signal);
    } catch (error) {
      takeBack?.();
      const { code } = error as NodeJS.ErrnoException;
      return {
        refusal:
          code === 'EPERM'
            ? 'belongs to another user, whom xaxbot may not signal'
            : `no longer has a process (${code})`,
      };
    }
    onSignal?.(signal);
    return found;
  }

  return { target, send, groupIsAlive };
}
