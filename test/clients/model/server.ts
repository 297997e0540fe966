import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { completions } from './completions.ts';
import { gemini } from './gemini.ts';
import { messages } from './messages.ts';
import { plain } from './plain.ts';
import { responses } from './responses.ts';
import type { Body, Dialect, Move, Turn } from './turn.ts';

const DIALECTS: readonly Dialect[] = [responses, completions, messages, gemini, plain];

export interface ScriptedModel {
  /** Without a slash at its end. */
  url: string;
  close(): Promise<void>;
}

/** A model on loopback that speaks every API of `DIALECTS`, and answers as `next` says. */
export async function scriptedModel(next: (turn: Turn) => Move): Promise<ScriptedModel> {
  let count = 0;
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const dialect = request.method === 'POST' ? DIALECTS.find((each) => each.path.test(path)) : undefined;
    if (!dialect) {
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"error":{"message":"not found"}}');
      return;
    }
    const body = (await json(request)) as Body;
    count += 1;
    const move = next(dialect.read(body));
    if (!dialect.isStreamed(body, path)) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(dialect.answer(move, String(count))));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { event, data } of dialect.stream(move, String(count))) {
      const text = typeof data === 'string' ? data : JSON.stringify(data);
      response.write(`${event ? `event: ${event}\n` : ''}data: ${text}\n\n`);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
