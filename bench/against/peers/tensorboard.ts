import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { each, type Run, type Side, Unmeasured } from '../measure.ts';
import { runFolder } from '../rows/run-folder.ts';

const WITHIN_MS = 120_000;
const SECONDS = { s: 1_000, ms: 1, µs: 0.001 } as const;
/** Its Python reader, asked for all points. */
const PYTHON = `
import sys, time
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
began = time.perf_counter()
EventMultiplexer(size_guidance={'tensors': 0, 'scalars': 0, 'images': 1}).AddRunsFromDirectory(sys.argv[1]).Reload()
print((time.perf_counter() - began) * 1000)
`;

/** A Python that has TensorBoard: TENSORBOARD_PYTHON, else the one of XAX_BIN. */
function pythonWithTensorboard(): string {
  const { TENSORBOARD_PYTHON, XAX_BIN } = process.env;
  const python = TENSORBOARD_PYTHON ?? (XAX_BIN && join(dirname(XAX_BIN), 'python'));
  if (!python || !existsSync(python))
    throw new Unmeasured('no Python with TensorBoard: TENSORBOARD_PYTHON, or XAX_BIN beside it');
  return python;
}

/** TensorBoard's data server (PyPI: tensorboard-data-server), which loads a folder once and prints how long it took, milliseconds. */
export const dataServer = (seconds: number, ...flags: readonly string[]): Side => ({
  label: `data server ${flags.join(' ')}`.trim(),
  async open(run: Run) {
    const code = 'import tensorboard_data_server as t; print(t.server_binary())';
    const { stdout } = await promisify(execFile)(pythonWithTensorboard(), ['-c', code]).catch((error) => {
      throw new Unmeasured(`no tensorboard-data-server: ${error}`);
    });
    const folder = await runFolder(run, seconds, 16);
    return each(() => loadOnce(stdout.trim(), folder, flags));
  },
});

async function loadOnce(binary: string, folder: string, flags: readonly string[]): Promise<number> {
  const argv = ['--logdir', folder, '--port', '0', '--reload', 'once', '-vv', ...flags];
  const server = spawn(binary, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  const overdue = setTimeout(() => server.kill('SIGKILL'), WITHIN_MS);
  const gone = once(server, 'exit');
  let text = '';
  let took: RegExpExecArray | null = null;
  for await (const chunk of server.stderr) {
    text += chunk;
    took = /Finished load cycle \(([\d.]+)(ms|µs|s)\)/.exec(text);
    if (took) break;
  }
  clearTimeout(overdue);
  server.kill('SIGTERM');
  await gone;
  if (!took) throw new Unmeasured(`the data server told no time: ${text.slice(-300)}`);
  return Number(took[1]) * SECONDS[took[2] as keyof typeof SECONDS];
}

/** TensorBoard's Python reader on the same folder, without its start, milliseconds. */
export const pythonReader = (seconds: number): Side => ({
  label: 'Python reader',
  async open(run) {
    const [python, folder] = [pythonWithTensorboard(), await runFolder(run, seconds, 16)];
    return each(async () => {
      const { stdout } = await promisify(execFile)(python, ['-c', PYTHON, folder], { timeout: WITHIN_MS });
      return Number(stdout);
    });
  },
});
