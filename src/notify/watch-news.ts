import { watchPost } from '../cards/watch-post.ts';
import { jobName } from '../core/job.ts';
import type { PersonId } from '../core/message.ts';
import type { Recovered } from '../core/recovered.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { WatchNews } from '../core/watch.ts';
import { LANES } from '../store/delivery.ts';
import type { JobStore } from '../store/jobs.ts';
import type { Notifier } from './notifier.ts';

/** Says what a watch has found in its job's thread, to its owner, else in every channel. */
export function tellWatchNews(
  { key, news }: { key: string; news: WatchNews },
  deps: {
    notifier: Pick<Notifier, 'aboutJob' | 'announce'>;
    jobs: Pick<JobStore, 'get'>;
    ownerOf(job: JobRecord): { id: PersonId; name: string } | undefined;
    now: number;
  },
): void {
  const { notifier, jobs, ownerOf, now } = deps;
  const job = news.job && jobs.get(news.job);
  if (job) notifier.aboutJob(key, job, watchPost(news, now, { name: jobName(job), owner: ownerOf(job) }));
  else notifier.announce(key, watchPost(news, now), LANES.awaited);
}

/** How long after a recovery a watch may find what was told before, milliseconds. */
const FOUND_AGAIN_MS = 15 * 60_000;

/** Whether a database that was lost had told of this: it held then already. */
export function wasToldBefore({ since }: WatchNews, recovered: Recovered | undefined, now: number): boolean {
  return recovered !== undefined && now < recovered.at + FOUND_AGAIN_MS && since <= recovered.until;
}
