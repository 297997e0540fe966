import { rmSync, utimesSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  type Adapter,
  type AdapterHandlers,
  DeliveryError,
  type Invocation,
} from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import { jsonText } from '../../src/core/json.ts';
import type { AgentSettings } from '../../src/core/offered.ts';
import type { Person } from '../../src/core/person.ts';
import { withPictures } from '../../src/core/unsent-files.ts';
import { listenPrivately } from '../private-socket.ts';
import {
  type AgentRequest,
  invocationOf,
  type TerminalAnswer,
  type TerminalRequest,
  TIMEZONE_HEADER,
  type TypedRequest,
} from './protocol.ts';
import { typedLine } from './typed.ts';

/** A command's words, or an agent's options, with room. */
const REQUEST_MAX_BYTES = 1024 * 1024;

/**
 * The terminal's adapter into a running bot: HTTP over a Unix socket that only the bot's own user can open, so
 * whoever speaks here is that user, or a coding agent that they let speak in its own name. Answers are JSON lines, one
 * a reply.
 */
export function createTerminalAdapter(deps: {
  socketPath: string;
  person(): Person;
  /** Somebody of role agent; throws BotError for everybody else. */
  agent(id: string): Person;
  /** What agents are offered. */
  agentSettings(): AgentSettings;
  fileAt: AdapterPorts['fileAt'];
  /** The zone in which times are shown. */
  timezone(): string;
  webLink: AdapterPorts['entryLink'];
}): Adapter {
  let server: Server | undefined;

  async function handle(
    handlers: AdapterHandlers,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = JSON.parse(await bodyOf(request)) as unknown;
    if (request.url === '/web-link') {
      const { person } = body as { person?: string };
      const link = deps.webLink(person);
      if (link === undefined)
        throw new BotError('web-off', 'The web chat is off.', 'Unset XAXBOT_WEB_PORT, or give it a port.');
      response.end(JSON.stringify(link));
      return;
    }
    if (request.url === '/agent-settings') {
      response.end(jsonText(deps.agentSettings()));
      return;
    }
    const typed =
      request.url === '/typed' ? typedLine((body as TypedRequest).typed, handlers.commands) : undefined;
    if (typed === null) {
      response.end();
      return;
    }
    const gone = closed(response);
    const invocation =
      request.url === '/agent'
        ? ofAgent(body as AgentRequest, gone)
        : invocationOf(typed ?? (body as TerminalRequest), deps.person(), gone);
    response.writeHead(200, {
      'content-type': 'application/x-ndjson',
      [TIMEZONE_HEADER]: deps.timezone(),
    });
    const write = (line: TerminalAnswer) => response.write(`${jsonText(line)}\n`);
    if (typed) write({ shown: { json: typed.json, pager: typed.pager } });
    await handlers.invoke(invocation, async (reply) => {
      if (response.destroyed) throw new DeliveryError('gone', 'whoever asked has hung up');
      // Whoever asked reads the files that it names.
      write({ reply: { ...reply, message: await withPictures(reply.message, deps.fileAt) } });
    });
    response.end();
  }

  function ofAgent(
    { agent, command, options, assignments, patience }: AgentRequest,
    gone: AbortSignal,
  ): Invocation {
    const input = { kind: 'options' as const, command, options, assignments };
    const person = deps.agent(agent);
    return { adapter: 'mcp', channel: 'mcp', person, input, patience: { ...patience, gone } };
  }

  const nothingToPost = () => Promise.reject(new DeliveryError('never', 'the terminal has no channels'));
  return {
    name: 'terminal',
    async start(handlers) {
      server = createServer((request, response) => {
        handle(handlers, request, response).catch((error) => {
          if (!response.headersSent) response.writeHead(400);
          const code = error instanceof BotError ? error.code : undefined;
          response.end(JSON.stringify({ error: errorText(error), code }));
        });
      });
      await listenPrivately(server, deps.socketPath);
    },
    async stop() {
      if (!server) return;
      const closed = new Promise((resolve) => server!.close(resolve));
      server.closeAllConnections();
      await closed;
      rmSync(deps.socketPath, { force: true });
    },
    settingsChanged() {
      // Whoever serves an agent looks at the socket, and asks what is offered when that is another.
      if (server?.listening) utimesSync(deps.socketPath, new Date(), new Date());
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

/** What is asked, as text; error `too-long` where nobody types as much. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REQUEST_MAX_BYTES)
      throw new BotError(
        'too-long',
        `That has more than ${REQUEST_MAX_BYTES} bytes, which are read at most.`,
        'Nothing was done.',
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Aborted when whoever is answered hangs up, or has been answered. */
function closed(response: ServerResponse): AbortSignal {
  const closing = new AbortController();
  response.once('close', () => closing.abort());
  return closing.signal;
}
