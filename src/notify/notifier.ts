import { jobCard } from '../cards/job-card.ts';
import { awayPost, endingPost, transitionPost } from '../cards/posts.ts';
import { statusMessage } from '../cards/status.ts';
import { isEnded, type JobKey, jobKeyText, parseJobKey, taskName } from '../core/job.ts';
import type { Message } from '../core/message.ts';
import type { JobRecord } from '../core/services.ts';
import type { Clock } from '../core/time.ts';
import type { JobStore } from '../store/jobs.ts';
import type { Outbox, PostSource } from '../store/outbox.ts';
import type { Recorded } from '../tracker.ts';
import type { Renderers } from './deliverer.ts';
import type { Facts } from './facts.ts';

/** A place where things are said, and what goes there. */
export interface NotifyChannel {
  adapter: string;
  id: string;
  /** It has a card of the queue as a whole. */
  board: boolean;
  /** Only jobs whose task key holds one of these; all when absent. */
  tasks?: readonly string[] | undefined;
  /** Only jobs of these owners; all when absent. */
  owners?: readonly string[] | undefined;
}

/** Jobs that may get a card and posts of their own from one reading; beyond, the oldest are told in one post. */
const JOBS_TOLD_SINGLY = 25;
/** How long the news of a new job waits for a launch under way to say that it is its own, milliseconds. */
const LAUNCH_ANSWER_MS = 2_000;

/** How long cards of jobs that shifted in the queue wait, milliseconds. */
const SHIFTED_MS = 1_000;

const BOARD = 'board';

/** Decides what is said where: cards and posts for what happened, into the outbox. */
export function createNotifier(deps: {
  outbox: Outbox;
  jobs: JobStore;
  channels: readonly NotifyChannel[];
  launchesUnderWay: () => number;
  clock: Clock;
}) {
  const { outbox, channels } = deps;
  const boardSubject = (queue: string) => `${BOARD}:${queue}`;

  function tell({ id, transition, job }: Recorded): void {
    const subject = jobKeyText(job);
    const held = transition.kind === 'enqueued' && deps.launchesUnderWay() > 0;
    const ending = isEnded(job.status) && transition.kind === job.status;
    const source: PostSource = ending
      ? { kind: 'ending', transition: id }
      : { kind: 'transition', transition: id };
    for (const { adapter, id: channel } of channels.filter((each) => wants(each, job))) {
      outbox.wantCard(adapter, channel, subject);
      outbox.addPost(
        `transition:${id}`,
        adapter,
        channel,
        subject,
        source,
        held ? deps.clock() + LAUNCH_ANSWER_MS : 0,
      );
    }
  }

  return {
    /** Puts what happened into the outbox; call inside the transaction that records it. */
    transitions(recorded: readonly Recorded[]): void {
      const newestFirst = [...new Set(recorded.toReversed().map(({ job }) => jobKeyText(job)))];
      const single = new Set(newestFirst.slice(0, JOBS_TOLD_SINGLY));
      const folded = recorded.filter(({ job }) => !single.has(jobKeyText(job)));
      for (const { adapter, id: channel, ...filter } of channels) {
        const theirs = folded
          .filter(({ job }) => wants({ adapter, id: channel, ...filter }, job))
          .map(({ id }) => id);
        if (theirs.length === 0) continue;
        outbox.addPost(`away:${theirs[0]}`, adapter, channel, null, { kind: 'away', transitions: theirs });
      }
      for (const each of recorded) if (single.has(jobKeyText(each.job))) tell(each);
    },

    /** The boards of a queue should show how it stands now. */
    board(queue: string): void {
      for (const { adapter, id, board } of channels)
        if (board) outbox.wantCard(adapter, id, boardSubject(queue));
    },

    /** A job's cards, where it has any, should show how it stands now. */
    refresh(key: JobKey): void {
      outbox.refreshCards(jobKeyText(key));
    },

    /** The same for jobs that only shifted in the queue: after the news, and once for many shifts. */
    refreshSoon(keys: readonly JobKey[]): void {
      for (const key of keys) outbox.refreshCards(jobKeyText(key), deps.clock() + SHIFTED_MS);
    },

    /** Tells every channel something that is about no job; a key is told once. */
    announce(key: string, message: Message): void {
      for (const { adapter, id } of channels)
        outbox.addPost(key, adapter, id, null, { kind: 'message', message });
    },

    /** Who launched a job is known now: its news need not wait any longer. */
    launchAnswered(key: JobKey): void {
      outbox.refreshCards(jobKeyText(key));
      outbox.hurry(jobKeyText(key));
    },
  };

  function wants({ tasks, owners }: NotifyChannel, job: JobRecord): boolean {
    if (tasks && !tasks.some((task) => job.taskKey.includes(task))) return false;
    return !owners || (job.owner !== null && owners.includes(job.owner));
  }
}

/** Makes the messages of cards and posts at the moment they are sent. */
export function createRenderers(deps: { jobs: JobStore; facts: Facts }): Renderers {
  const { jobs, facts } = deps;

  return {
    async card(subject): Promise<Message | undefined> {
      if (subject.startsWith(`${BOARD}:`)) return statusMessage(await facts.status());
      const key = parseJobKey(subject);
      if (key) await facts.findOwner(key);
      const known = key && (await facts.job(key));
      return known && jobCard(known);
    },

    async post(source) {
      if (source.kind === 'message') return source.message;
      if (source.kind === 'away') return awayPost(source.transitions.map(recorded));
      const { transition, job } = recorded(source.transition);
      if (source.kind === 'transition') return transitionPost(transition, job);
      const cause = job.status === 'failed' ? await facts.cause(job) : null;
      return endingPost(transition, job, cause, await facts.chart(job));
    },

    threadTitle(subject) {
      const job = parseJobKey(subject) && jobs.get(parseJobKey(subject)!);
      return job ? `${job.jobId} ${taskName(job.taskKey)}` : subject;
    },
  };

  function recorded(id: number) {
    const transition = jobs.transition(id);
    const job = transition && jobs.get(transition.job);
    if (!transition || !job) throw new Error(`transition ${id} is not in the memory`);
    return { transition, job };
  }
}
