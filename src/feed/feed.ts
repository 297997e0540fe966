import { isEnded } from '../core/job.ts';
import { isSettled } from '../core/proposal.ts';
import type { FeedEvent, FeedService } from '../core/services/feed.ts';
import type { JobsService } from '../core/services/jobs.ts';
import type { FeedEpisode, FeedProposal, FeedStore } from '../store/feed.ts';
import { advance, type Rows } from './advance.ts';
import { badCursor, cursorText, parseCursor } from './cursor.ts';
import type { Waiting } from './waiting.ts';

/** What happened, read from the database by cursors, and waiting for what comes. */
export function createFeed({
  store,
  jobs,
  waiting,
}: {
  store: FeedStore;
  jobs: Pick<JobsService, 'get'>;
  waiting: Waiting;
}): FeedService {
  const proposals: Rows<FeedProposal, FeedEvent> = {
    get: store.proposal,
    after: store.proposals,
    isOpen: (proposal) => !isSettled(proposal),
    news: (proposal) =>
      isSettled(proposal)
        ? {
            of: 'proposal',
            proposal: proposal.id,
            state: proposal.state,
            at: proposal.decidedAt ?? proposal.proposedAt,
          }
        : undefined,
  };
  const episodes: Rows<FeedEpisode, FeedEvent> = {
    get: store.episode,
    after: store.episodes,
    isOpen: ({ overAt }) => overAt === null,
    news(episode, isKnown) {
      const { rule, job, words, since, overAt } = episode;
      // That a job has ended is told of by itself.
      if (isKnown && job && isEnded(jobs.get(job)?.status ?? 'completed')) return undefined;
      return { of: 'watch', rule, job, words, over: overAt !== null, at: overAt ?? since };
    },
  };

  return {
    until: waiting.until,

    cursor() {
      const last = store.last();
      return cursorText({
        transitions: last.transitions,
        proposals: { last: last.proposals, open: store.openProposals() },
        episodes: { last: last.episodes, open: store.openEpisodes() },
      });
    },

    since(cursor, limit) {
      const from = parseCursor(cursor);
      const last = store.last();
      if (
        from.transitions > last.transitions ||
        from.proposals.last > last.proposals ||
        from.episodes.last > last.episodes
      )
        throw badCursor(`The cursor ${cursor.slice(0, 40)} is of another database than the bot's`);
      const changes = store.transitions(from.transitions, limit);
      const decided = advance(from.proposals, proposals, limit - changes.length);
      const watched = advance(from.episodes, episodes, limit - changes.length - decided.events.length);
      const next = cursorText({
        transitions: changes.at(-1)?.id ?? from.transitions,
        proposals: decided.marks,
        episodes: watched.marks,
      });
      const events: FeedEvent[] = [
        ...changes.map(({ job, kind, at }) => ({ of: 'job' as const, job, change: kind, at })),
        ...decided.events,
        ...watched.events,
      ];
      return { events: events.sort((a, b) => a.at - b.at), next };
    },
  };
}
