import { setTimeout as sleep } from 'node:timers/promises';
import { BotError } from '../src/core/errors.ts';
import type { Job } from '../src/core/job.ts';
import type { JobLogKind, JobLogNews, LogPlace } from '../src/core/queue.ts';
import type { Patience } from '../src/core/request.ts';
import type { Services } from '../src/core/services/context.ts';
import { waitMs } from '../src/core/services/feed.ts';
import type { WaitData } from './wait-message.ts';
import { endedData, hasEnded } from './waited-for.ts';

/** How often a log that grows is looked at, milliseconds. */
const LOOK_EVERY_MS = 300;
/** So long an answer is waited for at most; whoever asks asks again. */
const SLICE_MS = 20_000;
/** A line without an end, a progress bar, is told this often, milliseconds. */
const UNENDED_EVERY_MS = 1_000;

export interface News {
  news: JobLogNews | null;
  /** How the job ended; null: it has not, or there is more to read. */
  end: Extract<WaitData, { state: 'ended' }> | null;
}

type Used = Pick<Services, 'queues' | 'jobs' | 'causes' | 'feed'>;

/**
 * What was added to a log after a place: at once where there is something, else as soon as there is, for as long as whoever asks
 * stays. What has no line end is told as a line once its job has ended. `news` null: there is no log yet.
 */
export async function awaitedNews(
  { job, kind, lines, after }: { job: Job; kind: JobLogKind; lines: number; after: LogPlace },
  patience: Patience | undefined,
  services: Used,
): Promise<News> {
  const begun = performance.now();
  const most = Math.min(waitMs(patience, undefined), SLICE_MS);
  for (;;) {
    // Asked before it is read: all that its job wrote is there then.
    const known = services.jobs.get(job);
    const isOver = known !== undefined && hasEnded(known);
    const news = await services.queues
      .of(job)
      .readJobLogNews(job, kind, lines, after)
      .catch((error) => {
        if (error instanceof BotError && error.code === 'no-log') return null;
        throw error;
      });
    if (isOver && (news?.isAll ?? true)) {
      const end = await endedData(known, services.feed.cursor(), services);
      return { news: news && withEnd(news), end };
    }
    const waited = performance.now() - begun;
    const isTold = news !== null && (news.lines.length > 0 || news.begunAnew !== null);
    const isBar = news !== null && news.unended !== '' && waited >= UNENDED_EVERY_MS;
    if (isTold || isBar || waited >= most || patience?.gone.aborted) return { news, end: null };
    await sleep(LOOK_EVERY_MS, undefined, { signal: patience?.gone }).catch(() => {});
  }
}

/** Nothing will be added any more: what has no end is a line. */
function withEnd(news: JobLogNews): JobLogNews {
  return news.unended === '' ? news : { ...news, lines: [...news.lines, news.unended], unended: '' };
}

/** `inode:byte`, as an answer names it. Error `bad-option`. */
export function logPlace(text: string): LogPlace {
  const [, inode, at] = /^(\d{1,20}):(\d{1,15})$/.exec(text.trim()) ?? [];
  if (at !== undefined) return { inode: Number(inode), at: Number(at) };
  throw new BotError(
    'bad-option',
    `after is "${text.slice(0, 40)}", which names no place in a log.`,
    'Each answer of "logs" names the place behind it.',
    'after',
  );
}
