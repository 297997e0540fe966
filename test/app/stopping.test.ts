import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGate } from '../../src/chat/gate.ts';
import type { AdapterHandlers, Reply } from '../../src/core/adapter.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { BOB, CLAUDE, type ToyBot, toyBot, words } from '../toy-bot.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));

describe('an orderly stop', () => {
  let folder: string;
  let world: ToyBot;
  beforeEach(async () => {
    folder = temporaryFolder();
    world = await toyBot({ folder, launchedSeconds: 60 });
  });
  afterEach(() => world.stop());

  /** The real program, asking the bot. */
  async function xaxbot(...argv: string[]): Promise<{ code: number; text: string }> {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      XAX_HOME: folder,
      XAXBOT_DATA_DIR: join(folder, 'data'),
    };
    const child = spawn(process.execPath, [PROGRAM, ...argv], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        text += chunk;
      });
    const [code] = await once(child, 'close');
    return { code: code as number, text };
  }
  const begun = (command: string) =>
    eventually(`${command} begins`, () => world.audit().some((each) => each.command === command));

  it('finishes what is under way, also an approval, answers it, and writes down what came of it', async () => {
    const { proposal } = (await world.ask('queue toy', CLAUDE)).data as { proposal: number };
    const approving = xaxbot('approve', String(proposal));
    await begun('approve');
    await world.stop();
    expect(await approving).toMatchObject({
      code: 0,
      text: expect.stringMatching(/is done[\s\S]*Queued job-/),
    });
    world = await toyBot({ folder, launchedSeconds: 60 });
    expect(words(await world.ask(`proposals ${proposal}`, CLAUDE))).toMatch(/approved by Ada and is done/);
    expect(world.audit()).toContainEqual(expect.objectContaining({ command: 'queue', outcome: 'done' }));
  });

  it('begins nothing new meanwhile, and says so', async () => {
    const launching = world.ask('queue toy', BOB);
    await begun('queue');
    const stopping = world.stop();
    const refused = await world.ask('queue toy learning_rate=0.2', BOB);
    expect([refused.errorCode, words(refused)]).toEqual([
      'stopping',
      expect.stringMatching(/is shutting down: nothing was done/),
    ]);
    expect((await launching).ok).toBe(true);
    await stopping;
    world = await toyBot({ folder, launchedSeconds: 60 });
    expect(world.audit().filter(({ command }) => command === 'queue')).toHaveLength(1);
  });

  it('does not let whoever waits for a decision hold it up', async () => {
    const { proposal } = (await world.ask('queue toy', CLAUDE)).data as { proposal: number };
    const waiting = world.ask(`wait proposal=${proposal}`, CLAUDE, {
      patience: { usualMs: 50_000, maxMs: 50_000, gone: new AbortController().signal },
    });
    const begin = performance.now();
    await world.stop();
    expect(performance.now() - begin).toBeLessThan(10_000);
    expect(words(await waiting)).toMatch(/waits for an operator/);
    world = await toyBot({ folder, launchedSeconds: 60 });
  });

  it('does not wait longer than it is said to', async () => {
    const never = { invoke: () => new Promise<void>(() => {}) } as unknown as AdapterHandlers;
    const gate = createGate(never);
    void gate.handlers.invoke({} as never, async () => {});
    expect(await gate.close(20)).toBe(1);
    let last: Reply | undefined;
    await gate.handlers.invoke({} as never, async (reply) => {
      last = reply;
    });
    expect(plainText(last!.message)).toMatch(/nothing was done/);
  });
});
