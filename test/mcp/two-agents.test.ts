import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../helpers.ts';
import { BOB, type ToyBot, toyBot } from '../toy-bot.ts';
import { answerOf } from './answer.ts';
import { countedWaits } from './counted-waits.ts';
import { connectedTo } from './program.ts';

const folder = temporaryFolder();
let world: ToyBot;
let claude: Client;
let codex: Client;

const call = async (client: Client, name: string, args: Record<string, unknown>) =>
  answerOf(await client.callTool({ name, arguments: args }, undefined, { onprogress: () => {} }));
const { commands, waiting } = countedWaits();

beforeAll(async () => {
  const people = { codex: { name: 'Codex', role: 'agent' } };
  world = await toyBot({ folder, commands, settings: { people } });
  const both = await Promise.all(['claude', 'codex'].map((agent) => connectedTo(folder, '--as', agent)));
  [claude, codex] = both.map(({ client }) => client) as [Client, Client];
});
afterAll(async () => {
  await claude.close();
  await world.stop();
});

it('two agents work at once, each in its own name, and neither waits less because the other has gone', async () => {
  const asked = await Promise.all(
    [claude, codex].map((client) =>
      call(client, 'queue', { preset: 'toy', settings: { learning_rate: 0.02 } }),
    ),
  );
  const [mine, theirs] = asked.map(({ data }) => (data as { proposal: number }).proposal);
  expect(mine).not.toBe(theirs);
  expect(await world.said(`proposals ${mine}`)).toContain('Claude');
  expect(await world.said(`proposals ${theirs}`)).toContain('Codex');

  const told = call(claude, 'wait', { proposal: mine, seconds: 50, data: true });
  call(codex, 'wait', { proposal: mine, seconds: 50 }).catch(() => {});
  await eventually('both wait', () => waiting() === 2);
  await codex.close();
  await eventually('one has gone', () => waiting() === 1);
  await world.ask(`approve ${mine}`, BOB);
  expect(await told).toMatchObject({ ok: true, data: { state: 'settled', one: { state: 'done' } } });
});
