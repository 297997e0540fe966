import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../helpers.ts';
import { answerOf } from '../mcp/answer.ts';
import { BOB, type ToyBot, toyBot, words } from '../toy-bot.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));

const folder = temporaryFolder();
let world: ToyBot;
let client: Client;

interface Answer {
  ok: boolean;
  data: Record<string, never>;
  untrusted_text: string;
}

const call = async (name: string, args: Record<string, unknown> = {}): Promise<Answer> =>
  answerOf(await client.callTool({ name, arguments: args })) as Answer;

/** What an agent proposes, once somebody has approved it. */
async function approved(name: string, args: Record<string, unknown>): Promise<Answer> {
  const answer = await call(name, args);
  expect(answer, name).toMatchObject({ ok: true, data: { state: 'waiting' } });
  const { proposal } = answer.data as unknown as { proposal: number };
  const approval = await world.ask(`approve ${proposal}`, BOB);
  expect([approval.ok, words(approval)], name).toEqual([true, expect.anything()]);
  return call('wait', { proposal, data: true });
}

beforeAll(async () => {
  world = await toyBot({ folder, launchedSeconds: 0.3 });
  await world.ask('session new study metric=value/loss mode=min');
  const { PATH = '' } = process.env;
  client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [PROGRAM, 'mcp'],
      cwd: folder,
      env: {
        PATH,
        HOME: folder,
        XAX_HOME: folder,
        XAXBOT_DATA_DIR: join(folder, 'data'),
        XAXBOT_WEB_PORT: 'off',
      },
    }),
  );
});
afterAll(async () => {
  await client.close();
  await world.stop();
});

it('the loop is run by a coding agent, with a person approving what it changes', async () => {
  const plan = await call('plan', { preset: 'toy', hypothesis: 'a baseline', name: 'base' });
  expect([plan.ok, plan.untrusted_text]).toEqual([true, expect.stringContaining('Planned base')]);
  const queued = await approved('queue', { experiment: 'base' });
  expect(queued.data).toMatchObject({
    one: { state: 'done', result: { state: 'queued', jobId: 'job-0000001' } },
  });
  await eventually('its value', async () => {
    const { untrusted_text } = await call('experiment', { action: 'show', experiment: 'base' });
    return /objective_value: 0\.\d+/.test(untrusted_text);
  });
  expect((await call('verdicts')).untrusted_text).toMatch(/1 run waits for a verdict/);
  await approved('verdict', { job: '1', verdict: 'confirmed', result: 'it learns' });
  const { untrusted_text: next } = await call('suggest', { count: 3 });
  // The preset's range begins at a rate of 0, with which nothing is learnt: the agent takes another of the three.
  const [, line] = /queue toy (learning_rate=0\.\d+.*) parent=base/.exec(next)!;
  const settings = Object.fromEntries(line!.split(' ').map((pair) => pair.split('=')));
  const again = await approved('queue', {
    preset: 'toy',
    settings,
    parent: 'base',
    hypothesis: 'as suggested',
  });
  expect(again.data).toMatchObject({
    one: { state: 'done', result: { state: 'queued', jobId: 'job-0000002' } },
  });
  expect((await call('report')).ok).toBe(true);
  expect(readFileSync(join(folder, 'experiments/study/experiment_report.md'), 'utf8')).toContain(
    '- base: confirmed: it learns (hypothesis: a baseline)',
  );
  expect((await call('observer', { action: 'stop' })).ok).toBe(false);
});
