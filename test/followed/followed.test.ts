import { appendFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SomeTimings } from '../../src/app/timings.ts';
import { eventually } from '../helpers.ts';
import { ADA, toyBot, type ToyBot } from '../toy-bot.ts';
import { createProject, train, writeRows } from './world.ts';

const QUICK: SomeTimings = {
  app: { stopWaitMs: 30_000, partStopMs: 20_000, allStopMs: 60_000, tickMs: 200 },
  followed: { processMs: 50, writeMs: 50, silentMs: 1_500, goneMs: 300 },
};

let world: ToyBot | undefined;
afterEach(() => world?.stop());

async function start(more: Parameters<typeof toyBot>[0] = {}): Promise<ToyBot> {
  world = await toyBot({ timings: QUICK, ...more });
  return world;
}

const thread = async () => (await world!.thread('run-1')).map(({ text }) => text);
const said = async (words: string) => (await thread()).filter((text) => text.includes(words));
const has = (words: string) => eventually(words, async () => (await said(words)).length > 0);
const card = async () => (await world!.channel()).find(({ text }) => /^\S+ run-1\b/.test(text))!;
const rowOf = async () => [...(await world!.rows('default')).values()].find(({ queue_job_id }) => queue_job_id === 'run-1');

describe('a run that no queue started', () => {
  it('is followed to the end of its process: card, curve, post and row say that nobody knows how it ended', async () => {
    await start();
    const folder = createProject().run();
    const training = train(folder);
    const answer = await world!.said(`watch ${folder} pid=${training.pid}`);
    expect(answer).toContain(`run-1 is followed in ${folder}`);
    console.log(answer);
    await has('followed from now on');
    await eventually('a card', async () => /Running/.test((await card()).text));
    console.log((await card()).text, (await card()).buttons.map(({ label }) => label));
    console.log(await world!.said('metrics run-1'));
    training.stop();
    await has('ended');
    console.log(await thread());
    await eventually('a card', async () => /Ended/.test((await card()).text));
    console.log((await card()).text);
    console.log(await rowOf(), [...(await world!.rows('default')).values()].length);
    console.log(await world!.said('status'));
    console.log(await world!.said('jobs'));
  });
});
