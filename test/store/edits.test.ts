import { beforeEach, describe, expect, it } from 'vitest';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { openDb } from '../../src/store/db.ts';
import { createEditStore, type EditStore } from '../../src/store/edits.ts';
import { createJobStore, type JobStore } from '../../src/store/jobs.ts';
import { temporaryFolder } from '../helpers.ts';
import { rawJob } from '../queue/xax/helpers.ts';

const ADA = { id: 'ada', name: 'Ada' };
const BOB = { id: 'bob', name: 'Bob' };
const ASKED_AT = 1_795_446_200_000;

describe('of two who asked for the same of one job', () => {
  const job = parseJob('host', ...rawJob(1, {}));
  let now: number;
  let jobs: JobStore;
  let edits: EditStore;
  beforeEach(() => {
    now = ASKED_AT;
    const db = openDb(temporaryFolder());
    jobs = createJobStore(db);
    edits = createEditStore(db, () => now);
    jobs.put(job);
  });
  const askAt = (at: number, by: typeof ADA, action: 'cancel' | 'move', position: number | null = null) => {
    now = at;
    return edits.begin(job, action, position, by);
  };
  const happensAt = (at: number, kind: 'cancelled' | 'moved', detail = {}) => {
    const transition = { job, kind, at, seenAt: now, rebuilt: false, detail };
    edits.claim(jobs.append(transition), transition);
  };
  const who = () => jobs.transitions(job).map(({ by }) => by?.name);

  it('the one who asked before it came about did it, also when the other has asked by then', () => {
    const first = askAt(ASKED_AT, ADA, 'cancel');
    const second = askAt(ASKED_AT + 40, BOB, 'cancel');
    happensAt(ASKED_AT + 20, 'cancelled');
    edits.finish(first);
    edits.withdraw(second);
    expect(who()).toEqual(['Ada']);
  });

  it('the first did it when the second was refused, whoever seemed to at first', () => {
    const first = askAt(ASKED_AT, ADA, 'cancel');
    const second = askAt(ASKED_AT + 4, BOB, 'cancel');
    happensAt(ASKED_AT + 5, 'cancelled');
    edits.finish(first);
    edits.withdraw(second);
    expect(who()).toEqual(['Ada']);
  });

  it('a move that was seen long after is that of the one who asked for its place', () => {
    askAt(ASKED_AT, ADA, 'move', 1);
    askAt(ASKED_AT + 5, BOB, 'move', 3);
    now += 3_600_000;
    happensAt(now, 'moved', { from: 2, to: 1 });
    expect(who()).toEqual(['Ada']);
  });
});

it('what was cut off is over in the queue that is meant, and what began since is not', () => {
  const db = openDb(temporaryFolder());
  const jobs = createJobStore(db);
  let now = ASKED_AT;
  const edits = createEditStore(db, () => now);
  const of = (queue: string, number: number) => parseJob(queue, ...rawJob(number, {}));
  const [left, right, later] = [of('left', 1), of('right', 1), of('right', 2)];
  for (const job of [left, right, later]) {
    jobs.put(job);
    now = job === later ? ASKED_AT + 10 : ASKED_AT;
    edits.begin(job, 'cancel', null, ADA);
  }
  const ids = (queue: string) =>
    edits.closeCutOff(queue, ASKED_AT + 5).map((key) => `${key.queue}/${key.jobId}`);
  expect(ids('left')).toEqual(['left/job-0000001']);
  expect(ids('right')).toEqual(['right/job-0000001']);
  expect(ids('right')).toEqual([]);
  expect(edits.closeCutOff('right', ASKED_AT + 20).map(({ jobId }) => jobId)).toEqual(['job-0000002']);
});
