import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { boundedLines } from './bounded-lines.ts';

/** The longest request: a text has 4,000 characters, so this is far beyond what any command takes. */
const REQUEST_MAX_BYTES = 1024 * 1024;

/** Serves over stdin and stdout; resolves when the agent's program has ended, or does not listen any more. */
export async function serveOnStdio(server: Server): Promise<void> {
  const { stdin, stdout } = process;
  const requests = boundedLines(REQUEST_MAX_BYTES, (id) => stdout.write(`${JSON.stringify(tooLong(id))}\n`));
  await server.connect(new StdioServerTransport(stdin.pipe(requests)));
  await new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stdin.once(event, resolve);
    // Without a listener, a write to somebody who is gone would end the process with a stack.
    stdout.on('error', () => resolve());
  });
}

function tooLong(id: string | number | null) {
  const message = `The request is longer than ${REQUEST_MAX_BYTES} bytes, and was not read.`;
  return { jsonrpc: '2.0', id, error: { code: ErrorCode.InvalidRequest, message } };
}
