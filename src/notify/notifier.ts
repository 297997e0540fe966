import { randomUUID } from 'node:crypto';
import { stateBreakPost } from '../cards/state-break.ts';
import type { Adapters } from '../core/adapter-traits.ts';
import { type AgentActs, togetherWith } from '../core/agent-acts.ts';
import { isEnded, type JobKey, jobKeyText } from '../core/job.ts';
import type { Message, PersonId } from '../core/message.ts';
import type { Snapshot } from '../core/queue.ts';
import type { Destination } from '../core/request.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Clock } from '../core/time.ts';
import type { QueueChange, Reading, Recorded } from '../ingest/tracker.ts';
import { BESIDE, LANES, type Lane, type PostSource } from '../store/delivery.ts';
import type { JobStore } from '../store/jobs.ts';
import type { Outbox } from '../store/outbox.ts';
import type { Subscriptions } from '../store/subscriptions.ts';
import type { Pings } from './pings.ts';
import { createPlaces, type NotifyChannel, type Place, wants } from './places.ts';
import { BOARD, PROPOSAL, SESSION } from './subjects.ts';
import { createSubscribers } from './subscribers.ts';

/** Jobs that may get a card and posts of their own from one reading; beyond, the oldest are told in one post. */
const JOBS_TOLD_SINGLY = 25;
/** Changes of one job that may stand one by one before its end; where more wait, they are told in one post. */
const CHANGES_TOLD_SINGLY = 5;
export const NOTIFY_TIMINGS = {
  /** How long the news of a job waits for a launch or an edit under way to say that it is its own. */
  answerMs: 60_000,
  /** How long cards of jobs that shifted in the queue wait. */
  shiftedMs: 1_000,
};

/** Decides what is posted where: puts cards and posts for what happened into the outbox. */
export function createNotifier(deps: {
  outbox: Outbox;
  /** The queues' names: the board goes by the first, whatever others join it. */
  queues: readonly string[];
  jobs: JobStore;
  channels(): readonly NotifyChannel[];
  subscriptions: Pick<Subscriptions, 'about'>;
  pings: Pick<Pings, 'notBefore'>;
  /** The job's owner, as far as is known now. */
  ownerOf(job: JobRecord): PersonId | undefined;
  launchesUnderWay: () => number;
  /** Somebody is changing it just now: whether what the queue shows of that is theirs is not certain yet. */
  editUnderWay(job: JobKey): boolean;
  /** The name of a channel's session. */
  sessionIn(adapter: string, channel: string): string;
  traits: Adapters;
  clock: Clock;
  timings?: typeof NOTIFY_TIMINGS;
}) {
  const { outbox, channels, timings = NOTIFY_TIMINGS } = deps;
  const showsThreads = (adapter: string) => deps.traits.get(adapter)?.showsThreadsInChannel === true;
  const { placesOf, threadsOf, placesFor } = createPlaces(deps);
  const tellSubscribers = createSubscribers(deps);
  /** Jobs whose news wait for a launch under way. */
  const held = new Set<string>();
  const boardSubject = `${BOARD}:${deps.queues[0]}`;

  function tell({ id, transition, job }: Recorded): void {
    const subject = jobKeyText(job);
    if (transition.kind === 'enqueued' && deps.launchesUnderWay() > 0) held.add(subject);
    const waits = held.has(subject) || deps.editUnderWay(job);
    const ending = isEnded(job.status) && transition.kind === job.status;
    const source: PostSource = ending
      ? { kind: 'ending', transition: id }
      : { kind: 'transition', transition: id };
    const notBefore = waits ? deps.clock() + timings.answerMs : 0;
    const lane = ending ? LANES.awaited : LANES.news;
    outbox.refreshCards(subject, { lane });
    for (const { adapter, id: channel, ...settings } of channels().filter((each) =>
      wants(each, job, transition.kind),
    )) {
      outbox.wantCard(adapter, channel, subject);
      if (ending) gatherBefore(id, adapter, channel, subject);
      const isBroadcast = ending && settings.broadcastsEndings === true;
      const alsoInChannel = isBroadcast && showsThreads(adapter);
      outbox.addPost(`transition:${id}`, adapter, channel, subject, source, {
        notBefore,
        alsoInChannel,
        lane,
      });
      if (isBroadcast && !alsoInChannel)
        outbox.addPost(
          `${BESIDE}transition:${id}`,
          adapter,
          channel,
          null,
          { kind: 'ending-alone', transition: id },
          { lane },
        );
    }
  }

  /** What somebody did to a job a hundred times does not stand between its end and those who wait for that. */
  function gatherBefore(ending: number, adapter: string, channel: string, subject: string): void {
    outbox.gather(adapter, channel, subject, CHANGES_TOLD_SINGLY, (transitions) =>
      outbox.addPost(`before:${ending}`, adapter, channel, subject, { kind: 'changes', transitions }),
    );
  }

  return {
    /** Puts what happened into the outbox; call it inside the transaction that records it. */
    transitions(recorded: readonly Recorded[], { isFirst, broken }: Reading): void {
      const isTold = broken !== null && isBroken(broken);
      if (isTold) this.announce(`state:${recorded[0]!.id}`, stateBreakPost(broken, deps.queues.length > 1));
      // What the state as a whole lost or got back is told of it, not of each job that had ended long ago.
      const news = isTold
        ? recorded.filter((each) => !isOfState(each) || !isEnded(each.job.status))
        : recorded;
      const newestFirst = [...new Set(news.toReversed().map(({ job }) => jobKeyText(job)))];
      const single = new Set(newestFirst.slice(0, JOBS_TOLD_SINGLY));
      const folded = news.filter((each) => !single.has(jobKeyText(each.job)) && !(isTold && isOfState(each)));
      for (const subject of newestFirst.slice(JOBS_TOLD_SINGLY)) outbox.refreshCards(subject);
      for (const { adapter, id: channel, ...filter } of channels()) {
        const theirs = folded
          .filter(({ job, transition }) => wants({ adapter, id: channel, ...filter }, job, transition.kind))
          .map(({ id }) => id);
        if (theirs.length === 0) continue;
        outbox.addPost(`away:${theirs[0]}`, adapter, channel, null, {
          kind: 'away',
          transitions: theirs,
          isHere: !isFirst,
        });
      }
      for (const each of news) if (single.has(jobKeyText(each.job))) tell(each);
      for (const each of recorded) tellSubscribers(each);
    },

    /** A platform was away: messages that piled up meanwhile are folded if there are many. */
    foldWaiting(adapterName: string): void {
      for (const { adapter, id: channel } of channels()) {
        if (adapter !== adapterName) continue;
        outbox.fold(adapter, channel, JOBS_TOLD_SINGLY, (transitions) =>
          outbox.addPost(`away:${transitions[0]}`, adapter, channel, null, { kind: 'away', transitions }),
        );
      }
    },

    /** The boards need an update. */
    board(): void {
      outbox.refreshCards(boardSubject);
      for (const { adapter, id, board } of channels())
        if (board) outbox.wantCard(adapter, id, boardSubject, { lane: LANES.looks });
    },

    /** One more place shows the board from now on. */
    showBoard(adapter: string, channel: string): void {
      outbox.wantCard(adapter, channel, boardSubject);
    },

    /** A job's cards, if any, need an update. */
    refresh(key: JobKey): void {
      outbox.refreshCards(jobKeyText(key));
    },

    /** A queue as a whole changed. Cards of jobs that only shifted wait for the news, and for further shifts. */
    queueChanged({ snapshot, orderChanged, waitedBefore }: QueueChange): void {
      this.board();
      if (!orderChanged) return;
      const notBefore = deps.clock() + timings.shiftedMs;
      for (const [place, id] of snapshot.order.entries())
        if (waitedBefore?.[place] !== id)
          outbox.refreshCards(jobKeyText(snapshot.jobs.get(id)!), { notBefore });
    },

    /** Time has passed for what runs. */
    progress({ running, jobs }: Snapshot): void {
      for (const id of running) if (jobs.has(id)) outbox.refreshCards(jobKeyText(jobs.get(id)!));
      if (running.length > 0) this.board();
    },

    /** Posts something that is about no job in every channel, or in one; once per key. */
    announce(key: string, message: Message, lane: Lane = LANES.news, only?: Destination): void {
      const isMeant = (adapter: string, channel: string) =>
        only === undefined || (only.adapter === adapter && only.channel === channel);
      for (const { adapter, id } of channels().filter((each) => isMeant(each.adapter, each.id)))
        outbox.addPost(key, adapter, id, null, { kind: 'message', message }, { lane });
    },

    /**
     * Says something in a job's thread, wherever the job is told of but for one channel; a key is told once. Nothing is
     * said of a job that the database does not know.
     */
    aboutJob(key: string, about: JobKey, message: Message, except: Destination | null = null): void {
      const job = deps.jobs.get(about);
      if (!job) return;
      const isExcepted = ({ adapter, channel }: Place) =>
        adapter === except?.adapter && channel === except.channel;
      const places = threadsOf(job).filter((place) => !isExcepted(place));
      say(key, places, message);
    },

    /** Posts where messages about a job, else about a session, go; once per key. */
    aboutWork(key: string, about: JobKey | null, session: string, message: Message): void {
      say(key, placesFor(about === null ? undefined : deps.jobs.get(about), session), message);
    },

    /** Posts what an agent did by itself where it belongs; what it goes on doing is told together. */
    agentActed(about: JobKey | null, session: string, acts: AgentActs): void {
      const job = about === null ? undefined : deps.jobs.get(about);
      for (const { adapter, channel, subject } of placesFor(job, session)) {
        if (subject !== null) outbox.wantCard(adapter, channel, subject);
        const isTold = outbox.extendPost(adapter, channel, subject, (waiting) =>
          waiting.kind === 'acts' ? { kind: 'acts', agents: togetherWith(waiting.agents, acts) } : undefined,
        );
        if (!isTold)
          outbox.addPost(`acts:${randomUUID()}`, adapter, channel, subject, {
            kind: 'acts',
            agents: [acts],
          });
      }
    },

    /**
     * A proposal's card should show how it stands now, where it stands or, if it is new, in the thread of its job or
     * session. `pointer` stands in the channel where that thread may not be seen. Whether there is any place.
     */
    showProposal(id: number, about: JobKey | null, session: string, pointer: Message | undefined): boolean {
      const subject = `${PROPOSAL}${id}`;
      const job = about === null ? undefined : deps.jobs.get(about);
      const places = placesOf(subject) ?? placesFor(job, session);
      for (const { adapter, channel, subject: within } of places) {
        const isSeen = within !== null && !within.startsWith(SESSION);
        const alsoInChannel = !isSeen && showsThreads(adapter);
        if (within !== null) outbox.wantCard(adapter, channel, within);
        outbox.wantCard(adapter, channel, subject, { within, alsoInChannel });
        if (!isSeen && !alsoInChannel && pointer)
          outbox.addPost(`${BESIDE}card:${subject}`, adapter, channel, null, {
            kind: 'message',
            message: pointer,
          });
      }
      return places.length > 0;
    },

    /** Posts next to a proposal's card; once per key. */
    aboutProposal(key: string, id: number, message: Message): void {
      say(key, placesOf(`${PROPOSAL}${id}`) ?? [], message);
    },

    /** A session's cards, if any, need an update. */
    refreshSession(name: string): void {
      outbox.refreshCards(`${SESSION}${name}`);
    },

    /** Where things are said. */
    channels: (): Destination[] => channels().map(({ adapter, id }) => ({ adapter, channel: id })),

    /** Posts in one channel, which may be a private one; once per key. */
    tellOne(key: string, adapter: string, channel: string, message: Message): void {
      outbox.addPost(key, adapter, channel, null, { kind: 'message', message });
    },

    /** It is now known who launched a job: its posts need not wait any longer, and that it was queued is on its card. */
    launchAnswered(key: JobKey): void {
      const subject = jobKeyText(key);
      outbox.refreshCards(subject);
      outbox.unsay(
        subject,
        (source) =>
          source.kind === 'transition' && deps.jobs.transition(source.transition)?.kind === 'enqueued',
      );
      outbox.hurry(subject);
      held.delete(subject);
    },

    /** It is now certain who changed a waiting job: its posts need not wait any longer. */
    editEnded(key: JobKey): void {
      const subject = jobKeyText(key);
      if (!held.has(subject) && !deps.editUnderWay(key)) outbox.hurry(subject);
    },

    /** A launch has ended. Once none is under way any more, what waited for one was none's. */
    launchEnded(): void {
      if (deps.launchesUnderWay() > 0) return;
      for (const subject of held) outbox.hurry(subject);
      held.clear();
    },
  };

  function say(key: string, places: readonly Place[], message: Message): void {
    for (const { adapter, channel, subject } of places) {
      if (subject !== null) outbox.wantCard(adapter, channel, subject);
      outbox.addPost(key, adapter, channel, subject, { kind: 'message', message }, { lane: LANES.awaited });
    }
  }
}

/** A record or two that somebody took out are told in their own threads. */
function isBroken({ because, gone }: NonNullable<Reading['broken']>): boolean {
  return because !== 'records' || gone.length > JOBS_TOLD_SINGLY;
}

function isOfState({ transition: { kind } }: Recorded): boolean {
  return kind === 'removed' || kind === 'returned';
}

export type Notifier = ReturnType<typeof createNotifier>;
