import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askAsAgent, askRunningBot } from '../../adapters/terminal/client.ts';
import { createTerminalAdapter } from '../../adapters/terminal/server.ts';
import type { Invocation, Reply } from '../../src/core/adapter.ts';
import { textMessage } from '../../src/core/message.ts';
import { testHandlers } from '../handlers.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { ADA, CLAUDE } from '../toy-bot.ts';

let socketPath: string;
let adapter: ReturnType<typeof createTerminalAdapter>;
let asked: Invocation[];
const said = (text: string, final: boolean): Reply => ({
  message: textMessage(text),
  visibility: 'private',
  ok: true,
  final,
});

/** Answers "waiting", and then only when whoever asked has gone. */
beforeEach(async () => {
  socketPath = join(temporaryFolder(), 'bot.sock');
  asked = [];
  adapter = createTerminalAdapter({
    socketPath,
    person: () => ADA,
    agent: () => CLAUDE,
    agentSettings: () => ({ presets: [], queues: [], mayPropose: [], agents: [] }),
    fileAt: async () => undefined,
    timezone: () => 'UTC',
    webLink: () => undefined,
  });
  await adapter.start(
    testHandlers({
      async invoke(invocation, reply) {
        asked.push(invocation);
        await reply(said('waiting', false));
        const { gone } = invocation.patience!;
        if (!gone.aborted) await new Promise((resolve) => gone.addEventListener('abort', resolve));
        await reply(said('late', true));
      },
    }),
  );
});
afterEach(() => adapter.stop());

const AGENT = {
  agent: 'claude',
  command: 'wait',
  options: {},
  assignments: {},
  patience: { usualMs: 4_000, maxMs: 50_000 },
};

it('an agent is answered meanwhile, and the bot knows at once when it hangs up', async () => {
  const heard: string[] = [];
  const stop = new AbortController();
  const answer = askAsAgent(socketPath, AGENT, ({ final }) => heard.push(String(final)), stop.signal);
  answer.catch(() => {});
  await eventually('it is told', () => heard.length === 1);
  expect(asked[0]!.patience).toMatchObject({ usualMs: 4_000, maxMs: 50_000 });
  expect(asked[0]!.patience!.gone.aborted).toBe(false);
  stop.abort();
  await eventually('the bot knows', () => asked[0]!.patience!.gone.aborted, 3_000);
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  expect(heard).toEqual(['false']);
});

it('whoever is at a terminal waits as long as it takes', async () => {
  const heard: Reply[] = [];
  const waiting = askRunningBot(socketPath, { argv: ['wait'], yes: false }, (reply) => heard.push(reply));
  waiting.catch(() => {});
  await eventually('it is told', () => heard.length === 1);
  expect(asked[0]!.patience).toMatchObject({
    usualMs: Number.POSITIVE_INFINITY,
    maxMs: Number.POSITIVE_INFINITY,
  });
  await adapter.stop();
  await expect(waiting).rejects.toMatchObject({ code: 'no-answer' });
  await eventually('the bot knows', () => asked[0]!.patience!.gone.aborted, 3_000);
});
