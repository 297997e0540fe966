import { expect, it } from 'vitest';
import { endingPost } from '../../src/cards/ending-post.ts';
import { jobButtons, jobCard } from '../../src/cards/job-card.ts';
import { transitionPost } from '../../src/cards/posts.ts';
import { statusMessage } from '../../src/cards/status.ts';
import type { JobFacts, Range } from '../../src/core/facts.ts';
import type { Progress } from '../../src/core/metrics.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Observer } from '../../src/core/queue.ts';
import type { Transition } from '../../src/core/transition.ts';
import { secondsLeft } from '../../src/notify/estimate.ts';
import { job } from '../experiments/world.ts';

const NOW = 1_795_100_000_000;
const facts = (more: Partial<JobFacts>): JobFacts => ({
  job: job(7, { status: 'running', startedAt: NOW / 1000 - 600, endedAt: null }),
  place: null,
  startsIn: null,
  progress: null,
  left: null,
  cause: '',
  experimentId: '',
  hypothesis: '',
  expected: '',
  result: '',
  assignments: {},
  canRetry: true,
  canMove: true,
  objective: null,
  changes: null,
  chart: null,
  links: [],
  now: NOW,
  ...more,
});
const card = (more: Partial<JobFacts>) => plainText(jobCard(facts(more)), { now: NOW });
const buttons = (more: Partial<JobFacts>) =>
  jobCard(facts(more)).blocks.flatMap((block) =>
    block.kind === 'buttons' ? block.buttons.map(({ label }) => label) : [],
  );

it('a silent run is called silent, without a rate and without a time left, in its card and in status', () => {
  const silent: Progress = {
    step: 1_200,
    maxSteps: 2_400,
    elapsedSeconds: 30,
    stepsPerSecond: null,
    silentSeconds: 4 * 60 + 21,
    secondsLeft: null,
  };
  const running = job(7, { status: 'running', startedAt: NOW / 1000 - 290, endedAt: null });
  // Its task usually takes ten minutes, which says nothing of a run that does not go on.
  const left = secondsLeft(running, silent, 600, NOW);
  expect(left).toBeNull();
  const line = 'step 1,200 of 2,400 · no new step for 4 min';
  expect(card({ job: running, progress: silent, left })).toContain(`${line}\n`);
  const status = statusMessage({
    queue: 'gpu1',
    simulated: false,
    problem: null,
    observer: null,
    running: [{ job: running, owner: null, progress: silent, left }],
    waiting: [],
    waitingCount: 0,
    ended: [],
  });
  expect(plainText(status, { now: NOW })).toContain(`${line}\n`);
});

it('a card names its experiment where that is called otherwise, and what was expected', () => {
  const text = card({ experimentId: 'lr-003', expected: 'loss below 0.2' });
  expect(text).toMatch(/^experiment: lr-003$/m);
  expect(text).toMatch(/^expected: loss below 0\.2$/m);
  expect(card({ experimentId: 'job-0000007' })).not.toMatch(/experiment|expected/);
});

it('offers nothing that would do nothing', () => {
  const queued = job(7, { status: 'queued', startedAt: null, endedAt: null });
  expect(buttons({ job: queued, place: 1 })).toEqual(['Cancel', 'Note']);
  expect(buttons({ job: queued, place: 2 })).toEqual(['Run next', 'Cancel', 'Note']);
  const gone = { place: null, canRetry: false, canMove: true };
  expect(jobButtons({ ...queued, removed: true }, gone).map(({ label }) => label)).toEqual(['Note']);
  const running = { ...queued, status: 'running' as const, startedAt: NOW / 1000, removed: true };
  expect(jobButtons(running, gone).map(({ label }) => label)).toEqual(['Logs', 'Metrics', 'Note']);
  const cancelled = { status: 'cancelled', endedAt: NOW / 1000 } as const;
  expect(buttons({ job: job(7, { ...cancelled, startedAt: null }) })).toEqual(['Note', 'Retry']);
  expect(buttons({ job: job(7, { ...cancelled, startedAt: NOW / 1000 - 60 }) })).toContain('Verdict');
});

it('offers a retry only where it can work', () => {
  const failed = job(7, { status: 'failed', startedAt: NOW / 1000 - 60, endedAt: NOW / 1000 });
  expect(buttons({ job: failed })).toContain('Retry');
  expect(buttons({ job: failed, canRetry: false })).not.toContain('Retry');
});

it('says no duration where the clock was set back while it ran', () => {
  const ended = { status: 'completed', startedAt: NOW / 1000, endedAt: NOW / 1000 - 448 } as const;
  expect(card({ job: job(7, ended) })).toMatch(/^Completed, 7 min 28 s ago$/m);
  expect(plainText(transitionPost(transitionOf('completed'), job(7, ended)))).toMatch(/^job-\d+ completed, /);
});

it('is not green of a run whose value is no number', () => {
  const completed = job(7, { status: 'completed', startedAt: NOW / 1000 - 60, endedAt: NOW / 1000 });
  const tone = (value: number) =>
    jobCard(facts({ job: completed, objective: { tag: 'value/loss', value } })).tone;
  expect([0.5, Number.NaN, Number.POSITIVE_INFINITY].map(tone)).toEqual(['good', 'bad', 'bad']);
  const lost = { tag: 'value/loss', value: Number.NaN };
  const bestOnTheWay = { tag: 'value/acc', value: 0.1, lost };
  expect(jobCard(facts({ job: completed, objective: bestOnTheWay })).tone).toBe('bad');
  const ending = (value: number) =>
    endingPost({
      transition: transitionOf('completed'),
      job: completed,
      cause: null,
      objective: { tag: 'value/loss', value },
      canRetry: false,
      chart: null,
      analysis: null,
      changes: null,
      purpose: { hypothesis: '', expected: '' },
    });
  expect([ending(0.5).tone, ending(Number.NaN).tone]).toEqual(['good', 'bad']);
  expect(plainText(ending(Number.NaN))).toContain('It ended with a value/loss of NaN.');
});

it('says a metric in its unit', () => {
  const memory = { tag: '🧠 mem/rss', value: 543_211_520 };
  expect(card({ objective: memory })).toContain('🧠 mem/rss: 543 MB');
});

it('says when it ended, and not how long until then, where the clock is behind its end', () => {
  const ended = { status: 'completed', startedAt: NOW / 1000, endedAt: NOW / 1000 + 448 } as const;
  expect(card({ job: job(7, ended) })).toMatch(/^Completed after 7 min 28 s, 2026-11-19 \d\d:\d\d:\d\d$/m);
  const styles = JSON.stringify(jobCard(facts({ job: job(7, ended) })).blocks[1]);
  expect(styles).toContain('"style":"datetime"');
  expect(styles).not.toContain('"style":"relative"');
});

it('says of what waits that nothing starts without an observer, and of what is next that it is a moment', () => {
  const waiting = { job: job(8, { status: 'queued', startedAt: null, endedAt: null }), owner: null };
  const status = (observer: Observer | null, startsIn: Range) =>
    plainText(
      statusMessage({
        queue: 'gpu1',
        simulated: false,
        problem: null,
        startedBy: 'xax queue start',
        observer,
        running: [],
        waiting: [{ ...waiting, startsIn }],
        waitingCount: 1,
        ended: [],
      }),
    );
  const observer = { active: true, pid: 1, hostname: 'g1', startedAt: 0, status: 'idle' } as Observer;
  expect(status(observer, { low: 0, high: 0 })).toContain('in a moment');
  expect(status(null, null)).toContain('needs an observer');
});

function transitionOf(kind: Transition['kind']): Transition {
  return { job: job(7, {}), kind, at: NOW, seenAt: NOW, rebuilt: false, detail: {} };
}

it('links to what is kept of it elsewhere', () => {
  const links = [
    { label: 'commit 0123456789', url: 'https://github.com/ada/proj/commit/0123' },
    { label: 'W&B', url: 'https://wandb.ai/ada/proj/runs/run_007' },
  ];
  expect(card({ links })).toContain(
    'see: commit 0123456789 (https://github.com/ada/proj/commit/0123) · W&B (https://wandb.ai/ada/proj/runs/run_007)',
  );
});

it('says where a run writes that is not in its run folder, why there, and how another is chosen', () => {
  const place = { folder: '/home/ada/proj/out', because: 'as its setting output_dir says' };
  expect(card({ writes: { place } })).toContain(
    'writes to: /home/ada/proj/out, as its setting output_dir says; "runs" of its preset or queue takes another',
  );
  const declared = { folder: '/home/ada/proj/out', because: 'as "runs" of its preset says (out*)' };
  expect(card({ writes: { place: declared } })).toMatch(
    /writes to: \/home\/ada\/proj\/out, as "runs" of its preset says \(out\*\)$/m,
  );
  const candidates = ['a', 'b', 'c', 'd', 'e'].map((name) => `/home/ada/proj/${name}`);
  expect(card({ writes: { candidates } })).toContain(
    'writes to one of: /home/ada/proj/a, /home/ada/proj/b, /home/ada/proj/c and 2 more; none is taken: say which with "runs" of its preset or queue',
  );
});

it('says which other curves a run could be judged by as well, and how one is chosen', () => {
  const objective = { tag: 'eval/loss', value: 0.41, rule: 'its loss on held-out data' };
  expect(card({ objective })).toContain('eval/loss: 0.41, its loss on held-out data\n');
  const alike = ['test/loss', 'val/a/loss', 'val/b/loss'];
  expect(card({ objective: { ...objective, alike } })).toContain(
    'eval/loss: 0.41, its loss on held-out data, as are test/loss, val/a/loss and 1 more; session change metric=… takes another',
  );
});

it('says where a job waits, by what those behind it do not change', () => {
  const queued = job(7, { status: 'queued', startedAt: null, endedAt: null });
  const places = [1, 2, 3, 11, 22, 113].map(
    (place) => /^Waiting, (.*), queued/m.exec(card({ job: queued, place }))![1],
  );
  expect(places).toEqual([
    'next',
    '2nd in line',
    '3rd in line',
    '11th in line',
    '22nd in line',
    '113th in line',
  ]);
  expect(card({ job: queued, place: null })).toMatch(/^Waiting, queued/m);
});
