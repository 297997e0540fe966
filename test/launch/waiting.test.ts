import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { twins } from '../queues/twins.ts';
import { BOB, type ToyBot, toyBot } from '../toy-bot.ts';

let toy: ToyBot;
afterEach(() => toy.stop());

const cards = async (about: RegExp) =>
  (await toy.channel()).map(({ text }) => text).filter((text) => about.test(text));

describe('launches that wait are seen', () => {
  it('in jobs, in status and on the board, and on the card of the job that they wait for, until they wait no more', async () => {
    toy = await toyBot();
    const job = await toy.running();
    await toy.said(`queue toy after=${job.jobId}`);
    await toy.said(`queue toy after=${job.jobId} name=lr-003`, BOB);
    const listed =
      /plan-1\s+toy\s+Ada\s+when job-0000001 has completed[\s\S]*lr-003\s+toy\s+Bob\s+when job-0000001 has completed/;
    expect(await toy.said('status')).toMatch(listed);
    expect(await toy.said('jobs')).toMatch(listed);
    await eventually('the board shows them', async () =>
      (await cards(/^Queue g1/)).some((text) => listed.test(text)),
    );
    const then = /then: toy by Ada \(plan-1\), toy by Bob \(lr-003\)/;
    expect(await toy.said(`job ${job.jobId}`)).toMatch(then);
    await eventually('its card says so', async () =>
      (await cards(/ToyRegression job-0000001/)).some((text) => then.test(text)),
    );
    expect((await toy.ask('status')).data).toMatchObject({
      launches: {
        count: 2,
        shown: [
          { preset: 'toy', by: 'Ada', experimentId: 'plan-1', after: 'job-0000001', queue: null },
          { by: 'Bob', experimentId: 'lr-003' },
        ],
      },
    });
    await toy.said('experiment supersede plan-1');
    await toy.queue.kill(job, { graceMs: 10 });
    await eventually('nothing waits', async () => !/then:|when job/.test((await cards(/./)).join('\n')));
    expect((await toy.ask('status')).data).not.toHaveProperty('launches');
  });

  it('in jobs where they are among what is asked for', async () => {
    toy = await toyBot();
    const job = await toy.running();
    await toy.said(`queue toy after=${job.jobId}`);
    await toy.said(`queue toy after=${job.jobId}`, BOB);
    const asked = async (line: string) => ((await toy.said(line)).match(/plan-\d/g) ?? []).join(' ');
    expect(await asked('jobs queued')).toBe('plan-1 plan-2');
    expect(await asked('jobs owner=bob')).toBe('plan-2');
    expect(await asked('jobs running')).toBe('');
    expect(await asked('jobs task=Toy')).toBe('');
    expect(await toy.said('jobs limit=1')).toMatch(/plan-1[\s\S]*and 1 more/);
  });

  it('by the first ten where they are many', async () => {
    toy = await toyBot();
    const job = await toy.running();
    for (let launch = 0; launch < 13; launch += 1) await toy.said(`queue toy after=${job.jobId}`);
    const said = await toy.said('status');
    expect(said.match(/when job-0000001/g)).toHaveLength(10);
    expect(said).toContain('and 3 more');
    expect(await toy.said(`job ${job.jobId}`)).toMatch(/plan-3\) and 10 more/);
  });

  it('with their queue, where there are several', async () => {
    const { left, said, bot, enqueue, right } = await twins();
    toy = { stop: () => bot.app.stop() } as ToyBot;
    enqueue(left);
    enqueue(right);
    await bot.app.settled();
    await eventually('they are seen', async () => /left\/job-0000001/.test(await said('jobs')));
    await said('queue toy on=right after=left/1');
    await said('queue toy after=right/1');
    expect(await said('status')).toMatch(/plan-1\s+toy\s+Ada\s+when left\/job-0000001 has completed\s+right/);
    expect(await said('jobs on=left')).not.toMatch(/plan-\d/);
    const onRight = await said('jobs on=right');
    expect(onRight).toMatch(/plan-1[\s\S]*plan-2\s+toy\s+Ada\s+when right\/job-0000001 has completed\s+any/);
    expect(await said('job left/1')).toMatch(/then: toy by Ada on right \(plan-1\)/);
  });
});
