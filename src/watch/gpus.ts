import { run } from '../processes/run.ts';

/** One GPU as nvidia-smi sees it now. */
export interface Gpu {
  index: number;
  name: string;
  /** Percent of the time a kernel ran, over the last moments. */
  utilization: number;
  /** MiB. */
  memoryUsed: number;
  memoryTotal: number;
}

const QUERY = [
  '--query-gpu=index,name,utilization.gpu,memory.used,memory.total',
  '--format=csv,noheader,nounits',
];
const TIMEOUT_MS = 10_000;
const OUTPUT_MAX_BYTES = 64 * 1024;

/** Asks nvidia-smi (`nvidia-smi --help-query-gpu`); null where there is none, or it does not answer. */
export async function readGpus(env: NodeJS.ProcessEnv): Promise<Gpu[] | null> {
  const { exitCode, stdout } = await run({
    argv: ['nvidia-smi', ...QUERY],
    env,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: OUTPUT_MAX_BYTES,
  });
  if (exitCode !== 0) return null;
  const gpus = stdout
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 5)
    .map(([index, name, utilization, used, total]) => ({
      index: Number(index),
      name: name!,
      utilization: Number(utilization),
      memoryUsed: Number(used),
      memoryTotal: Number(total),
    }))
    .filter(({ utilization }) => Number.isFinite(utilization));
  return gpus.length > 0 ? gpus : null;
}
