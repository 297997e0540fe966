import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type Adapter, type AdapterHandlers, DeliveryError } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import { jsonText } from '../../src/core/json.ts';
import type { Person } from '../../src/core/person.ts';
import type { TerminalAnswer, TerminalRequest } from './protocol.ts';

/**
 * The terminal's door into a running bot: HTTP over a Unix socket that only the bot's own user can open, so
 * whoever speaks here is that user. Answers are JSON lines, one a reply.
 */
export function createTerminalAdapter(deps: {
  socketPath: string;
  person(): Person;
  /** Makes a single-use entry link to the web chat. */
  webLink(personId: string): string;
}): Adapter {
  let server: Server | undefined;

  async function handle(
    handlers: AdapterHandlers,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = (await json(request)) as TerminalRequest & { person?: string };
    if (request.url === '/web-link') {
      response.end(JSON.stringify({ url: deps.webLink(body.person ?? '') }));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    await handlers.invoke(
      {
        adapter: 'terminal',
        channel: 'terminal',
        person: deps.person(),
        input: { kind: 'argv', argv: body.argv },
        preconfirmed: body.yes,
      },
      async (reply) => {
        const line: TerminalAnswer = { reply };
        response.write(`${jsonText(line)}\n`);
      },
    );
    response.end();
  }

  const nothingToPost = () => Promise.reject(new DeliveryError('never', 'the terminal has no channels'));
  return {
    name: 'terminal',
    async start(handlers) {
      rmSync(deps.socketPath, { force: true });
      server = createServer((request, response) => {
        handle(handlers, request, response).catch((error) => {
          if (!response.headersSent) response.writeHead(400);
          response.end(JSON.stringify({ error: errorText(error) }));
        });
      });
      await new Promise<void>((resolve, reject) => {
        server!.once('error', reject);
        const mask = process.umask(0o177);
        server!.listen(deps.socketPath, resolve);
        process.umask(mask);
      });
      chmodSync(deps.socketPath, 0o600);
    },
    async stop() {
      if (!server) return;
      const closed = new Promise((resolve) => server!.close(resolve));
      server.closeAllConnections();
      await closed;
      rmSync(deps.socketPath, { force: true });
    },
    health: () =>
      server?.listening
        ? { state: 'up', detail: deps.socketPath }
        : { state: 'off', detail: 'not listening' },
    post: nothingToPost,
    update: nothingToPost,
    openThread: nothingToPost,
    findByKey: async () => undefined,
  };
}
