import { expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { createKeptRights } from '../../src/identity/kept-rights.ts';
import { nextLife, waitedFor } from '../../src/launch/waited-for.ts';
import { openDb } from '../../src/store/db.ts';
import { createJobStore } from '../../src/store/jobs.ts';
import { temporaryFolder } from '../helpers.ts';

const JOB: Job = {
  queue: 'cluster',
  jobId: '100',
  enqueuedAt: 1_764_500_000,
  taskKey: 'toy',
  launcher: 'slurm',
  pythonExecutable: '',
  status: 'running',
  runDir: '/home/ada/proj/out',
  stageDir: '',
  configPath: '',
  observerLogPath: '',
  startedAt: 1_764_500_001,
  endedAt: null,
  pid: null,
  processGroupId: null,
  childPids: [],
  oomDetected: false,
  returnCode: null,
  error: null,
};
const WATCHED = { watches: () => true };
const store = (...jobs: Partial<Job>[]) => {
  const kept = createJobStore(openDb(temporaryFolder()));
  for (const job of jobs) kept.put({ ...JOB, ...job });
  return kept;
};

it.each<[Partial<Job>, unknown]>([
  [{ status: 'queued' }, 'open'],
  [{ status: 'running' }, 'open'],
  [{ status: 'completed', endedAt: 1_764_500_100 }, 'completed'],
  [{ status: 'failed' }, { why: 'failed' }],
  [{ status: 'cancelled' }, { why: 'was cancelled' }],
  [
    { status: 'ended', seen: { by: 'gone', because: 'nothing of it is left' } },
    { why: 'has ended, and nobody knows how' },
  ],
])('a job that is %o is waited for, or what became of it is known: %o', (job, standing) => {
  expect(waitedFor(JOB, store(job), WATCHED)).toEqual(standing);
});

it('a job that its queue no longer holds is waited for no more, unless it had completed', () => {
  const jobs = store({});
  jobs.markRemoved(JOB);
  expect(waitedFor(JOB, jobs, WATCHED)).toEqual({
    why: 'is no longer in its queue, and nobody knows how it ended',
  });
  jobs.put({ ...JOB, status: 'completed' });
  jobs.markRemoved(JOB);
  expect(waitedFor(JOB, jobs, WATCHED)).toBe('completed');
});

it('a job of a queue that is no longer watched is waited for no more, whatever it is known to do', () => {
  const queues = { watches: () => false };
  const told = { why: 'is of the queue cluster, which is no longer watched' };
  expect(waitedFor(JOB, store({}), queues)).toEqual(told);
  expect(waitedFor(JOB, store({ status: 'completed' }), queues)).toBe('completed');
});

it('a job that was put back is waited for in its next life, and not in another job that got its id', () => {
  const putBack = { status: 'ended', seen: { by: 'requeued', because: 'Slurm put it back' } } as const;
  expect(waitedFor(JOB, store(putBack), WATCHED)).toBe('open');
  const next = { enqueuedAt: JOB.enqueuedAt + 60, restarts: 1 };
  expect(waitedFor(JOB, store(putBack, { ...next, status: 'running' }), WATCHED)).toBe('open');
  expect(waitedFor(JOB, store(putBack, { ...next, status: 'completed' }), WATCHED)).toBe('completed');
  expect(waitedFor(JOB, store(putBack, { ...next, status: 'failed' }), WATCHED)).toEqual({ why: 'failed' });
  const another = { enqueuedAt: JOB.enqueuedAt + 60, status: 'completed' } as const;
  expect(waitedFor(JOB, store(putBack, another), WATCHED)).toBe('open');
  expect(nextLife({ ...JOB, status: 'failed' }, store({ status: 'failed' }, another))).toBeUndefined();
});

it('what somebody may do later is what people: says, and what a group or a channel gave while the settings say the same of it', () => {
  let settings = {
    groups: [{ id: 'trainers', role: 'operator' as const, identities: { slack: 'S012AB3CD' } }],
    channels: [{ adapter: 'slack', id: 'C1', members: 'own' }],
  };
  let people: Record<string, 'viewer' | 'operator'> = { bob: 'operator' };
  const rights = createKeptRights({
    settings: () => settings,
    people: { byId: (id) => (people[id] ? { id, name: id, role: people[id] } : undefined) },
  });
  const at = { adapter: 'slack', channel: 'C1' };
  const member = rights.keep({ id: 'slack:U1', name: 'Fay', role: 'viewer', mayRunOwn: true }, at);
  const bob = rights.keep({ id: 'bob', name: 'Bob', role: 'operator' }, at);
  expect(rights.now(member)).toMatchObject({ role: 'viewer', mayRunOwn: true });
  expect(rights.now(bob)).toMatchObject({ role: 'operator' });
  settings = { ...settings, channels: [{ adapter: 'slack', id: 'C1', members: 'viewer' }] };
  expect(rights.now(member)).toEqual({ id: 'slack:U1', name: 'Fay', role: null });
  expect(rights.now(bob)).toMatchObject({ role: 'operator' });
  people = { bob: 'viewer' };
  expect(rights.now(bob)).toMatchObject({ role: 'viewer' });
  people = {};
  expect(rights.now(bob)).toMatchObject({ role: null });
});
