import {
  notRetriedPost,
  notStartedPost,
  retriedPost,
  startedAfterPost,
  takenBackPost,
} from '../cards/waiting-launch-post.ts';
import { BotError, errorText } from '../core/errors.ts';
import { type JobKey, jobKeyText, jobName } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Message } from '../core/message.ts';
import type { Doer, Person } from '../core/person.ts';
import type { Queues } from '../core/queues.ts';
import type { LaunchService } from '../core/services/launches.ts';
import type { WaitingLaunch } from '../core/waiting-launch.ts';
import { within } from '../core/within.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { JobStore } from '../store/jobs.ts';
import type { LaunchStore } from '../store/launches.ts';
import type { KeptLaunch, WaitingLaunches } from '../store/waiting-launches.ts';
import type { LaunchedInto } from './join.ts';
import { nextLife, waitedFor } from './waited-for.ts';
import { waitsNoMore } from './waiting-note.ts';

/**
 * Launches what waited for a job's end, once. It looks at what stands in the database, so that it is all the same whether
 * an end was seen just now, or as the bot was down, or by the process before.
 */
export function createDue(deps: {
  waits: WaitingLaunches;
  jobs: Pick<JobStore, 'get' | 'newest'>;
  queues: Pick<Queues, 'watches'>;
  launchStore: Pick<LaunchStore, 'ofJob' | 'transaction'>;
  launch: LaunchService['launch'];
  presets: LaunchService['presets'];
  /** Those of a session by its number. */
  experimentsOf(session: number): LaunchedInto;
  /** Whoever asked for it, as they are now. Error `not-allowed` where they may not launch any more. */
  personNow(kept: KeptLaunch['person']): Person;
  /** Which part of a session's budget is used up, in words; null: none is. */
  spentOf(session: number): string | null;
  notifier: Pick<Notifier, 'aboutWork'>;
  log: Log;
}) {
  const { waits, jobs, queues, launchStore, log } = deps;
  const busy = new Set<number>();
  /** One launch after the other for each place that launches were asked to go. */
  const lines = new Map<string, Promise<void>>();
  let isStopping = false;

  const sessionOf = (wait: KeptLaunch): string => deps.experimentsOf(wait.session).session.info().name;

  function tell(wait: KeptLaunch, message: Message): void {
    const what = wait.kind === 'retry' ? 'retry' : `after:${wait.session}:${wait.experimentId}`;
    deps.notifier.aboutWork(`${what}:${jobKeyText(wait.job)}`, wait.job, sessionOf(wait), message);
  }

  /** The job that it waits for, as people name it. */
  function nameOf({ job: key }: KeptLaunch): string {
    const job = jobs.get(key);
    return job ? jobName(job) : key.jobId;
  }

  function notLaunched(wait: KeptLaunch, why: string): Message {
    const after = nameOf(wait);
    if (wait.kind === 'retry') return notRetriedPost(wait.cause!, after, why);
    const { preset } = wait.request;
    const experiment = { session: sessionOf(wait), experimentId: wait.experimentId! };
    return notStartedPost({ ...experiment, preset, by: wait.person.name, after }, why);
  }

  /** It waits no more, and is not launched; `why`: a sentence that is said once, undefined: nothing is. */
  function drop(wait: KeptLaunch, why?: string): void {
    launchStore.transaction(() => {
      if (!waits.drop(wait.id)) return;
      const { experimentId } = wait;
      if (experimentId !== null) waitsNoMore(deps.experimentsOf(wait.session), experimentId);
      const anyway =
        experimentId === null
          ? ''
          : ` It stays planned: "queue experiment=${experimentId}" queues it anyway.`;
      if (why !== undefined) tell(wait, notLaunched(wait, `${why}${anyway}`));
    });
  }

  /** Whether it is to be launched now. What will never be is dropped. */
  function isDue(wait: KeptLaunch): boolean {
    const { kind, experimentId, session, job } = wait;
    if (experimentId !== null) {
      // Somebody took the plan back, or launched it otherwise.
      const row = deps.experimentsOf(session).rows.get(experimentId);
      if (row?.status !== 'planned') {
        if (waitedFor(job, jobs, queues) !== 'open') drop(wait);
        return false;
      }
    }
    if (wait.state === 'doubtful') {
      drop(
        wait,
        'It waited in a backup of the database that was gone back to, and may have been launched since.',
      );
      return false;
    }
    if (kind === 'retry') {
      const known = jobs.get(job);
      const goesOn = known !== undefined && nextLife(known, jobs) !== undefined;
      if (goesOn) drop(wait);
      return !goesOn;
    }
    const standing = waitedFor(job, jobs, queues);
    if (typeof standing === 'object') drop(wait, `That one ${standing.why}.`);
    return standing === 'completed';
  }

  async function launch(wait: KeptLaunch): Promise<void> {
    if (isStopping) return;
    try {
      const person = deps.personNow(wait.person);
      const spent = deps.spentOf(wait.session);
      if (spent !== null) throw new BotError('budget', `In its session, ${spent}.`);
      const session = deps.experimentsOf(wait.session).session.info();
      const outcome = await deps.launch({ ...wait.request, person, session, waiting: wait.id }, () => {});
      if (outcome.state === 'failed') tell(wait, notLaunched(wait, `${outcome.reason ?? ''}`));
    } catch (error) {
      if (isStopping)
        return log.warn({ err: error, wait: wait.id }, 'a launch was cut off as xaxbot stopped');
      if (!(error instanceof BotError))
        log.error({ err: error, wait: wait.id }, 'a launch that waited failed');
      drop(
        wait,
        error instanceof BotError
          ? errorText(error)
          : "Something went wrong; the bot's own log has the details.",
      );
    }
  }

  function take(wait: KeptLaunch): void {
    busy.add(wait.id);
    const line = wait.request.queue ?? '';
    const work = (lines.get(line) ?? Promise.resolve())
      .then(() => launch(wait))
      .catch((error) =>
        log.error({ err: error, wait: wait.id }, 'what became of a launch is not written down'),
      )
      .finally(() => busy.delete(wait.id));
    lines.set(line, work);
  }

  return {
    /** Jobs have ended, or the bot has begun. */
    look(): void {
      if (isStopping) return;
      for (const wait of waits.open()) if (!busy.has(wait.id) && isDue(wait)) take(wait);
    },

    /** The job of a launch is known: what it was launched after, or in the place of, is told of it. */
    answered(key: JobKey): void {
      const launched = launchStore.ofJob(key);
      const wait = launched && waits.ofLaunch(launched.id);
      const job = jobs.get(key);
      if (!wait || !job) return;
      const { kind, cause, attempt, request } = wait;
      const most = deps.presets().find(({ name }) => name === request.preset)?.retry?.most;
      const post =
        kind === 'after'
          ? startedAfterPost(jobName(job), wait.experimentId ?? undefined, nameOf(wait))
          : retriedPost(jobName(job), { cause: cause!, attempt, most });
      tell(wait, post);
    },

    /** Somebody took back what waited. */
    takenBack(launch: WaitingLaunch, by: Doer): void {
      const key = `taken-back:${launch.id}`;
      deps.notifier.aboutWork(key, launch.job, launch.session, takenBackPost(launch, by));
    },

    /** Begins nothing more; resolves when what is under way is done, or after so many milliseconds: the next start takes it up. */
    async stop(waitMs: number): Promise<void> {
      isStopping = true;
      await within(waitMs, Promise.all(lines.values()), () =>
        log.warn({ launches: busy.size }, 'a launch that waited was still under way when xaxbot stopped'),
      );
    },
  };
}

export type Due = ReturnType<typeof createDue>;
