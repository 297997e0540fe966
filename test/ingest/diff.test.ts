import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { asOf, type KnownJob } from '../../src/core/transition.ts';
import { inOrder, jobTransitions, moves, removal } from '../../src/ingest/diff.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { createStateParser } from '../../src/queue/xax/state-parser.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { type RawJob, rawJob } from '../queue/xax/helpers.ts';

const STATES = join(import.meta.dirname, '..', 'fixtures', 'xax', 'states');
const SEEN_AT = 1_800_000_000_000;

function job(more: RawJob = {}): Job {
  const [id, raw] = rawJob(1, more);
  return parseJob('host', id, raw);
}

const kinds = (known: KnownJob | undefined, now: Job) =>
  jobTransitions(known, now, SEEN_AT).map(({ kind, at, rebuilt }) => [kind, at, rebuilt]);
const ENQUEUED = 1_795_446_001_125;
const ran = { started_at: 1_795_446_100.5, ended_at: 1_795_446_200.25 };
const [STARTED, ENDED] = [1_795_446_100_500, 1_795_446_200_250];

describe('what happened to a job between two readings', () => {
  test.each<[string, KnownJob | undefined, Job, unknown[]]>([
    ['it is new and waits', undefined, job(), [['enqueued', ENQUEUED, false]]],
    [
      'it is new and runs already',
      undefined,
      job({ status: 'running', started_at: ran.started_at }),
      [
        ['enqueued', ENQUEUED, true],
        ['started', STARTED, false],
      ],
    ],
    [
      'it is new and has ended already',
      undefined,
      job({ status: 'failed', ...ran }),
      [
        ['enqueued', ENQUEUED, true],
        ['started', STARTED, true],
        ['failed', ENDED, false],
      ],
    ],
    [
      'it started',
      { status: 'queued', startedAt: null },
      job({ status: 'running', started_at: ran.started_at }),
      [['started', STARTED, false]],
    ],
    [
      'it ended',
      { status: 'running', startedAt: ran.started_at },
      job({ status: 'completed', ...ran }),
      [['completed', ENDED, false]],
    ],
    [
      'it started and ended unseen',
      { status: 'queued', startedAt: null },
      job({ status: 'completed', ...ran }),
      [
        ['started', STARTED, true],
        ['completed', ENDED, false],
      ],
    ],
    [
      'it was cancelled while it waited',
      { status: 'queued', startedAt: null },
      job({ status: 'cancelled', ended_at: ran.ended_at }),
      [['cancelled', ENDED, false]],
    ],
    [
      'its end was overwritten',
      { status: 'failed', startedAt: 5 },
      job({ status: 'cancelled', ...ran }),
      [['relabelled', ENDED, false]],
    ],
    ['it waits again', { status: 'running', startedAt: 5 }, job(), [['requeued', SEEN_AT, false]]],
    [
      'it runs as before though it had ended',
      { status: 'completed', startedAt: ran.started_at },
      job({ status: 'running', started_at: ran.started_at }),
      [['requeued', SEEN_AT, false]],
    ],
    [
      'only its child pids changed',
      { status: 'running', startedAt: ran.started_at },
      job({ status: 'running', started_at: ran.started_at, child_pids: [3] }),
      [],
    ],
  ])('%s', (_what, known, now, expected) => {
    expect(kinds(known, now)).toEqual(expected);
  });

  test('a removal names what it was', () => {
    expect(removal(job({ status: 'failed', ...ran }), SEEN_AT)).toMatchObject({
      kind: 'removed',
      at: SEEN_AT,
      detail: { from: 'failed' },
    });
  });
});

test('of a clock that was set back each job is still told as its life went, beside the others by their times', () => {
  const [back, other] = [{ started_at: 1_795_442_000, ended_at: 1_795_442_100 }, rawJob(2, {})];
  const ended = job({ status: 'completed', ...back, return_code: 0 });
  const waiting = parseJob('host', ...other);
  const all = [ended, waiting].flatMap((each) => jobTransitions(undefined, each, SEEN_AT));
  expect(inOrder(all).map(({ job: { jobId }, kind }) => `${jobId} ${kind}`)).toEqual([
    'job-0000001 enqueued',
    'job-0000001 started',
    'job-0000001 completed',
    'job-0000002 enqueued',
  ]);
});

test('an end that was rewritten later is still told as it was', () => {
  const failed = job({
    status: 'failed',
    ...ran,
    error: 'Process exited with return code 1',
    return_code: 1,
  });
  const rewritten = job({ status: 'cancelled', ...ran, ended_at: ran.ended_at + 90, error: null });
  const [, ending] = jobTransitions({ status: 'queued', startedAt: null }, failed, SEEN_AT);
  expect(asOf(ending!, rewritten)).toMatchObject({
    status: 'failed',
    endedAt: ran.ended_at,
    returnCode: 1,
    error: 'Process exited with return code 1',
  });
  const [relabelled] = jobTransitions({ status: 'failed', startedAt: ran.started_at }, rewritten, SEEN_AT);
  expect(asOf(relabelled!, rewritten)).toEqual(rewritten);
});

test('a recorded day becomes the transitions that happened, each told once and in order', () => {
  const parser = createStateParser('host');
  const known = new Map<string, KnownJob>();
  const account: string[] = [];
  for (const file of readdirSync(STATES).toSorted()) {
    const { changed } = parser.parse(readFileSync(join(STATES, file)))!;
    const transitions = changed.flatMap((each) => jobTransitions(known.get(each.jobId), each, SEEN_AT));
    for (const each of changed) known.set(each.jobId, each);
    account.push(...inOrder(transitions).map(({ job: { jobId }, kind }) => `${jobId.slice(-2)} ${kind}`));
  }
  expect(account.filter((line) => line.startsWith('01'))).toEqual([
    '01 enqueued',
    '01 started',
    '01 completed',
    '01 relabelled',
  ]);
  expect(account.filter((line) => line.startsWith('08'))).toEqual(['08 enqueued', '08 started', '08 failed']);
  expect(account.filter((line) => line.endsWith('enqueued'))).toHaveLength(11);
  expect(new Set(account).size).toBe(account.length);
});

describe('which jobs were moved', () => {
  test.each<[string, string, [string, number, number][]]>([
    ['abc', 'abc', []],
    ['abc', 'bc', []],
    ['abc', 'abcd', []],
    ['abc', 'cab', [['c', 3, 1]]],
    ['abcd', 'bcda', [['a', 1, 4]]],
    ['ab', 'ba', [['b', 2, 1]]],
    ['abcd', 'xdac', [['d', 4, 2]]],
  ])('from %s to %s', (before, after, expected) => {
    expect(moves([...before], [...after]).map(({ jobId, from, to }) => [jobId, from, to])).toEqual(expected);
  });

  test.each<[string, string, string[], [string, number, number][]]>([
    ['ab', 'ba', ['a'], [['a', 1, 2]]],
    ['ab', 'ba', ['b'], [['b', 2, 1]]],
    ['abcd', 'bcda', ['a'], [['a', 1, 4]]],
    ['abc', 'abc', ['a'], []],
    ['abc', 'bc', ['b'], []],
    ['abc', 'cab', ['a'], [['c', 3, 1]]],
  ])('from %s to %s, where somebody asked for %s', (before, after, asked, expected) => {
    const found = moves([...before], [...after], asked).map(({ jobId, from, to }) => [jobId, from, to]);
    expect(found.toSorted()).toEqual(expected);
  });

  test('one job moved in a long queue is named alone, wherever it went', () => {
    const random = seededRandom(3);
    const before = Array.from({ length: 40 }, (_, index) => `job-${index}`);
    for (let round = 0; round < 200; round += 1) {
      const after = [...before];
      const [moved] = after.splice(Math.floor(random() * 40), 1);
      const to = Math.floor(random() * 40);
      after.splice(to, 0, moved!);
      const found = moves(before, after);
      const isNeighbour = Math.abs(before.indexOf(moved!) - to) === 1;
      if (before.indexOf(moved!) === to) expect(found).toEqual([]);
      else if (isNeighbour) expect(found).toHaveLength(1);
      else expect(found).toEqual([{ jobId: moved, from: before.indexOf(moved!) + 1, to: to + 1 }]);
    }
  });
});
