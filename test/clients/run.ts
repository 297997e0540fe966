import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientOfMatrix } from './list.ts';
import { scriptedModel } from './model/server.ts';
import type { Turn } from './model/turn.ts';
import { nextMove } from './script.ts';

const TIMEOUT_MS = 120_000;
const PRINTED_MAX = 3_000;

export interface Run {
  /** The last turn that the model was given with the tools; undefined: it was asked for nothing. */
  turn: Turn | undefined;
  /** The end of what it printed. */
  printed: string;
}

/** One client against `xaxbot mcp` and the scripted model, in a home of its own, with no way out but loopback. */
export async function runClient(client: ClientOfMatrix, installed: string, xaxbot: string): Promise<Run> {
  let turn: Turn | undefined;
  const model = await scriptedModel((given) => {
    const move = nextMove(given);
    if (given.tools.length > 0 && given.results.length >= (turn?.results.length ?? 0)) turn = given;
    return move;
  });
  try {
    const home = join(xaxbot, 'home');
    mkdirSync(home);
    const { command, args, env } = client.driver({
      heading: client.name,
      installed,
      home,
      xaxbot,
      modelUrl: model.url,
    });
    const { PATH = '' } = process.env;
    const whole = { PATH, HOME: home, LANG: 'C.UTF-8', MODEL_URL: model.url, ...offline(model.url), ...env };
    return { printed: await finished(command, args, home, whole), turn };
  } finally {
    await model.close();
  }
}

/** Every way out leads to the scripted model, which lets nobody through. */
function offline(url: string): Record<string, string> {
  const out = { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: '127.0.0.1,localhost' };
  return {
    ...out,
    ...Object.fromEntries(Object.entries(out).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** Runs a program to its end, or ends it. Resolves to the end of what it printed. */
function finished(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        printed = (printed + chunk).slice(-PRINTED_MAX);
      });
    const end = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // All of it has ended.
      }
    };
    const timer = setTimeout(end, TIMEOUT_MS);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      end();
      resolve(printed);
    });
  });
}
