import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent, FeedService } from '../../src/core/services/feed.ts';
import type { TransitionKind } from '../../src/core/transition.ts';
import { createFeed } from '../../src/feed/feed.ts';
import { createWaiting } from '../../src/feed/waiting.ts';
import { createProposalStore, type ProposalStore } from '../../src/store/approvals.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createFeedStore } from '../../src/store/feed.ts';
import { createJobStore, type JobStore } from '../../src/store/jobs.ts';
import { createWatchStore, type WatchStore } from '../../src/store/watches.ts';
import { job } from '../experiments/world.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { BOB } from '../toy-bot.ts';

const AT = 1_795_446_972_000;

let folder: string;
let db: Db;
let jobs: JobStore;
let proposals: ProposalStore;
let watches: WatchStore;
let feed: FeedService;

function open(): void {
  db = openDb(folder);
  jobs = createJobStore(db);
  proposals = createProposalStore(db);
  watches = createWatchStore(db);
  feed = createFeed({ store: createFeedStore(db), jobs, waiting: createWaiting() });
}
beforeEach(() => {
  folder = temporaryFolder();
  open();
});
afterEach(() => db.close());

const JOB = job(7, { status: 'running', startedAt: AT / 1000 });
function change(kind: TransitionKind, at: number): void {
  jobs.put(JOB);
  jobs.append({ job: JOB, kind, at, seenAt: at, rebuilt: false, detail: {} });
}
const propose = () =>
  proposals.add({
    agent: { id: 'claude', name: 'Claude' },
    adapter: 'mcp',
    channel: 'mcp',
    command: 'queue',
    options: { named: {}, assignments: {} },
    session: null,
    question: null,
    details: [],
    job: null,
    proposedAt: AT,
    expiresAt: AT + 60_000,
  });
const told = (events: FeedEvent[]) =>
  events.map((event) => {
    if (event.of === 'job') return event.change;
    return event.of === 'proposal' ? `${event.proposal} ${event.state}` : `${event.rule} ${event.over}`;
  });
/** Everything after a cursor, so many at a time. */
function all(cursor: string, limit: number): { said: string[]; calls: number } {
  const said: string[] = [];
  for (let calls = 1, at = cursor; ; calls += 1) {
    const { events, next } = feed.since(at, limit);
    said.push(...told(events));
    expect(events.length).toBeLessThanOrEqual(limit);
    if (events.length === 0) return { said, calls };
    at = next;
  }
}

describe('what happened since a cursor', () => {
  it('is told once, in the order in which it happened, also after a restart', () => {
    change('enqueued', AT);
    const cursor = feed.cursor();
    expect(feed.since(cursor, 10)).toEqual({ events: [], next: cursor });
    const id = propose();
    const episode = watches.begin({ rule: 'nan', job: JOB, since: AT + 2_000, words: 'train/loss is NaN' });
    change('started', AT + 1_000);
    const first = feed.since(cursor, 10);
    expect(first.events).toEqual([
      {
        of: 'job',
        job: { queue: JOB.queue, jobId: JOB.jobId, enqueuedAt: JOB.enqueuedAt },
        change: 'started',
        at: AT + 1_000,
      },
      {
        of: 'watch',
        rule: 'nan',
        job: expect.objectContaining({ jobId: JOB.jobId }),
        words: 'train/loss is NaN',
        over: false,
        at: AT + 2_000,
      },
    ]);
    db.close();
    open();
    expect(told(feed.since(first.next, 10).events)).toEqual([]);
    watches.end(episode, AT + 4_000);
    proposals.decide(id, 'denied', BOB, AT + 3_000, null);
    const second = feed.since(first.next, 10);
    expect(told(second.events)).toEqual(['1 denied', 'nan true']);
    expect(told(feed.since(second.next, 10).events)).toEqual([]);
    // Whoever has read nothing of it is told how things stand.
    expect(told(feed.since(cursor, 10).events)).toEqual(['started', '1 denied', 'nan true']);
  });

  it('is told whole, however few at a time', () => {
    const ids = [propose(), propose(), propose()];
    const open = [1, 2, 3].map((n) => watches.begin({ rule: `r${n}`, job: null, since: AT, words: 'idle' }));
    const cursor = feed.cursor();
    for (const kind of ['enqueued', 'started', 'failed'] as const) change(kind, AT);
    for (const id of ids.reverse()) proposals.decide(id, 'denied', BOB, AT, null);
    for (const id of open) watches.end(id, AT);
    watches.begin({ rule: 'r4', job: null, since: AT, words: 'idle' });
    for (const limit of [1, 2, 3, 100])
      expect(all(cursor, limit).said.sort(), String(limit)).toEqual([
        '1 denied',
        '2 denied',
        '3 denied',
        'enqueued',
        'failed',
        'r1 true',
        'r2 true',
        'r3 true',
        'r4 false',
        'started',
      ]);
    expect(all('0.0.0', 1).calls).toBe(11);
  });

  it('leaves out that a watch is over because its job has ended', () => {
    jobs.put(JOB);
    const episode = watches.begin({ rule: 'nan', job: JOB, since: AT, words: 'NaN' });
    const cursor = feed.cursor();
    watches.end(episode, AT + 1);
    jobs.put({ ...JOB, status: 'failed', endedAt: AT / 1000 + 1 });
    expect(feed.since(cursor, 10).events).toEqual([]);
  });

  it('is refused for what is no cursor, and for one of another database', () => {
    for (const cursor of [
      '',
      'x',
      '1.2',
      '1.2.3.4',
      '-1.0.0',
      '1.0.0-',
      `1.0.0${'-1'.repeat(600)}`,
      '1e3.0.0',
    ])
      expect(() => feed.since(cursor, 10), cursor).toThrow(
        expect.objectContaining({ code: 'bad-cursor', option: 'since' }),
      );
    for (const cursor of ['1.0.0', '0.1.0', '0.0.1'])
      expect(() => feed.since(cursor, 10), cursor).toThrow(/another database/);
  });
});

describe('waiting', () => {
  const never = new AbortController().signal;

  it('goes on when something is there, and not when it is not', async () => {
    const waiting = createWaiting();
    let found: string | undefined;
    let looks = 0;
    const result = waiting.until(
      () => {
        looks += 1;
        return found;
      },
      { ms: Number.POSITIVE_INFINITY, gone: never },
    );
    waiting.wake();
    await eventually('it waits on', () => looks === 2 && waiting.count() === 1);
    found = 'here';
    waiting.wake();
    expect([await result, waiting.count()]).toEqual(['here', 0]);
    expect(looks).toBe(3);
  });

  it('leaves nothing behind when time is over, when whoever asks has gone, and when the bot stops', async () => {
    const waiting = createWaiting();
    expect(await waiting.until(() => undefined, { ms: 5, gone: never })).toBeUndefined();
    const gone = new AbortController();
    const given = waiting.until(() => undefined, { ms: 60_000, gone: gone.signal });
    gone.abort();
    expect([await given, waiting.count()]).toEqual([undefined, 0]);
    expect(await waiting.until(() => undefined, { ms: 60_000, gone: gone.signal })).toBeUndefined();
    const stopped = waiting.until(() => undefined, { ms: 60_000, gone: never });
    waiting.stop();
    expect([await stopped, waiting.count()]).toEqual([undefined, 0]);
    expect(await waiting.until(() => 'there', { ms: 60_000, gone: never })).toBe('there');
  });

  it('fails as what is looked for fails', async () => {
    const waiting = createWaiting();
    const lost = () => {
      throw new Error('gone');
    };
    await expect(waiting.until(lost, { ms: 1_000, gone: never })).rejects.toThrow('gone');
  });
});
