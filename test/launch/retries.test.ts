import { afterEach, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { eventually } from '../helpers.ts';
import { ADA, type Settings, type ToyBot, type ToyOptions, toyBot } from '../toy-bot.ts';

let toy: ToyBot;
afterEach(() => toy.stop());

/** What the scheduler says of jobs that failed, by their ids. */
let words: Record<string, string>;
const RETRIED: Settings = { presets: { toy: { retry: { on: ['preempted', 'node_failure'], most: 2 } } } };
const start = async (more: ToyOptions = {}) => {
  words = {};
  toy = await toyBot({
    settings: RETRIED,
    launchedSeconds: 600,
    asTold: (job) =>
      job.status === 'failed' && words[job.jobId]
        ? { ...job, scheduler: { state: words[job.jobId]!, reason: null } }
        : job,
    ...more,
  });
};
const id = (number: number) => `job-000000${number}`;
const job = (number: number) => toy.queue.snapshot()!.jobs.get(id(number));
const runs = (number: number) => eventually(`${id(number)} runs`, () => job(number)?.status === 'running');
const ends = async (number: number, word: string) => {
  await runs(number);
  await toy.bot().app.settled();
  words[id(number)] = word;
  await toy.queue.kill(job(number) as Job, { graceMs: 10 });
  await eventually('the end is known', async () => (await toy.ask(`job ${number}`)).message !== undefined);
};
const told = async (number: number) => (await toy.thread(id(number))).map(({ text }) => text);
const row = async (number: number) =>
  (await toy.ask(`experiment show ${id(number)}`)).data as {
    row: { parent_experiment_id: string; hypothesis: string };
  };

it('a run that was preempted, or lost its node, is queued again as it was, so often in a row, over restarts too', async () => {
  await start();
  await toy.said('queue toy learning_rate=0.003 hypothesis="slower"');
  await ends(1, 'PREEMPTED');
  await runs(2);
  await eventually('it is told', async () =>
    (await told(1)).some((text) => /preempted: queued again as job-0000002 \(1 of 2\)/.test(text)),
  );
  expect(await row(2)).toMatchObject({ row: { parent_experiment_id: id(1), hypothesis: 'slower' } });
  expect(await toy.said('job 2')).toContain('0.003');
  await toy.restart();
  await ends(2, 'NODE_FAIL');
  await runs(3);
  await eventually('it is told', async () =>
    (await told(2)).some((text) => /node failed: queued again as job-0000003 \(2 of 2\)/.test(text)),
  );
  expect(await row(3)).toMatchObject({ row: { parent_experiment_id: id(1) } });
  await ends(3, 'PREEMPTED');
  await eventually('it is told', async () =>
    (await told(3)).some((text) =>
      /2 times in a row, as often as its preset says.*retry job-0000003/.test(text),
    ),
  );
  await toy.restart();
  await toy.bot().app.settled();
  expect(toy.jobs()).toBe(3);
});

it('a run that ended otherwise, that somebody killed, or that was not launched from the preset is not queued again', async () => {
  await start();
  await toy.said('queue toy');
  await ends(1, 'FAILED');
  await toy.said('queue toy');
  await runs(2);
  words[id(2)] = 'PREEMPTED';
  await toy.ask('kill 2', ADA, { preconfirmed: true });
  await eventually('it is killed', () => job(2)?.status === 'failed');
  await toy.enqueue(600);
  await ends(3, 'PREEMPTED');
  await toy.bot().app.settled();
  await toy.restart();
  await toy.bot().app.settled();
  expect(toy.jobs()).toBe(3);
});

it('a run is queued again only after the ends that its preset names', async () => {
  await start({ settings: { presets: { toy: { retry: { on: ['node_failure'], most: 1 } } } } });
  await toy.said('queue toy');
  await ends(1, 'PREEMPTED');
  await toy.bot().app.settled();
  expect(toy.jobs()).toBe(1);
  await toy.said('queue toy');
  await ends(2, 'NODE_FAIL');
  await runs(3);
});

it('an end that came while the bot was down is queued again once, however often it starts', async () => {
  await start();
  await toy.said('queue toy');
  await runs(1);
  await toy.bot().app.settled();
  await toy.bot().app.stop();
  words[id(1)] = 'PREEMPTED';
  await toy.queue.kill(job(1) as Job, { graceMs: 10 });
  await toy.restart();
  await runs(2);
  await toy.restart();
  await toy.bot().app.settled();
  expect(toy.jobs()).toBe(2);
});
