import { ordinal } from '../../src/core/counted.ts';
import type { JobStatus } from '../../src/core/job.ts';
import type { RawJob } from '../queue/xax/helpers.ts';
import type { Held } from './chats.ts';
import type { JournalEntry } from './scripted-queue.ts';

/** The transitions with which a job ends. */
const ENDS = ['completed', 'failed', 'cancelled'] as const;
/** The first word of a post for each transition, and of a card for each status. */
const POSTS: Record<Exclude<JournalEntry['event'], 'moved'>, string> = {
  enqueued: 'Queued',
  started: 'Started',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
const CARDS: Record<JobStatus, string> = {
  queued: 'Waiting',
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  ended: 'Ended',
};
/** A message that is about one job: its name, and what stands first below that. */
const ABOUT = /^(?:\p{Extended_Pictographic}\S* )?ToyRegression (job-\d+)\s+(\w+)/u;
/** How it is, before the first line in Slack. */
const MARK = /^\p{Extended_Pictographic}\S*\s+/u;
/** A card names whose the job is. */
const CARD = /\nby:?\s+\w/;
const PLACE = /Waiting[\s,]*(next|\d+\w+ in line)/;

/** Of many jobs that nobody had heard of, one post says how many ended in which way. */
const FOLDED = /(?:While I was away|Many changes at once)[\s\S]{0,200}?\d+ more jobs changed:\s*([^.]*)\./;
const FOLDED_ENDS = /(\d+) (completed|failed|cancelled)/g;

/** What a post says has happened to its job, as the first word of a card does; empty where it names no job first. */
export function wordOf(line: string, jobId: string): string {
  const said = line.replace(MARK, '');
  if (!new RegExp(`^${jobId}\\s`).test(said)) return '';
  // What is bold stands on a line of its own in Slack.
  const word = /\w+/.exec(said.slice(jobId.length))?.[0] ?? '';
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What a chat should hold, by the queue's own account. */
export interface Truth {
  /** From when on everything is told. */
  journal: readonly JournalEntry[];
  jobs: ReadonlyMap<string, RawJob>;
  waiting: readonly string[];
}

/** Where what a chat holds differs from what happened; none: everything was told once, and every card tells how its job stands. */
export function differences(held: Held, { journal, jobs, waiting }: Truth): string[] {
  const found: string[] = [];
  const told = Map.groupBy(journal, ({ jobId }) => jobId);
  const about = held.flatMap(({ text, thread }) => {
    const [, jobId, first] = ABOUT.exec(text) ?? [];
    return jobId === undefined ? [] : [{ jobId, first: first!, text, thread, isCard: CARD.test(text) }];
  });
  const folded: JournalEntry[] = [];
  for (const [jobId, entries] of told) {
    const job = jobs.get(jobId)!;
    const status = job.status as JobStatus;
    const [card, ...others] = about.filter((each) => each.jobId === jobId && each.isCard);
    if (others.length > 0) found.push(`${jobId} has ${others.length + 1} cards`);
    const happened = entries.filter(({ event }) => event !== 'moved');
    if (!card) {
      folded.push(...happened);
      continue;
    }
    const { first, text, thread } = card;
    if (first !== CARDS[status]) found.push(`${jobId} is ${status}, and its card says ${first}`);
    const at = waiting.indexOf(jobId) + 1;
    const place = status === 'queued' ? (at === 1 ? 'next' : `${ordinal(at)} in line`) : undefined;
    const shown = status === 'queued' ? PLACE.exec(text)?.[1] : undefined;
    if (shown !== place) found.push(`${jobId} is ${place}, and its card says ${shown}`);

    const words = thread.map((line) => wordOf(line, jobId));
    const posts = words.filter((word) => Object.values(POSTS).includes(word));
    // What happened first may have been folded, before the card was there.
    const expected = happened.map(({ event }) => POSTS[event as keyof typeof POSTS]);
    const before = Math.max(0, expected.length - posts.length);
    const last = expected.slice(before);
    if ((posts.length === 0 && expected.length > 0) || posts.join() !== last.join())
      found.push(`${jobId}: ${expected.join()} happened, and ${posts.join() || 'nothing'} was told`);
    folded.push(...happened.slice(0, before));
    const moves = words.filter((word) => word === 'Moved').length;
    if (moves > 0 && !entries.some(({ event }) => event === 'moved' || event === 'enqueued'))
      found.push(`${jobId} did not move, and was told to have moved`);
    const questions = thread.filter((line) => line.includes('what do you expect')).length;
    if (questions > 1) found.push(`${jobId} was asked about ${questions} times`);
  }
  found.push(...foldDifferences(held, folded));
  for (const jobId of new Set(about.map((each) => each.jobId)))
    if (!told.has(jobId)) found.push(`nothing happened to ${jobId}, and it was told of`);
  return found;
}

/** Where the posts about many jobs at once do not tell of the ends that nothing else tells of. */
function foldDifferences(held: Held, folded: readonly JournalEntry[]): string[] {
  const posts = held.flatMap(({ text }) => FOLDED.exec(text)?.[1] ?? []);
  if (posts.length === 0 && folded.length > 0)
    return folded.map(({ jobId, event }) => {
      const named = held.filter(({ text }) => text.includes(jobId)).map(({ text }) => JSON.stringify(text));
      return `nothing tells of ${jobId} ${event}; it is named in ${named.join(', ') || 'nothing'}`;
    });
  const told = posts.flatMap((post) => [...post.matchAll(FOLDED_ENDS)]);
  return ENDS.flatMap((event) => {
    const happened = folded.filter((each) => each.event === event).length;
    const said = told.reduce((all, [, count, kind]) => all + (kind === event ? Number(count) : 0), 0);
    return said === happened ? [] : [`${happened} more ${event}, and ${said} were told in one post`];
  });
}

/** The same of what a chat shows beside the threads: each end once, and no other. */
export function endingDifferences(held: Held, { journal }: Truth): string[] {
  const beside = held.flatMap(({ text }) => {
    const [, jobId, first] = ABOUT.exec(text) ?? [];
    return jobId === undefined || CARD.test(text) ? [] : [`${jobId} ${first}`];
  });
  const inThreads = held.flatMap(({ text, thread }) => {
    const [, jobId] = ABOUT.exec(text) ?? [];
    return jobId !== undefined && CARD.test(text)
      ? thread.map((line) => `${jobId} ${wordOf(line, jobId)}`)
      : [];
  });
  const ends = journal
    .filter(({ event }) => (ENDS as readonly string[]).includes(event))
    .map(({ jobId, event }) => `${jobId} ${POSTS[event as keyof typeof POSTS]}`)
    .filter((end) => inThreads.includes(end));
  const lost = ends.filter((end) => !beside.includes(end));
  const doubled = beside.filter((end, index) => !ends.includes(end) || beside.indexOf(end) !== index);
  return [
    ...lost.map((end) => `${end} is not told in the channel`),
    ...doubled.map((end) => `${end} is told too often in the channel`),
  ];
}

/** Where the experiment log differs from the queue: each job has one row, with its status and its times. */
export function logDifferences(
  rows: readonly Record<string, string>[],
  jobs: ReadonlyMap<string, RawJob>,
): string[] {
  const found: string[] = [];
  const byJob = Map.groupBy(rows, (row) => row.queue_job_id!);
  for (const [jobId, job] of jobs) {
    const [row, ...others] = byJob.get(jobId) ?? [];
    if (!row || others.length > 0) {
      found.push(`${jobId} has ${row ? others.length + 1 : 'no'} rows`);
      continue;
    }
    const expected = [job.status, seconds(job.started_at), seconds(job.ended_at)].join();
    const stands = [row.status, row.started_at, row.ended_at].join();
    if (stands !== expected) found.push(`${jobId} is ${expected}, and the log says ${stands}`);
  }
  return found;
}

function seconds(epoch: unknown): string {
  return typeof epoch === 'number' ? `${new Date(epoch * 1000).toISOString().slice(0, 19)}Z` : '';
}
