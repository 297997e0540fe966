import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askAgentSettings } from '../../adapters/terminal/client.ts';
import { createOffered } from '../../src/cli/offered.ts';
import type { AgentSettings } from '../../src/core/offered.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const OWN: AgentSettings = {
  presets: [],
  queues: [{ name: 'g1', capabilities: [] }],
  mayPropose: [],
  agents: [],
};
const MORE: AgentSettings = { ...OWN, mayPropose: ['kill'] };

/** What is offered after a bot was asked that answers so; `patienceMs`: how long it is waited for. */
async function asked(answer: (response: ServerResponse) => void, patienceMs = 30_000) {
  const socketPath = join(temporaryFolder(), 'bot.sock');
  const server = createServer((_request, response) => answer(response)).listen(socketPath);
  await once(server, 'listening');
  const offered = createOffered({
    own: OWN,
    socketPath,
    ask: () => askAgentSettings(socketPath, patienceMs),
  });
  const isChanged = await offered.look();
  server.closeAllConnections();
  server.close();
  return { isChanged, now: offered.now() };
}

it('what the running bot offers holds, and is a change only where it differs', async () => {
  expect(await asked((response) => response.end(JSON.stringify(MORE)))).toEqual({
    isChanged: true,
    now: MORE,
  });
  expect(await asked((response) => response.end(JSON.stringify(OWN)))).toEqual({
    isChanged: false,
    now: OWN,
  });
});

it.each<[string, (response: ServerResponse) => void]>([
  ['does not answer', () => {}],
  ['ends within its answer', (response) => void response.write('{"presets"', () => response.destroy())],
  ['is of another version', (response) => response.end('{"reply": {"final": true}}\n')],
  ['refuses', (response) => response.writeHead(400).end('{"error": "no"}')],
])('of a bot that %s the settings as they were hold on', async (_what, answer) => {
  expect(await asked(answer, 100)).toEqual({ isChanged: false, now: OWN });
});

it('so they do while none runs', async () => {
  const socketPath = join(temporaryFolder(), 'none.sock');
  const offered = createOffered({ own: OWN, socketPath, ask: () => askAgentSettings(socketPath, 100) });
  expect([await offered.look(), offered.now()]).toEqual([false, OWN]);
});

it('a bot that is too busy with its start to say it is asked again', async () => {
  const socketPath = join(temporaryFolder(), 'bot.sock');
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (asked > 1) response.end(JSON.stringify(MORE));
  }).listen(socketPath);
  await once(server, 'listening');
  // Only the first is given up soon.
  const ask = () => askAgentSettings(socketPath, asked === 0 ? 100 : 30_000);
  const offered = createOffered({ own: OWN, socketPath, ask });
  let changes = 0;
  const ignore = offered.watch(() => {
    changes += 1;
  });
  await eventually('it is told', () => changes === 1);
  expect([offered.now(), asked]).toEqual([MORE, 2]);
  ignore();
  server.closeAllConnections();
  server.close();
});
