import type { CutOffKill } from '../cards/kill-post.ts';
import type { AgentAct } from '../chat/invoke.ts';
import type { Objective } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Doer } from '../core/person.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { WaitingLaunch } from '../core/waiting-launch.ts';
import type { WatchNews } from '../core/watch.ts';
import type { QueueChange, Reading, Recorded } from '../ingest/tracker.ts';
import type { Launch } from '../store/launches.ts';
import type { SettingsNews } from './settings.ts';

/**
 * Emitted inside the transaction that records it, so that everything written and posted about it commits or rolls back with it: a
 * subscriber that fails undoes it all, and the emitter hears the error.
 */
interface InTransaction {
  /** Jobs in the database match the queue. */
  jobsRecorded: readonly JobRecord[];
  /** Of these jobs all was told before: they changed while a database that was lost was in use. */
  jobsAdopted: readonly JobRecord[];
  /** What happened to them, in order. */
  transitionsRecorded: { recorded: readonly Recorded[]; reading: Reading };
  /** A queue as a whole changed. */
  queueChanged: QueueChange;
  /** Jobs started, and it is clear who launched them: at once, or when the launches in progress have ended. */
  jobsBegan: readonly Recorded[];
  /** A watch's condition started to hold, or is over. */
  watchNews: { key: string; news: WatchNews };
  /** A launch begins or ceases to wait for the end of this job. */
  waitingChanged: JobKey;
  /** Somebody took back a launch that waited. */
  launchTakenBack: { launch: WaitingLaunch; by: Doer };
}

/** Emitted afterwards. A subscriber's error is logged and does not affect the others. */
interface Done {
  /** The transitions of a reading are in the database. */
  transitionsCommitted: readonly Recorded[];
  /** Proposals were decided or done. */
  proposalsSettled: undefined;
  /** Something may be due in the outbox. */
  outboxPending: undefined;
  /** An adapter reaches its platform no more. */
  adapterDown: { adapter: string };
  /** An adapter is open again. */
  adapterOpen: { adapter: string };
  /** The job of a launch is known, with its owner and its experiment. */
  launchAnswered: JobKey;
  /** A launch has ended, whatever the result. */
  launchEnded: undefined;
  /** The result of a launch that was interrupted when the last process ended; `job` null: none is known. */
  launchRecovered: { launch: Launch; job: JobKey | null; experimentId: string | undefined };
  /** It is certain who cancelled or moved this job. */
  editCertain: JobKey;
  /** The fate of an interrupted kill. */
  killRecovered: { key: string; kill: CutOffKill };
  /** Something about a log on disk that people should know. */
  logNotice: string;
  /** A job's row was changed by something else than the queue. */
  experimentEdited: JobKey;
  /** Runs are shown by another TensorBoard than before, or by none. */
  runsShown: readonly JobKey[];
  /** A session's settings changed, or it was closed. */
  sessionChanged: string;
  /** A session's objective changed from `before`. */
  objectiveChanged: { session: string; before: Objective | null };
  /** Somebody has looked at what is said of a job, or asked about it. */
  jobLooked: JobKey;
  /** Settings were changed while the bot runs. */
  settingsNews: SettingsNews;
  /** An agent has changed something on its own. */
  agentActed: AgentAct;
}

export type EventMap = InTransaction & Done;

export interface Events {
  /** Subscribers are called in the order in which they subscribed. */
  on<Name extends keyof EventMap>(name: Name, hear: (what: EventMap[Name]) => unknown): void;
  emit<Name extends keyof EventMap>(name: Name, what: EventMap[Name]): void;
}

const IN_TRANSACTION: Record<keyof InTransaction, true> = {
  jobsRecorded: true,
  jobsAdopted: true,
  transitionsRecorded: true,
  queueChanged: true,
  jobsBegan: true,
  watchNews: true,
  waitingChanged: true,
  launchTakenBack: true,
};

/** `subscriptions.ts` says who hears what. Subscribers are called synchronously, in turn; their async work is not awaited. */
export function createEvents(log: Log): Events {
  const subscribers = new Map<string, ((what: never) => unknown)[]>();

  return {
    on(name, hear) {
      subscribers.set(name, [...(subscribers.get(name) ?? []), hear]);
    },
    emit(name, what) {
      const failed = (error: unknown) =>
        log.error({ err: error, event: name }, 'what an event leads to failed');
      for (const hear of subscribers.get(name) ?? []) {
        try {
          const work = hear(what as never);
          if (work instanceof Promise) work.catch(failed);
        } catch (error) {
          if (name in IN_TRANSACTION) throw error;
          failed(error);
        }
      }
    },
  };
}
