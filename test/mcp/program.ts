import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { temporaryFolder } from '../helpers.ts';

export const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));

/**
 * The SDK's own client on the real program, for the bot of a folder; started in another one, as a coding agent does.
 * `stderr`: what the program has said beside its answers.
 */
export async function connectedTo(
  folder: string,
  ...argv: string[]
): Promise<{ client: Client; stderr(): string }> {
  const place = ['--config', join(folder, 'xaxbot.yaml'), '--data-dir', join(folder, 'data')];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'mcp', ...place, ...argv],
    cwd: temporaryFolder(),
    env: { PATH: process.env.PATH ?? '', HOME: folder },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr!.on('data', (chunk) => {
    stderr += chunk;
    process.stderr.write(chunk);
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  return { client, stderr: () => stderr };
}
