import { BotError } from '../core/errors.ts';
import { ownProgram } from '../processes/own-program.ts';
import { run } from '../processes/run.ts';

/** A drawing takes a third of a second; the host's cores may be busy. */
const DRAW_TIMEOUT_MS = 30_000;
const PNG_MAX_BYTES = 8 * 1024 * 1024;
const PROGRAM = ownProgram('./draw', import.meta.url);

export interface DrawEnvironment {
  env: NodeJS.ProcessEnv;
  compileCache: string | undefined;
}

/**
 * The PNG of a chart's data (`core/live-chart`, as JSON), drawn in a child process: here, the canvas would keep its memory for good.
 * Error `chart` when that fails or takes too long.
 */
export async function drawnApart(json: string, { env, compileCache }: DrawEnvironment): Promise<Buffer> {
  const result = await run({
    argv: PROGRAM,
    env: { PATH: env.PATH, NODE_COMPILE_CACHE: compileCache },
    input: json,
    timeoutMs: DRAW_TIMEOUT_MS,
    maxOutputBytes: PNG_MAX_BYTES,
  });
  if (result.exitCode === 0) return result.stdout;
  const why =
    result.startError ??
    (result.timedOut ? 'it took too long' : (result.stderr.trim().split('\n').at(-1) ?? ''));
  throw new BotError(
    'chart',
    `The chart could not be drawn: ${why}.`,
    'The values are all there; "npm ci" in a checkout, or installing the package again, restores a missing canvas.',
  );
}
