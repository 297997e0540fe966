import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { converse, offer } from './plain.mjs';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('node_modules/.bin/mcp-inspector', import.meta.url));

/** One process of the Inspector's command line for each request. */
async function ask(...args) {
  const server = ['--config', 'mcp.json', '--server', 'xaxbot'];
  const { stdout } = await run(PROGRAM, ['--cli', ...server, '--method', ...args]).catch((error) => error);
  return JSON.parse(stdout);
}

const offered = offer(
  await ask('resources/list'),
  await ask('resources/read', '--uri', 'xaxbot://report'),
  await ask('prompts/list'),
  await ask('prompts/get', '--prompt-name', 'experiment_loop'),
);
const { tools } = await ask('tools/list');
const call = (name, args) => {
  const given = Object.entries(args).flatMap(([key, value]) => [
    '--tool-arg',
    `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ]);
  return ask('tools/call', '--tool-name', name, ...given);
};
await converse(tools, call, offered);
