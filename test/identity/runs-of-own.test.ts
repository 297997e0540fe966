import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from '../../src/core/person.ts';
import { BOB, type ToyBot, toyBot } from '../toy-bot.ts';

const MEMBER: Person = { id: 'slack:U0BEA', name: 'Bea', role: 'viewer', mayRunOwn: true };

let world: ToyBot;
beforeAll(async () => {
  world = await toyBot({ launchedSeconds: 600 });
});
afterAll(async () => {
  await world.clear();
  await world.stop();
});

const outcomes = async (lines: readonly string[], person: Person) => {
  const found: string[] = [];
  for (const line of lines) found.push((await world.ask(line, person)).errorCode ?? 'done');
  return found;
};

it("who may run jobs of their own queues none before others', nor from others' plans", async () => {
  await world.ask('hypothesis add "lower is smoother" name=lr', BOB);
  const others = [
    'queue toy position=1',
    'queue toy experiment=lr',
    'queue toy experiment=lr hypothesis="mine" replace=true',
    'queue toy replace=yes',
  ];
  expect(await outcomes(others, MEMBER)).toEqual(others.map(() => 'not-allowed'));
  expect(await outcomes(['queue toy', 'queue toy replace=no'], MEMBER)).toEqual(['done', 'done']);
  expect(await outcomes(['queue toy position=1', 'queue toy experiment=lr'], BOB)).toEqual(['done', 'done']);
});
