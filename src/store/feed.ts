import { type JobKey, parseJobKey } from '../core/job.ts';
import type { ProposalState } from '../core/proposal-state.ts';
import type { TransitionKind } from '../core/transition.ts';
import type { Db } from './db.ts';

export interface FeedTransition {
  id: number;
  job: JobKey;
  kind: TransitionKind;
  at: number;
}

export interface FeedProposal {
  id: number;
  state: ProposalState;
  /** Epoch milliseconds. */
  proposedAt: number;
  /** Epoch milliseconds; null while nobody has decided. */
  decidedAt: number | null;
}

export interface FeedEpisode {
  id: number;
  rule: string;
  /** null: about the host. */
  job: JobKey | null;
  words: string;
  /** Epoch milliseconds. */
  since: number;
  /** Epoch milliseconds; null while it holds. */
  overAt: number | null;
}

/** What happened, by the numbers of its rows: transitions, proposals, watch episodes. */
export function createFeedStore(db: Db) {
  interface TransitionRow {
    id: number;
    kind: TransitionKind;
    at: number;
    queue: string;
    job_id: string;
    enqueued_at: number;
  }
  const transitions = db.prepare<[number, number], TransitionRow>(
    `SELECT t.id, t.kind, t.at, j.queue, j.job_id, j.enqueued_at
     FROM transitions t JOIN jobs j ON j.id = t.job WHERE t.id > ? ORDER BY t.id LIMIT ?`,
  );
  const proposal = 'SELECT id, state, proposed_at AS proposedAt, decided_at AS decidedAt FROM proposals';
  const episode = 'SELECT id, rule, job, words, since, over_at AS overAt FROM watch_episodes';
  type EpisodeRow = Omit<FeedEpisode, 'job'> & { job: string };
  const proposalById = db.prepare<[number], FeedProposal>(`${proposal} WHERE id = ?`);
  const proposals = db.prepare<[number, number], FeedProposal>(
    `${proposal} WHERE id > ? ORDER BY id LIMIT ?`,
  );
  const episodeById = db.prepare<[number], EpisodeRow>(`${episode} WHERE id = ?`);
  const episodes = db.prepare<[number, number], EpisodeRow>(`${episode} WHERE id > ? ORDER BY id LIMIT ?`);
  const last = db.prepare<[], { transitions: number; proposals: number; episodes: number }>(
    `SELECT (SELECT coalesce(max(id), 0) FROM transitions) AS transitions,
       (SELECT coalesce(max(id), 0) FROM proposals) AS proposals,
       (SELECT coalesce(max(id), 0) FROM watch_episodes) AS episodes`,
  );
  const openProposals = db.prepare<[], { id: number }>(
    `SELECT id FROM proposals WHERE state IN ('waiting', 'running') ORDER BY id`,
  );
  const openEpisodes = db.prepare<[], { id: number }>(
    'SELECT id FROM watch_episodes WHERE over_at IS NULL ORDER BY +id',
  );
  const episodeOf = ({ job, ...row }: EpisodeRow): FeedEpisode => ({ ...row, job: parseJobKey(job) ?? null });

  return {
    /** The last number of each; 0 where there is none. */
    last: () => last.get()!,
    openProposals: (): number[] => openProposals.all().map(({ id }) => id),
    openEpisodes: (): number[] => openEpisodes.all().map(({ id }) => id),
    /** Those after this number, oldest first. */
    transitions: (after: number, limit: number): FeedTransition[] =>
      transitions.all(after, limit).map(({ id, kind, at, queue, job_id, enqueued_at }) => ({
        id,
        kind,
        at,
        job: { queue, jobId: job_id, enqueuedAt: enqueued_at },
      })),
    proposal: (id: number): FeedProposal | undefined => proposalById.get(id),
    proposals: (after: number, limit: number): FeedProposal[] => proposals.all(after, limit),
    episode(id: number): FeedEpisode | undefined {
      const row = episodeById.get(id);
      return row && episodeOf(row);
    },
    episodes: (after: number, limit: number): FeedEpisode[] => episodes.all(after, limit).map(episodeOf),
  };
}

export type FeedStore = ReturnType<typeof createFeedStore>;
