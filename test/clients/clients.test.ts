import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install } from './install.ts';
import { CHECKS, EXPECTATIONS, type Seen } from './judge.ts';
import { CLIENTS } from './list.ts';
import { runClient } from './run.ts';
import { writeRows } from './table.ts';
import { agentsWorld, servedTools } from './world.ts';

describe.each([...CLIENTS])('$name', (client) => {
  let seen: Seen;
  let isAsExpected = true;

  beforeAll(async () => {
    const installed = await install(client);
    const world = await agentsWorld();
    try {
      const { turn, printed } = await runClient(client, installed, world.folder);
      if (!turn) throw new Error(`The model was given no tools; the client printed:\n${printed}`);
      const { folder, running } = world;
      seen = { turn, served: await servedTools(folder), running, queued: await world.queued() };
      if (process.env.VERBOSE) console.log(JSON.stringify([turn.tools[0], turn.results], null, 1), printed);
    } finally {
      await world.stop();
    }
  });
  afterAll(() => {
    if (seen && isAsExpected) writeRows([client]);
  });

  it.each(CHECKS)('%s', (check) => {
    isAsExpected = false;
    const lack = client.lacks?.[check];
    if (lack === undefined) EXPECTATIONS[check](seen);
    // What it has by now is to be taken off the list.
    else expect(() => EXPECTATIONS[check](seen), lack).toThrow();
    isAsExpected = true;
  });
});
