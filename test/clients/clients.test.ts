import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { install } from './install.ts';
import { missingArguments, missingTools } from './judge.ts';
import { CLIENTS } from './list.ts';
import type { Turn } from './model/turn.ts';
import { type Run, runClient } from './run.ts';
import { isDecided, progressOf } from './script.ts';
import { agentsWorld, servedTools } from './world.ts';

describe.each(CLIENTS.map((client) => ({ ...client })))('$name', (client) => {
  let world: Awaited<ReturnType<typeof agentsWorld>>;
  let served: Tool[];
  let run: Run;
  let turn: Turn;
  beforeAll(async () => {
    const installed = await install(client);
    world = await agentsWorld();
    served = await servedTools(world.folder);
    run = await runClient(client, installed, world.folder);
    if (!run.turn) throw new Error(`The model was asked nothing; the client printed:\n${run.printed}`);
    turn = run.turn;
    if (process.env.VERBOSE) console.log(JSON.stringify({asked: run.asked, exit: run.exitCode, turn: {...turn, tools: turn.tools.filter(t=>/queue/.test(t.name)), system: turn.system.length}},null,1), run.printed);
  });
  afterAll(() => world?.stop());

  it('tools: gives every tool to its model', () => expect(missingTools(served, turn)).toEqual([]));
  it('arguments: gives all of their arguments', () => expect(missingArguments(served, turn)).toEqual([]));
  it('status: gives the words of an answer', () => expect(progressOf(turn).status).toMatch(new RegExp(`${world.running}`)));
  it('settings: brings the settings of a proposal', async () => expect(await world.queued()).toMatch(/learning_rate=0.02 optimizer=sgd/));
  it('waits: waits for a decision', () => expect(progressOf(turn).waits.at(-1)).toSatisfy(isDecided));
  it('errors: tells an error as an error', () => {
    const { refused } = progressOf(turn);
    expect(refused?.text).toMatch(/no job \\?"4711/);
    expect(refused?.isError).not.toBe(false);
  });
});
