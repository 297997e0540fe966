import { jobCard } from '../cards/job-card.ts';
import { awayPost, endingAlonePost, endingPost, transitionPost } from '../cards/posts.ts';
import { statusMessage } from '../cards/status.ts';
import type { Analysis } from '../core/analysis.ts';
import { isEnded, type JobKey, jobKeyText, parseJobKey, taskName } from '../core/job.ts';
import type { Message, PersonId } from '../core/message.ts';
import type { JobRecord } from '../core/services.ts';
import type { Clock } from '../core/time.ts';
import { asOf, type TransitionKind } from '../core/transition.ts';
import type { JobStore } from '../store/jobs.ts';
import type { Outbox, PostSource } from '../store/outbox.ts';
import type { Subscriptions } from '../store/subscriptions.ts';
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
  /** Only these changes; all when absent. */
  transitions?: readonly TransitionKind[] | undefined;
  /** Ends are said in the channel too, not only in the job's thread. */
  broadcastsEndings?: boolean | undefined;
}

/** Platforms that show what is said in a thread in its channel too, if asked; elsewhere it is said twice. */
const SHOW_THREADS_IN_CHANNEL = ['slack'];

/** Jobs that may get a card and posts of their own from one reading; beyond, the oldest are told in one post. */
const JOBS_TOLD_SINGLY = 25;
/** How long the news of a new job waits for a launch under way to say that it is its own, milliseconds. */
const LAUNCH_ANSWER_MS = 60_000;

/** How long cards of jobs that shifted in the queue wait, milliseconds. */
const SHIFTED_MS = 1_000;

const BOARD = 'board';

/** Decides what is said where: cards and posts for what happened, into the outbox. */
export function createNotifier(deps: {
  outbox: Outbox;
  jobs: JobStore;
  channels: readonly NotifyChannel[];
  subscriptions: Pick<Subscriptions, 'about'>;
  /** Whose job it is, as far as is known now. */
  ownerOf(job: JobRecord): PersonId | undefined;
  launchesUnderWay: () => number;
  clock: Clock;
}) {
  const { outbox, channels } = deps;
  /** Jobs whose news wait for a launch under way. */
  const held = new Set<string>();
  const boardSubject = (queue: string) => `${BOARD}:${queue}`;

  function tell({ id, transition, job }: Recorded): void {
    const subject = jobKeyText(job);
    if (transition.kind === 'enqueued' && deps.launchesUnderWay() > 0) held.add(subject);
    const ending = isEnded(job.status) && transition.kind === job.status;
    const source: PostSource = ending
      ? { kind: 'ending', transition: id }
      : { kind: 'transition', transition: id };
    const notBefore = held.has(subject) ? deps.clock() + LAUNCH_ANSWER_MS : 0;
    outbox.refreshCards(subject);
    for (const { adapter, id: channel, ...settings } of channels.filter((each) =>
      wants(each, job, transition.kind),
    )) {
      outbox.wantCard(adapter, channel, subject);
      const isBroadcast = ending && settings.broadcastsEndings === true;
      const alsoInChannel = isBroadcast && SHOW_THREADS_IN_CHANNEL.includes(adapter);
      outbox.addPost(`transition:${id}`, adapter, channel, subject, source, { notBefore, alsoInChannel });
      if (isBroadcast && !alsoInChannel)
        outbox.addPost(`broadcast:${id}`, adapter, channel, null, { kind: 'ending-alone', transition: id });
    }
  }

  /** Ends go to whoever asked to hear of them, in the channel that is theirs alone. */
  function tellSubscribers({ id, transition, job }: Recorded): void {
    if (!isEnded(job.status) || transition.kind !== job.status) return;
    const owner = deps.ownerOf(job);
    for (const { person, adapter, channel, job: named } of deps.subscriptions.about(job)) {
      if (named === null && owner !== undefined && owner !== person) continue;
      const onlyOwner = named === null ? person : undefined;
      outbox.addPost(`subscription:${id}`, adapter, channel, null, {
        kind: 'ending-alone',
        transition: id,
        ...(onlyOwner === undefined ? {} : { onlyOwner }),
      });
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
          .filter(({ job, transition }) => wants({ adapter, id: channel, ...filter }, job, transition.kind))
          .map(({ id }) => id);
        if (theirs.length === 0) continue;
        outbox.addPost(`away:${theirs[0]}`, adapter, channel, null, { kind: 'away', transitions: theirs });
      }
      for (const each of recorded) if (single.has(jobKeyText(each.job))) tell(each);
      for (const each of recorded) tellSubscribers(each);
    },

    /** A platform was away: what nobody heard of meanwhile is folded where it is much. */
    foldWaiting(adapterName: string): void {
      for (const { adapter, id: channel } of channels) {
        if (adapter !== adapterName) continue;
        outbox.fold(adapter, channel, JOBS_TOLD_SINGLY, (transitions) =>
          outbox.addPost(`away:${transitions[0]}`, adapter, channel, null, { kind: 'away', transitions }),
        );
      }
    },

    /** The boards of a queue should show how it stands now. */
    board(queue: string): void {
      outbox.refreshCards(boardSubject(queue));
      for (const { adapter, id, board } of channels)
        if (board) outbox.wantCard(adapter, id, boardSubject(queue));
    },

    /** One more place shows the board from now on. */
    showBoard(queue: string, adapter: string, channel: string): void {
      outbox.wantCard(adapter, channel, boardSubject(queue));
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

    /** Says something in a job's thread, wherever the job is told of but for one channel, and whether it is; a key is told once. */
    aboutJob(
      key: string,
      job: JobRecord,
      message: Message,
      except: { adapter: string; channel: string } | null = null,
    ): boolean {
      const telling = channels.filter((each) => wantsJob(each, job));
      for (const channel of telling) {
        if (channel.adapter === except?.adapter && channel.id === except.channel) continue;
        outbox.wantCard(channel.adapter, channel.id, jobKeyText(job));
        outbox.addPost(key, channel.adapter, channel.id, jobKeyText(job), { kind: 'message', message });
      }
      return telling.length > 0;
    },

    /** Where things are said. */
    channels: (): { adapter: string; channel: string }[] =>
      channels.map(({ adapter, id }) => ({ adapter, channel: id })),

    /** Tells one channel, which may be somebody's own; a key is told once. */
    tellOne(key: string, adapter: string, channel: string, message: Message): void {
      outbox.addPost(key, adapter, channel, null, { kind: 'message', message });
    },

    /** Who launched a job is known now: its news need not wait any longer. */
    launchAnswered(key: JobKey): void {
      outbox.refreshCards(jobKeyText(key));
      outbox.hurry(jobKeyText(key));
      held.delete(jobKeyText(key));
    },

    /** No launch is under way any more: what waited for one was none's. */
    launchesEnded(): void {
      for (const subject of held) outbox.hurry(subject);
      held.clear();
    },
  };

  function wants(channel: NotifyChannel, job: JobRecord, kind: TransitionKind): boolean {
    const { transitions } = channel;
    return (!transitions || transitions.includes(kind)) && wantsJob(channel, job);
  }

  function wantsJob({ tasks, owners }: NotifyChannel, job: JobRecord): boolean {
    if (tasks && !tasks.some((task) => job.taskKey.includes(task))) return false;
    return !owners || (job.owner !== null && owners.includes(job.owner));
  }
}

/**
 * Makes the messages of cards and posts at the moment they are sent. A post tells its transition: however late
 * it is sent, it says how the job ended then. A card tells how the job stands.
 */
export function createRenderers(deps: {
  jobs: JobStore;
  facts: Facts;
  analysisOf(job: JobRecord): Promise<Analysis | null>;
  ownerOf(job: JobRecord): { id: PersonId; name: string } | undefined;
}): Renderers {
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
      await facts.findOwner(job);
      const owner = deps.ownerOf(jobs.get(job)!);
      if (source.kind === 'ending-alone' && source.onlyOwner !== undefined && owner?.id !== source.onlyOwner)
        return undefined;
      const cause = job.status === 'failed' ? await facts.cause(job) : null;
      const analysis = await deps.analysisOf(job);
      const [chart, changes] = [await facts.chart(job), await facts.changes(job)];
      const ending = { transition, job, cause, chart, analysis, changes, purpose: facts.purpose(job) };
      if (source.kind === 'ending-alone') return endingAlonePost(ending);
      return endingPost(ending, owner);
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
    return { transition, job: asOf(transition, job) };
  }
}
