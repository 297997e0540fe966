import type { CutOffKill } from '../cards/kill-post.ts';
import type { AgentAct } from '../chat/invoke.ts';
import type { Objective } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { SnapshotChange } from '../core/queue.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { WatchNews } from '../core/watch.ts';
import type { Reading, Recorded } from '../ingest/tracker.ts';
import type { Launch } from '../store/launches.ts';

/**
 * Emitted inside the transaction that records it, so that what is written and said of it stands or falls with it: a
 * subscriber that fails undoes it all, and the emitter hears the error.
 */
interface InTransaction {
  /** Jobs stand in the database as the queue has them now. */
  jobsRecorded: readonly JobRecord[];
  /** What happened to them, in order. */
  transitionsRecorded: { recorded: readonly Recorded[]; reading: Reading };
  /** A queue as a whole changed. */
  queueChanged: SnapshotChange;
  /** Jobs began, and it is clear whose they are: at once, or when the launches that were under way have ended. */
  jobsBegan: readonly Recorded[];
  /** A watch's condition came to hold, or is over. */
  watchNews: { key: string; news: WatchNews };
}

/** Emitted when it is done. Each subscriber is alone in its errors, which are logged. */
interface Done {
  /** The transitions of a reading are in the database. */
  transitionsCommitted: readonly Recorded[];
  /** Something may be due in the outbox. */
  outboxPending: undefined;
  /** An adapter is open again. */
  adapterOpen: string;
  /** The job of a launch is known, with its owner and its experiment. */
  launchAnswered: JobKey;
  /** A launch has come to its end, whatever came of it. */
  launchEnded: undefined;
  /** What has become of a launch that the last process did not see to its end; `job` null: nothing is known of one. */
  launchRecovered: { launch: Launch; job: JobKey | null; experimentId: string | undefined };
  /** It is certain whose a cancellation or a move of this job is. */
  editCertain: JobKey;
  /** What became of a kill that was cut off. */
  killRecovered: { key: string; kill: CutOffKill };
  /** Something about a log on disk that people should know. */
  logNotice: string;
  /** A job's row was changed by something else than the queue. */
  experimentEdited: JobKey;
  /** A session's settings changed, or it was closed. */
  sessionChanged: string;
  /** A session is after something else than `before`. */
  objectiveChanged: { session: string; before: Objective | null };
  /** An agent has changed something by itself. */
  agentActed: AgentAct;
}

export type EventMap = InTransaction & Done;

export interface Events {
  /** Subscribers hear in the order in which they came. */
  on<Name extends keyof EventMap>(name: Name, hear: (what: EventMap[Name]) => unknown): void;
  emit<Name extends keyof EventMap>(name: Name, what: EventMap[Name]): void;
}

const IN_TRANSACTION: Record<keyof InTransaction, true> = {
  jobsRecorded: true,
  transitionsRecorded: true,
  queueChanged: true,
  jobsBegan: true,
  watchNews: true,
};

/** Who hears what is in `subscriptions.ts`. Everybody is called at once, in turn; what they begin is not waited for. */
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
