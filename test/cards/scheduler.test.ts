import { expect, it } from 'vitest';
import { jobCard } from '../../src/cards/job-card.ts';
import { transitionPost } from '../../src/cards/posts.ts';
import { stateBreakPost } from '../../src/cards/state-break.ts';
import type { JobFacts } from '../../src/core/facts.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Transition } from '../../src/core/transition.ts';
import { job } from '../experiments/world.ts';

const NOW = 1_795_100_000_000;

/** A card of a job that a scheduler runs. */
function card(more: Partial<JobFacts['job']>): string {
  const facts: JobFacts = {
    ...{
      job: job(7, { endedAt: null, startedAt: null, ...more }),
      place: null,
      startsIn: null,
      progress: null,
    },
    ...{ left: null, cause: '', experimentId: '', hypothesis: '', expected: '', result: '', assignments: {} },
    ...{ canRetry: true, canMove: true, objective: null, changes: null, chart: null, links: [], now: NOW },
  };
  return plainText(jobCard(facts), { now: NOW });
}

it("a card tells the scheduler's own word and reason, and where that is for ever", () => {
  expect(card({ status: 'queued', scheduler: { state: 'PENDING', reason: 'Resources' } })).toMatch(
    /scheduler.*PENDING, Resources/,
  );
  expect(card({ status: 'running', scheduler: { state: 'SUSPENDED', reason: null } })).toMatch(
    /scheduler.*SUSPENDED/,
  );
  const never = { state: 'PENDING', reason: 'PartitionConfig', never: true } as const;
  expect(card({ status: 'queued', scheduler: never })).toContain(
    'PartitionConfig: it waits for ever unless something is changed',
  );
  expect(card({ status: 'queued' })).not.toContain('scheduler');
});

it('a card of an array counts its tasks, and names those that people ask about', () => {
  const tasks = {
    ...{ total: 20, waiting: 0, running: 0, completed: 16, failed: 1, cancelled: 0, unknown: 3 },
    which: { completed: '0-6,8-14,16,19', failed: '7', unknown: '15,17-18' },
  };
  expect(card({ status: 'failed', startedAt: 1, tasks })).toContain(
    '20: 16 completed, 1 failed (7), 3 unknown (15,17-18)',
  );
});

it('a life that was put back says which one follows, and is not said to have ended nobody knows how', () => {
  const seen = {
    by: 'requeued',
    because: 'its node node2 failed, and Slurm put it back into the queue: as 7 in its life 2',
  } as const;
  const first = { status: 'ended', startedAt: NOW / 1000 - 600, endedAt: NOW / 1000, seen } as const;
  expect(card(first)).toMatch(/Put back after 10 min.*node2 failed.*in its life 2/);
  expect(card(first)).not.toContain('not known');
  expect(card({ status: 'queued', restarts: 1 })).toMatch(/life.*2, as it was put back/);
  const ended: Transition = {
    job: job(7, first),
    kind: 'ended',
    at: NOW,
    seenAt: NOW,
    rebuilt: false,
    detail: { ended: { ...job(7, first), seen } },
  };
  expect(plainText(transitionPost(ended, job(7, first)), { now: NOW })).toMatch(
    /put back after 10 min: its node node2 failed/,
  );
});

it('what a scheduler forgot with its state is told as that, and of no file', () => {
  const scheduler = { state: 'RUNNING', reason: null };
  const gone = [job(7, { status: 'running', scheduler }), job(8, { status: 'queued', scheduler })];
  const said = plainText(stateBreakPost({ because: 'anew', queue: 'cluster', gone, returned: 0 }), {
    now: NOW,
  });
  expect(said).toMatch(
    /scheduler lost its state.*numbers jobs from 1 again.*2 jobs are no longer known to it/,
  );
  expect(said).not.toMatch(/file|xax/);
  const removed: Transition = {
    ...{ job: gone[0]!, kind: 'removed', at: NOW, seenAt: NOW, rebuilt: false },
    detail: { from: 'running', because: 'anew' },
  };
  expect(plainText(transitionPost(removed, gone[0]!), { now: NOW })).toMatch(
    /scheduler's state was lost \(it was running\)/,
  );
});
