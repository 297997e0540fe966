import type { JobKey, JobMeant } from '../job.ts';
import type { Doer } from '../person.ts';
import type { MutationResult, Observer, ObserverAction, ObserverRequest, Queue } from '../queue.ts';

export interface KillService {
  /** Kills exactly this job, writes down who asked, and says which signal it took. */
  kill(key: JobMeant, by: Doer, onSignal: (signal: string) => void): ReturnType<Queue['kill']>;
}

/** Changes of waiting jobs, each attributed to whoever asked for it. */
export interface EditsService {
  cancel(key: JobMeant, by: Doer): Promise<MutationResult>;
  move(key: JobKey, position: number, by: Doer): Promise<MutationResult>;
}

/** The result of starting, stopping or restarting the observer. Plain JSON. */
export interface ObserverOutcome {
  action: ObserverAction;
  done: boolean;
  /** Why it was not; a sentence. */
  reason: string;
  /** As it is now; null: there is none. */
  observer: Observer | null;
  /** The jobs that it ended, as people name them. */
  ended: string[];
}

export interface ObserverControl {
  /** That of a queue. Records who ended the running job, and waits until a started observer reports. */
  control(queue: string, request: ObserverRequest, by: Doer): Promise<ObserverOutcome>;
}
