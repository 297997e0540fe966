import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install } from './install.ts';
import { EXPECTATIONS, type Seen } from './judge.ts';
import { CLIENTS, checksOf } from './list.ts';
import { runClient } from './run.ts';
import { writeRows } from './table.ts';
import { agentsWorld, servedTools } from './world.ts';

describe.each([...CLIENTS])('$name', (client) => {
  let seen: Seen;
  let asExpected = 0;

  beforeAll(async () => {
    const installed = await install(client);
    const world = await agentsWorld();
    try {
      const { turn, printed } = await runClient(client, installed, world.folder);
      if (!turn) throw new Error(`The model was given no tools; the client printed:\n${printed}`);
      const { folder, running } = world;
      seen = { turn, served: await servedTools(folder), running, queued: await world.queued() };
      // VERBOSE=1 shows what the model was given.
      if (process.env.VERBOSE) console.log(JSON.stringify([turn.tools[0], turn.results], null, 1), printed);
    } finally {
      await world.stop();
    }
  });
  afterAll(() => {
    if (asExpected === checksOf(client).length) writeRows([client]);
  });

  it.each(checksOf(client))('%s', (check) => {
    const lack = client.lacks?.[check];
    if (lack === undefined) EXPECTATIONS[check](seen);
    // What it has by now is to be taken off the list.
    else expect(() => EXPECTATIONS[check](seen), lack).toThrow();
    asExpected += 1;
  });
});
