import type { FeedService } from '../../core/services/feed.ts';
import { createFeed } from '../../feed/feed.ts';
import { createWaiting, type Waiting } from '../../feed/waiting.ts';
import { createFeedStore } from '../../store/feed.ts';
import type { Base } from './base.ts';
import type { Ingest } from './ingest.ts';

/** What happened, and whoever waits for what comes. */
export interface Feed {
  waiting: Waiting;
  service: FeedService;
}

export function buildFeed({ db, ingest }: Base & { ingest: Ingest }): Feed {
  const waiting = createWaiting();
  return { waiting, service: createFeed({ store: createFeedStore(db), jobs: ingest.jobs, waiting }) };
}
