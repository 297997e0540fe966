import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers.ts';
import { BOB, type ToyBot, toyBot, WITH_OPTIMIZER } from '../toy-bot.ts';
import { connectedTo } from './program.ts';

/** All answers of two rounds of the loop may cost a model this much, tokens. */
const LOOP_MAX = 20_000;
/** o200k_base (gpt-tokenizer 3.4.0) has 3.0 of these answers in a token, and 2.6 of the one with most numbers. */
const CHARACTERS_PER_TOKEN = 2.5;
/** So many answers "call again" are counted for each wait: a minute's, at 4 s each. */
const SLICES = 15;

const folder = temporaryFolder();
/** Tokens of the answers so far, by tool. */
const spent = new Map<string, number>();
let world: ToyBot;
let client: Client;
/** The answer to a wait in which nothing came. */
let callAgain: string;
const isCallAgain = /call again/i;

const tokensOf = (text: string) => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

function spend(name: string, tokens: number): void {
  spent.set(name, (spent.get(name) ?? 0) + tokens);
}

/** What a model is given of an answer: the text of its content. */
async function call(name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const text = (content as { type: string; text?: string }[]).map((part) => part.text ?? '').join('\n');
  expect([name, isError, text]).toEqual([name, false, expect.anything()]);
  spend(name, tokensOf(text));
  return text;
}

/** Waits for what comes at once here, and after a minute elsewhere: its answers "call again" are counted too. */
async function waited(args: Record<string, unknown>): Promise<string> {
  spend('wait', SLICES * tokensOf(callAgain));
  for (;;) {
    const text = await call('wait', args);
    if (!isCallAgain.test(text)) return text;
  }
}

/** Proposes something, which a person approves. */
async function approved(name: string, args: Record<string, unknown>): Promise<string> {
  const proposal = Number(/"proposal":(\d+)/.exec(await call(name, args))![1]);
  await world.ask(`approve ${proposal}`, BOB);
  return waited({ proposal });
}

beforeAll(async () => {
  world = await toyBot({ folder, settings: WITH_OPTIMIZER, launchedSeconds: 3 });
  await world.ask('session new study metric=value/loss mode=min target=0.05');
  ({ client } = await connectedTo(folder));
});
afterAll(async () => {
  await client.close();
  await world.stop();
});

/** One round of the loop on an experiment that is planned: run, monitor, analyse, judge. */
async function round(experiment: string, job: string, others: readonly string[]): Promise<void> {
  await approved('queue', { experiment });
  await call('status');
  expect(await waited({ job })).toMatch(/completed/);
  await call('job', { job });
  await call('logs', { job });
  await call('metrics', { job, tag: 'value/loss', data: true });
  for (const other of others) {
    await call('compare', { jobs: [other, job] });
    await call('diff', { job: other, to: job });
  }
  await call('note', { job, text: 'The loss falls smoothly, and is flat from the middle on.' });
  await call('verdicts');
  await approved('verdict', { job, verdict: 'confirmed', result: 'it learns' });
}

it('two rounds of the loop cost an agent less than 20,000 tokens of answers, with a minute for each wait', async () => {
  const job = await world.enqueue(60);
  callAgain = await call('wait', { job: job.jobId });
  expect(callAgain).toMatch(isCallAgain);
  await world.clear();
  await call('status');
  await call('session_read');
  await call('presets');
  await call('suggest');
  await call('plan', { preset: 'toy', hypothesis: 'a baseline', expected: 'below 1', name: 'base' });
  await round('base', '2', []);
  await call('suggest', { data: true });
  await call('plan', {
    preset: 'toy',
    settings: { learning_rate: 0.005, optimizer: 'sgd' },
    hypothesis: 'a lower rate ends lower',
    parent: 'base',
    name: 'lower',
  });
  await round('lower', '3', ['2']);
  await call('scoreboard');
  await call('experiment_read', { action: 'list' });
  await call('jobs');
  await call('report');

  const rows = [...spent].toSorted(([, a], [, b]) => b - a);
  const sum = rows.reduce((total, [, tokens]) => total + tokens, 0);
  console.log([['all answers', sum], ...rows].map(([name, tokens]) => `${tokens} ${name}`).join('\n'));
  expect(sum).toBeLessThan(LOOP_MAX);
  // It is what a loop is made of that was counted.
  expect(spent.size).toBeGreaterThan(15);
});
